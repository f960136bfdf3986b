import { type CallError, LOCAL_CODES } from "./errors";

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
