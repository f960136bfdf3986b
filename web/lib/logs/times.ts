const DATE_LENGTH = 10;

function utcOf(timeUs: number): string {
  const date = new Date(timeUs / 1000);
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}

/** "23:59:59.123", UTC. */
export function clockOf(timeUs: number): string {
  return utcOf(timeUs).slice(DATE_LENGTH + 1, -1);
}

/** "2026-01-31 23:59:59.123456 UTC". */
export function momentOf(timeUs: number): string {
  const text = utcOf(timeUs);
  if (text === "") return "";
  const micros = String(Math.abs(timeUs) % 1000).padStart(3, "0");
  return `${text.slice(0, DATE_LENGTH)} ${clockOf(timeUs)}${micros} UTC`;
}

/** How long after the first: "+0.000 ms", "+12.3 s". */
export function offsetOf(timeUs: number, firstUs: number): string {
  const ms = (timeUs - firstUs) / 1000;
  if (Math.abs(ms) < 1000) return `+${ms.toFixed(1)} ms`;
  if (Math.abs(ms) < 60_000) return `+${(ms / 1000).toFixed(2)} s`;
  return `+${(ms / 60_000).toFixed(1)} min`;
}
