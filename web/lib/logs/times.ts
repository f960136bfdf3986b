const DATE_LENGTH = 10;

function isoOf(timeUs: number): string {
  const date = new Date(Math.floor(timeUs / 1000));
  return Number.isNaN(date.getTime()) ? "" : date.toISOString();
}

/** "2026-01-31T23:59:59.123456Z", as logs and filters have it; "" for what is no time. */
export function utcOf(timeUs: number): string {
  const text = isoOf(timeUs);
  return text === "" ? "" : `${text.slice(0, -1)}${microsOf(timeUs)}Z`;
}

function microsOf(timeUs: number): string {
  return String(Math.abs(timeUs) % 1000).padStart(3, "0");
}

/** "23:59:59.123", UTC. */
export function clockOf(timeUs: number): string {
  return isoOf(timeUs).slice(DATE_LENGTH + 1, -1);
}

/** "2026-01-31 23:59:59.123456 UTC". */
export function momentOf(timeUs: number): string {
  const text = utcOf(timeUs);
  return text === "" ? "" : `${text.slice(0, -1).replace("T", " ")} UTC`;
}

/** "23:59:59", UTC. */
export function secondOf(timeUs: number): string {
  return clockOf(timeUs).slice(0, "23:59:59".length);
}

/** "2026-01-31", UTC. */
export function dayOf(timeUs: number): string {
  return isoOf(timeUs).slice(0, DATE_LENGTH);
}

/** How long after the first: "+0.000 ms", "+12.3 s". */
export function offsetOf(timeUs: number, firstUs: number): string {
  const ms = (timeUs - firstUs) / 1000;
  if (Math.abs(ms) < 1000) return `+${ms.toFixed(1)} ms`;
  if (Math.abs(ms) < 60_000) return `+${(ms / 1000).toFixed(2)} s`;
  return `+${(ms / 60_000).toFixed(1)} min`;
}
