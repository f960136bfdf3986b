import { expect, test } from "vitest";
import { newRoomName, ROOM_NAME_PATTERN, roomFromInput, roomFromPath, roomLabel } from "./names";

test("a new name is valid, carries all 128 random bits and reads well", () => {
  const name = newRoomName();
  expect(name).toMatch(ROOM_NAME_PATTERN);
  expect(name).toMatch(/^[a-z]+-[a-z]+-[a-z0-9]{26}$/);
  expect(roomLabel(name)).toMatch(/^[a-z]+ [a-z]+$/);
  const tails = new Set<string>();
  for (let bit = 0; bit < 128; bit++) {
    const bytes = new Uint8Array(16);
    bytes[bit >> 3] = 1 << (bit & 7);
    tails.add(newRoomName((count) => (count === 2 ? new Uint8Array(2) : bytes)));
  }
  expect(tails.size).toBe(128);
});

test.each([
  ["quiet-harbor", "quiet-harbor"],
  ["  team standup ", "team-standup"],
  ["https://example.org/r/quiet-harbor?token=1#x", "quiet-harbor"],
  ["example.org/r/a_b", "a_b"],
  ["what is this?!", null],
  ["", null],
  ["a".repeat(65), null],
  ["https://example.org/r/%E0%A4%A", null],
])("%j names the room %j", (input, room) => {
  expect(roomFromInput(input)).toBe(room);
});

test.each(["Team-Standup", "a-b-c", "a--b", "-a-", "a_b", "-", "a-b--c-d"])(
  "%s can be typed as it is read",
  (room) => {
    expect(roomFromInput(roomLabel(room))).toBe(room);
  },
);

test("only paths of rooms name one", () => {
  expect(roomFromPath("/r/quiet-harbor")).toBe("quiet-harbor");
  expect(roomFromPath("/r/quiet-harbor/")).toBe("quiet-harbor");
  expect(roomFromPath("/r/")).toBeNull();
  expect(roomFromPath("/")).toBeNull();
});
