import { type CallError, CallFailure, LOCAL_CODES } from "./errors";

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

const SENTENCES: Record<string, string> = {
  forbidden: "Your invitation does not include writing messages.",
  participant_not_found: "This person has left the call.",
  rate_limited: "These were too many messages at once. Wait a few seconds.",
  unavailable: "The server cannot keep messages right now.",
  internal: "The server made a mistake.",
  [LOCAL_CODES.timeout]: "The server did not answer.",
};

/** What went wrong, for the line below a message or above the list. */
export function sentenceFor({ code, title, message }: CallError): string {
  // The server says itself what is wrong with a text.
  return SENTENCES[code] ?? (code === "invalid_message" ? message : `${title}.`);
}
