import { type CallError, LOCAL_CODES } from "./errors";

const SENTENCES: Record<string, string> = {
  forbidden: "Your invitation does not let you send messages.",
  participant_not_found: "This person has left the call.",
  rate_limited: "You sent too many messages at once. Wait a few seconds.",
  unavailable: "The server cannot store messages right now.",
  internal: "The server made a mistake.",
  [LOCAL_CODES.timeout]: "The server did not answer.",
};

/** What went wrong, for the line below a message or above the list. */
export function sentenceFor({ code, title, message }: CallError): string {
  // That says what is wrong with the text.
  return SENTENCES[code] ?? (code === "invalid_message" ? message : `${title}.`);
}
