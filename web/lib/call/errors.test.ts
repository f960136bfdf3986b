import { describe, expect, test } from "vitest";
import { sentenceFor } from "./chat_errors";
import { CallFailure, describeFailure } from "./errors";

const described = (code: string, message: string) =>
  describeFailure(new CallFailure(code, message, "e-1"));

describe("a failure is told in words for people", () => {
  test.each([
    ["already_joined", "this connection is in a room already"],
    ["not_joined", "join a room first"],
    ["invalid_state", "the transport is connected already"],
    ["duplicate_id", "the id is in use already"],
    ["session_expired", "there is nothing left to resume"],
    ["participant_not_found", "no such participant"],
  ])("%s does not need the server's", (code, words) => {
    const { title, message } = described(code, words);
    expect(title).not.toBe("Something went wrong");
    expect(message).toMatch(/^[A-Z].*\.$/);
    expect(message.toLowerCase()).not.toContain(words);
  });

  test("a code without a text shows the server's sentence, as a sentence", () => {
    expect(described("brand_new", "the moon is full").message).toBe("The moon is full.");
    expect(described("brand_new", "").message).toBe("The server could not do that. Try again.");
  });

  test("what is wrong with what they wrote is the server's to say", () => {
    expect(described("invalid_message", "name must have at most 64 characters").message).toBe(
      "Your name must have at most 64 characters.",
    );
    const tooLong = described("invalid_message", "text must have at most 2000 characters");
    expect(sentenceFor(tooLong)).toBe("Your message must have at most 2000 characters.");
  });

  test.each(["rtpParameters.codecs is missing", "names are wrong", "name", ""])(
    "what the page has filled in is not: %j",
    (words) => {
      const { message } = described("invalid_message", words);
      expect(message).toBe(
        "Something in the request was not right. Reload the page and try again.",
      );
    },
  );
});
