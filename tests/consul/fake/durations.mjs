const MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** "90s", "1m30s", "100ms" in milliseconds; undefined for what is no duration. */
export function parseDuration(text) {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(text ?? "")) return undefined;
  let ms = 0;
  for (const [, number, , unit] of text.matchAll(/(\d+(\.\d+)?)(ms|s|m|h)/g)) {
    ms += Number(number) * MS[unit];
  }
  return ms;
}

/** The form in which answers show it: "0s", "10s", "1m30s". */
export function formatDuration(ms) {
  if (ms > 0 && ms < MS.s) return `${ms}ms`;
  const hours = Math.floor(ms / MS.h);
  const minutes = Math.floor((ms % MS.h) / MS.m);
  const seconds = (ms % MS.m) / MS.s;
  const parts = [hours ? `${hours}h` : "", hours || minutes ? `${minutes}m` : "", `${seconds}s`];
  return parts.join("");
}
