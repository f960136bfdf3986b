import { expect, test } from "vitest";
import { avatarHues, displayName, initialsOf } from "./avatar";

test.each([
  ["Ada Lovelace", "AL"],
  ["ada", "A"],
  ["", "G"],
  ["  Jean-Luc   de la Tour ", "JT"],
  ["王小明", "王"],
  ["👩‍🚀 Captain", "👩‍🚀C"],
])("%j has the initials %s", (name, initials) => {
  expect(initialsOf(name)).toBe(initials);
});

test("a name has the same colours everywhere, and no name has a name", () => {
  expect(avatarHues("Ada")).toEqual(avatarHues("Ada"));
  expect(avatarHues("Ada")).not.toEqual(avatarHues("Bo"));
  expect(displayName("  ")).toBe("Guest");
});
