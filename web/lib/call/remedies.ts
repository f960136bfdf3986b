import { CallFailure, LOCAL_CODES } from "./errors";

/** What sets a failed request right without the person; `none`: the server will not change its mind. */
export type Remedy =
  /** The next connection, or the next time in the room, sets it right. */
  | "wait"
  /** Asking again after a while may do. */
  | "repeat"
  | "none";

const REMEDIES: Record<string, Remedy> = {
  [LOCAL_CODES.disconnected]: "wait",
  not_joined: "wait",
  session_expired: "wait",
  [LOCAL_CODES.timeout]: "repeat",
  rate_limited: "repeat",
  unavailable: "repeat",
  shutting_down: "repeat",
};

export function remedyFor(error: unknown): Remedy {
  return (error instanceof CallFailure && REMEDIES[error.code]) || "none";
}

const FIRST_DELAY_MS = 1000;
const LONGEST_DELAY_MS = 30_000;

/** How long to wait before asking again, after so many failures in a row. */
export function repeatDelayMs(error: unknown, failures: number): number {
  const asked = error instanceof CallFailure ? error.retryAfterMs : null;
  return asked ?? Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
}
