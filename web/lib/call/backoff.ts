import type { CallFailure } from "./errors";

const FIRST_DELAY_MS = 250;
const LONGEST_DELAY_MS = 5000;
const JITTER = 0.3;

/**
 * How long to wait before reconnection attempt `attempt` (0 is the first, made at once).
 * Doubles from 250 ms to 5 s, and differs by up to 30 % so that clients do not come back in step.
 */
export function reconnectDelayMs(attempt: number, random: () => number): number {
  if (attempt <= 0) return 0;
  const base = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (attempt - 1));
  const spread = 1 - JITTER + random() * 2 * JITTER;
  return Math.min(LONGEST_DELAY_MS, Math.round(base * spread));
}

/** Before try `attempt` of what was refused: not sooner than the server has asked for. */
export function retryDelayMs(failure: CallFailure, attempt: number, random: () => number): number {
  return Math.max(failure.retryAfterMs ?? 0, reconnectDelayMs(attempt, random));
}
