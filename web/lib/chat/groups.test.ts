import { expect, test } from "vitest";
import { message } from "../testing/chat_fixture";
import { dayName, entriesOf } from "./groups";

const NOON = new Date(2026, 4, 6, 12, 0, 10).getTime();
const minutes = (count: number) => count * 60_000;
const at = (number: number, sentAt: number, change = {}) => message(number, { sentAt, ...change });

/** Each entry as the numbers of its messages, a day as "day". */
const shape = (...messages: ReturnType<typeof message>[]) =>
  entriesOf(messages).map((entry) =>
    entry.kind === "day" ? "day" : entry.messages.map(({ number }) => number),
  );

test("messages of one person in one minute stand together", () => {
  expect(
    shape(
      at(1, NOON),
      at(2, NOON + 30_000),
      at(3, NOON + minutes(1)),
      at(4, NOON + minutes(1), { from: "cy", name: "Cy" }),
      at(5, NOON + minutes(1)),
    ),
  ).toEqual(["day", [1, 2], [3], [4], [5]]);
});

test("who was renamed begins anew, and so does an own message of an earlier session", () => {
  expect(shape(at(1, NOON), at(2, NOON, { name: "Bob" }), at(3, NOON, { mine: true }))).toEqual([
    "day",
    [1],
    [2],
    [3],
  ]);
});

test("a line stands before the first message of each day", () => {
  const lateNight = new Date(2026, 4, 6, 23, 59, 59).getTime();
  expect(shape(at(1, NOON), at(2, lateNight), at(3, lateNight + 1000))).toEqual([
    "day",
    [1],
    [2],
    "day",
    [3],
  ]);
});

test("days have names as people say them", () => {
  expect(dayName(NOON, NOON + minutes(600))).toBe("Today");
  expect(dayName(NOON, NOON + minutes(24 * 60))).toBe("Yesterday");
  expect(dayName(NOON, NOON + minutes(4 * 24 * 60))).toMatch(/Wednesday.*6|6.*Wednesday/);
  expect(dayName(NOON, NOON + minutes(400 * 24 * 60))).toMatch(/2026/);
});
