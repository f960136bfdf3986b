import { expect, test } from "vitest";
import { wellFormed } from "./well_formed";

test("half a surrogate pair is replaced, wherever it stands", () => {
  const sent = { text: "cut \ud83d", list: [{ name: "\udc00x" }] };
  expect(wellFormed(sent)).toEqual({ text: "cut \ufffd", list: [{ name: "\ufffdx" }] });
});

test("all else stays as it is", () => {
  const sent = { text: "whole 😀 é", number: 1.5, none: null, yes: true, list: [1, "a"] };
  expect(wellFormed(sent)).toEqual(sent);
});
