import { expect, test } from "vitest";
import { asSentence } from "./sentence";

test.each([
  ["join a room first", "Join a room first."],
  ["  too late ", "Too late."],
  ["stop", "Stop."],
  ["stop.", "Stop."],
  ["The room is full.", "The room is full."],
  ["why not?", "Why not?"],
  ["it said “no.”", "It said “no.”"],
  ["rtpParameters.codecs is missing", "rtpParameters.codecs is missing."],
  ["transport_id must have 1 to 64 characters", "transport_id must have 1 to 64 characters."],
  ["view.width is missing", "view.width is missing."],
  ["écoute", "Écoute."],
  ["", ""],
])("%j is said as %j", (text, sentence) => {
  expect(asSentence(text)).toBe(sentence);
});
