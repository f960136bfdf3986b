import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { StoryClient } from "./story_client";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const settle = () => vi.advanceTimersByTimeAsync(0);
const story = (change: object = {}) => JSON.stringify({ room: "tea", live: false, ...change });
const refusal = (code: string) => JSON.stringify({ error: { code, message: "No.", id: "e1" } });

function setUp(...answers: (string | Error)[]) {
  const asked: string[] = [];
  const client = new StoryClient({
    ask: async (path) => {
      asked.push(path);
      const answer = answers.length > 1 ? answers.shift() : answers[0];
      if (answer instanceof Error) throw answer;
      return answer ?? "";
    },
  });
  return { client, asked, phase: () => client.getSnapshot().phase };
}

test("asks for the room, and for the call of a time", async () => {
  const { client, asked, phase } = setUp(story());
  client.start("token", "tea time", "2026-11-29T06:44:13Z");
  expect(phase()).toBe("loading");
  await settle();
  expect(phase()).toBe("shown");
  client.show("");
  await settle();
  expect(asked).toEqual([
    "/api/v1/logs/rooms/tea%20time?at=2026-11-29T06%3A44%3A13Z",
    "/api/v1/logs/rooms/tea%20time",
  ]);
});

test("asks again every five seconds while the call goes on, and not after", async () => {
  const { client, asked } = setUp(story({ live: true }), story({ live: true }), story());
  client.start("token", "tea", "");
  await vi.advanceTimersByTimeAsync(4999);
  expect(asked).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(asked).toHaveLength(3);
});

test("what is shown stays while the server is away, and it is tried again", async () => {
  const { client, phase } = setUp(story({ live: true }), new Error("away"), story());
  client.start("token", "tea", "");
  await vi.advanceTimersByTimeAsync(5000);
  expect(phase()).toBe("away");
  expect(client.getSnapshot().story?.room).toBe("tea");
  await vi.advanceTimersByTimeAsync(5000);
  expect(phase()).toBe("shown");
});

test.each([
  ["room_not_found", "missing"],
  ["unauthorized", "refused"],
  ["forbidden", "refused"],
  ["unavailable", "away"],
])("%s is %s, in the server's words", async (code, expected) => {
  const { client, phase } = setUp(refusal(code));
  client.start("token", "tea", "");
  await settle();
  expect(phase()).toBe(expected);
  expect(client.getSnapshot().refusal?.id).toBe("e1");
});

test("needs a token, and takes one", async () => {
  const { client, asked, phase } = setUp(story());
  client.start("", "tea", "");
  expect([phase(), asked.length]).toEqual(["no-token", 0]);
  client.enter("token");
  await settle();
  expect(phase()).toBe("shown");
});

test("an answer that is late, or comes after the page has gone, changes nothing", async () => {
  const waiting: ((text: string) => void)[] = [];
  const client = new StoryClient({ ask: () => new Promise((done) => waiting.push(done)) });
  client.start("token", "tea", "");
  client.show("2026-11-29T06:44:13Z");
  waiting[1]?.(story({ room: "second" }));
  await settle();
  waiting[0]?.(story({ room: "first" }));
  await settle();
  expect(client.getSnapshot().story?.room).toBe("second");
  client.stop();
});
