import { expect, test } from "vitest";
import { message } from "../testing/chat_fixture";
import { dayName, entriesOf, linesOf } from "./groups";

const NOON = new Date(2026, 4, 6, 12, 0, 10).getTime();
const minutes = (count: number) => count * 60_000;
const at = (number: number, sentAt: number, change = {}) => message(number, { sentAt, ...change });

/** Each entry as the numbers of its messages, a day as "day". */
const shape = (...messages: ReturnType<typeof message>[]) =>
  entriesOf(linesOf(messages, [])).map((entry) =>
    entry.kind === "day" ? "day" : entry.lines.map(({ text }) => Number(text.split(" ")[1])),
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

test("who was renamed begins anew; one is oneself, also after a rejoin", () => {
  const own = { mine: true, name: "Ada" };
  expect(
    shape(
      at(1, NOON),
      at(2, NOON, { name: "Bob" }),
      at(3, NOON, { ...own, from: "me-before" }),
      at(4, NOON, { ...own, from: "me" }),
    ),
  ).toEqual(["day", [1], [2], [3, 4]]);
});

test("a message that waits keeps its place and its key when it is acknowledged", () => {
  const waiting = { id: "x1", conversation: "", text: "a", writtenAt: NOON + 5000 };
  const outgoing = [{ ...waiting, state: "waiting" as const, problem: null }];
  const before = [at(1, NOON, { mine: true, id: "x0" })];
  const after = [...before, at(2, NOON + 6000, { mine: true, id: "x1", from: "me" })];
  const keys = (entries: ReturnType<typeof entriesOf>) =>
    entries.map((entry) => [
      entry.key,
      entry.kind === "day" ? [] : entry.lines.map(({ key }) => key),
    ]);
  const drawn = keys(entriesOf(linesOf(before, outgoing)));
  expect(drawn).toEqual([
    ["day-x0", []],
    ["x0", ["x0", "x1"]],
  ]);
  expect(keys(entriesOf(linesOf(after, [])))).toEqual(drawn);
});

test("a clock that is slow puts no own message into yesterday", () => {
  const writtenAt = NOON - minutes(24 * 60);
  const own = { id: "x", conversation: "", text: "a", writtenAt, problem: null };
  const entries = entriesOf(linesOf([at(1, NOON)], [{ ...own, state: "waiting" }]));
  expect(entries.map(({ kind }) => kind)).toEqual(["day", "group", "group"]);
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
