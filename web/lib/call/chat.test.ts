import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { comeBack, resumeState, settle } from "../testing/call_fixture";
import { FakeChat, inChat, message, passTime } from "../testing/chat_fixture";
import { EVERYONE, MOST_MESSAGES, MOST_OUTGOING } from "./chat_types";
import { GUEST_GRANTS } from "./types";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const refusal = (code: string, more: object = {}) => ({ error: { code, message: "", ...more } });

describe("what comes", () => {
  test("stands in the order of its numbers, each message once", async () => {
    const { hear, numbers } = await inChat();
    hear(message(4), message(2), message(9), message(2), message(4));
    expect(numbers()).toEqual([2, 4, 9]);
  });

  test("history is read after the join, and older pages by wish", async () => {
    const server = new FakeChat();
    server.fill(1, 180);
    const { client, socket, state, numbers } = await inChat(server);
    expect(socket.payloads("getMessages")).toEqual([{ limit: 50 }]);
    expect(numbers()).toHaveLength(50);
    expect(state().history).toMatchObject({ status: "ready", more: true });
    client.chat.older();
    client.chat.older(); // One is under way.
    await settle();
    expect(socket.payloads("getMessages").slice(1)).toEqual([{ before: 131, limit: 100 }]);
    client.chat.older();
    await settle();
    expect(numbers()).toEqual(Array.from({ length: 180 }, (_, index) => index + 1));
    expect(state().history.more).toBe(false);
    client.chat.older();
    expect(socket.payloads("getMessages")).toHaveLength(3);
  });

  test("a live message that history has too is there once", async () => {
    const server = new FakeChat();
    server.fill(1, 3);
    const { hear, numbers } = await inChat(server);
    hear(message(3), message(4));
    expect(numbers()).toEqual([1, 2, 3, 4]);
  });

  test("no more than the limit is kept, and the oldest go", async () => {
    const { hear, numbers } = await inChat();
    hear(...Array.from({ length: MOST_MESSAGES + 5 }, (_, index) => message(index + 1)));
    expect(numbers()).toHaveLength(MOST_MESSAGES);
    expect(numbers()[0]).toBe(6);
  });

  test("history that fails says so, is asked for again by itself, and by wish", async () => {
    const fixture = await inChat();
    const { client, socket, server, state, numbers } = fixture;
    server.fill(1, 2);
    socket.replies.set("getMessages", () => refusal("unavailable"));
    socket.server("messagesMissed", { seq: 11 });
    await settle();
    expect(state().history).toMatchObject({
      status: "failed",
      problem: { sentence: "The server cannot store messages right now." },
    });
    server.serve(fixture);
    vi.advanceTimersByTime(1000);
    await settle();
    expect(state().history.status).toBe("ready");
    expect(numbers()).toEqual([1, 2]);
    server.fill(3, 3);
    socket.replies.set("getMessages", () => refusal("internal"));
    socket.server("messagesMissed", { seq: 12 });
    await settle();
    server.serve(fixture);
    vi.advanceTimersByTime(60_000);
    await settle();
    expect(numbers()).toEqual([1, 2]);
    client.chat.retryHistory();
    await settle();
    expect(numbers()).toEqual([1, 2, 3]);
  });
});

describe("after a lost connection", () => {
  test("events of the resume are enough where the server has them all", async () => {
    const fixture = await inChat();
    const asked = fixture.socket.payloads("getMessages").length;
    fixture.socket.drop();
    vi.advanceTimersByTime(0);
    const event = { name: "message", payload: { seq: 11, message: message(7) } };
    await comeBack(fixture, { events: [event] });
    expect(fixture.numbers()).toEqual([7]);
    expect(fixture.socket.payloads("getMessages")).toHaveLength(asked);
  });

  test("a gap of several pages is filled, and what was missed is unread", async () => {
    const server = new FakeChat();
    server.fill(1, 120);
    const fixture = await inChat(server);
    fixture.socket.drop();
    vi.advanceTimersByTime(0);
    server.fill(121, 400);
    // More than a page of the newest came with the reply: the gap lies before.
    const events = Array.from({ length: 120 }, (_, index) => ({
      name: "message",
      payload: { seq: 11 + index, message: message(281 + index) },
    }));
    const state = { participants: [], consumers: [] };
    await comeBack(fixture, { events, state });
    expect(fixture.numbers()).toEqual(Array.from({ length: 330 }, (_, index) => index + 71));
    expect(fixture.state().unread.get(EVERYONE)).toBe(280);
    expect(fixture.state().history).toMatchObject({ status: "ready", more: true });
  });

  test("who missed nothing asks once", async () => {
    const server = new FakeChat();
    server.fill(1, 300);
    const fixture = await inChat(server);
    for (let page = 0; page < 3; page++) {
      fixture.client.chat.older();
      await settle();
    }
    const asked = fixture.socket.payloads("getMessages").length;
    fixture.socket.drop();
    vi.advanceTimersByTime(0);
    await comeBack(fixture, { state: resumeState() });
    expect(fixture.socket.payloads("getMessages")).toHaveLength(asked + 1);
    expect(fixture.numbers()).toHaveLength(300);
  });

  test("what was missed before the first message that is known is found, too", async () => {
    const fixture = await inChat();
    fixture.socket.drop();
    vi.advanceTimersByTime(0);
    fixture.server.fill(1, 6);
    const event = { name: "message", payload: { seq: 11, message: message(6) } };
    await comeBack(fixture, {
      events: [event],
      state: resumeState(),
    });
    expect(fixture.numbers()).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test("a history that broke off is read with the next connection", async () => {
    const fixture = await inChat();
    fixture.socket.replies.delete("getMessages");
    fixture.socket.server("messagesMissed", { seq: 11 });
    fixture.socket.drop();
    await settle();
    fixture.server.fill(1, 1);
    fixture.server.serve(fixture);
    await comeBack(fixture);
    expect(fixture.numbers()).toEqual([1]);
  });

  test("servers that lost each other make the page ask, for gaps among the newest", async () => {
    const fixture = await inChat();
    fixture.server.fill(1, 260);
    fixture.hear(message(1), message(259));
    fixture.socket.server("messagesMissed", { seq: 13 });
    await settle();
    expect(fixture.numbers()).toEqual(Array.from({ length: 260 }, (_, index) => index + 1));
  });

  test("who had to join anew reads on where it was", async () => {
    const fixture = await inChat();
    fixture.hear(message(1));
    fixture.server.fill(1, 3);
    fixture.socket.replies.set("resume", () => refusal("session_expired"));
    fixture.socket.drop();
    vi.advanceTimersByTime(0);
    fixture.socket.accept();
    await settle();
    expect(fixture.numbers()).toEqual([1, 2, 3]);
  });
});

describe("an own message", () => {
  test("is pending until it is acknowledged, and there once then", async () => {
    const { client, socket, state, numbers, server } = await inChat();
    socket.replies.delete("sendMessage");
    expect(client.chat.send(EVERYONE, "  hello \n")).toBe(true);
    expect(state().outgoing).toMatchObject([{ text: "hello", state: "waiting" }]);
    const sent = socket.last("sendMessage");
    sent.acknowledge({ message: server.store(sent.payload as never) });
    await settle();
    expect(state().outgoing).toEqual([]);
    expect(numbers()).toEqual([1]);
    expect(state().unread.size).toBe(0);
  });

  test("one is under way at a time, in the order of writing", async () => {
    const { client, socket, server } = await inChat();
    socket.replies.delete("sendMessage");
    for (const text of ["a", "b", "c"]) client.chat.send(EVERYONE, text);
    for (const count of [1, 2, 3]) {
      expect(socket.payloads("sendMessage")).toHaveLength(count);
      const sent = socket.last("sendMessage");
      sent.acknowledge({ message: server.store(sent.payload as never) });
      await settle();
    }
    expect(server.stored.map(({ text }) => text)).toEqual(["a", "b", "c"]);
  });

  test("waits without a connection, and goes out once with the same id in order", async () => {
    const fixture = await inChat();
    const { client, socket, server, state, numbers } = fixture;
    // The first reaches the server, and its acknowledgement is lost.
    socket.replies.delete("sendMessage");
    client.chat.send(EVERYONE, "first");
    const [lost] = socket.payloads("sendMessage");
    if (lost) server.store(lost);
    socket.drop();
    await settle();
    client.chat.send("bo", "second");
    client.chat.send(EVERYONE, "third");
    expect(state().outgoing.map(({ state: now }) => now)).toEqual([
      "waiting",
      "waiting",
      "waiting",
    ]);
    server.serve(fixture);
    await comeBack(fixture);
    const sent = socket.payloads("sendMessage");
    expect(sent.map(({ text, to }) => [text, to])).toEqual([
      ["first", undefined],
      ["first", undefined],
      ["second", "bo"],
      ["third", undefined],
    ]);
    expect(sent[1]?.id).toBe(sent[0]?.id);
    expect(new Set(sent.map(({ id }) => id)).size).toBe(3);
    expect(state().outgoing).toEqual([]);
    expect(state().messages.map(({ text }) => text)).toEqual(["first", "second", "third"]);
    expect(numbers()).toEqual([1, 2, 3]);
  });

  test("is not sent while the session is still being resumed", async () => {
    const { client, socket } = await inChat();
    socket.drop();
    vi.advanceTimersByTime(0);
    socket.accept();
    client.chat.send(EVERYONE, "a");
    await settle();
    expect(socket.payloads("sendMessage")).toHaveLength(0);
    socket.last("resume").acknowledge({ resumed: true, seq: 10, events: [] });
    await settle();
    expect(socket.payloads("sendMessage")).toHaveLength(1);
  });

  test("that history tells of before the acknowledgement is not shown twice", async () => {
    const { client, socket, server, state, numbers } = await inChat();
    socket.replies.delete("sendMessage");
    client.chat.send(EVERYONE, "a");
    const sent = socket.last("sendMessage");
    const stored = server.store(sent.payload as never);
    socket.server("messagesMissed", { seq: 11 });
    await settle();
    expect(state().outgoing).toEqual([]);
    expect(numbers()).toEqual([1]);
    sent.acknowledge({ message: stored });
    await settle();
    expect(numbers()).toEqual([1]);
  });

  test("another's message with the same id confirms nothing", async () => {
    const { client, socket, state, hear } = await inChat();
    socket.replies.delete("sendMessage");
    client.chat.send(EVERYONE, "a");
    hear(message(1, { id: socket.payloads("sendMessage")[0]?.id ?? "" }));
    expect(state().outgoing).toHaveLength(1);
  });

  test("a refused one fails with a sentence, holds nobody up, and is tried again last", async () => {
    const fixture = await inChat();
    const { client, socket, server, state } = fixture;
    socket.replies.set("sendMessage", () => refusal("participant_not_found"));
    client.chat.send("dee", "a");
    await settle();
    server.serve(fixture);
    client.chat.send(EVERYONE, "b");
    await settle();
    expect(state().outgoing).toMatchObject([
      { text: "a", state: "failed", problem: { sentence: "This person has left the call." } },
    ]);
    const id = state().outgoing[0]?.id ?? "";
    client.chat.retry(id);
    await settle();
    expect(state().outgoing).toEqual([]);
    expect(server.stored.map(({ text }) => text)).toEqual(["b", "a"]);
    expect(server.stored[1]?.id).toBe(id);
  });

  test("a failed one can be discarded, a waiting one cannot", async () => {
    const { client, socket, state } = await inChat();
    socket.replies.set("sendMessage", () => refusal("forbidden"));
    client.chat.send(EVERYONE, "a");
    await settle();
    socket.replies.delete("sendMessage");
    client.chat.send(EVERYONE, "b");
    for (const { id } of state().outgoing) client.chat.discard(id);
    expect(state().outgoing.map(({ text }) => text)).toEqual(["b"]);
  });

  test("waits as long as the server asks for, and after four times asks the person", async () => {
    const fixture = await inChat();
    const { client, socket, state } = fixture;
    socket.replies.set("sendMessage", () => refusal("rate_limited", { retry_after_ms: 700 }));
    client.chat.send(EVERYONE, "a");
    await settle();
    vi.advanceTimersByTime(699);
    expect(socket.payloads("sendMessage")).toHaveLength(1);
    for (const count of [2, 3, 4]) {
      vi.advanceTimersByTime(700);
      await settle();
      expect(socket.payloads("sendMessage")).toHaveLength(count);
    }
    expect(state().outgoing[0]?.state).toBe("failed");
    expect(new Set(socket.payloads("sendMessage").map(({ id }) => id)).size).toBe(1);
  });

  test("an empty one, one that is too long, and one too many are not taken", async () => {
    const { client, socket, state } = await inChat();
    expect(client.chat.send(EVERYONE, " \n ")).toBe(false);
    expect(client.chat.send(EVERYONE, "a".repeat(4001))).toBe(false);
    expect(client.chat.send(EVERYONE, "😀".repeat(3001))).toBe(false);
    expect(client.chat.send(EVERYONE, "王".repeat(4000))).toBe(true);
    await settle();
    socket.drop();
    await settle();
    const taken = Array.from({ length: MOST_OUTGOING + 1 }, () => client.chat.send(EVERYONE, "a"));
    expect(taken.filter(Boolean)).toHaveLength(MOST_OUTGOING);
    expect(state().outgoing).toHaveLength(MOST_OUTGOING);
  });
});

describe("unread", () => {
  test("counts by conversation what came while it was not shown", async () => {
    const { client, hear, state } = await inChat();
    client.chat.show(EVERYONE);
    hear(message(1), message(2, { to: "me", toName: "Ada" }), message(3, { from: "cy", to: "me" }));
    hear(message(4, { from: "cy", to: "me" }), message(4, { from: "cy", to: "me" }));
    expect([...state().unread]).toEqual([
      ["bo", 1],
      ["cy", 2],
    ]);
    expect(state().arrived?.number).toBe(4);
    client.chat.show("cy");
    expect([...state().unread]).toEqual([["bo", 1]]);
    expect(state().arrived).toBeNull();
    client.chat.show(null);
    hear(message(5, { from: "cy", to: "me" }));
    expect(state().unread.get("cy")).toBe(1);
  });

  test("neither history nor own messages are unread", async () => {
    const server = new FakeChat();
    server.fill(1, 5);
    const { client, hear, state } = await inChat(server);
    client.chat.send(EVERYONE, "a");
    await settle();
    hear(message(9, { mine: true, from: "me" }));
    expect(state().unread.size).toBe(0);
    expect(state().arrived).toBeNull();
  });
});

describe("somebody writes", () => {
  test("for four seconds after the last hint", async () => {
    const { socket, state } = await inChat();
    socket.server("typing", { participantId: "bo" });
    vi.advanceTimersByTime(3000);
    socket.server("typing", { participantId: "bo" });
    vi.advanceTimersByTime(3999);
    expect(state().writers).toEqual([{ participantId: "bo", conversation: EVERYONE }]);
    vi.advanceTimersByTime(1);
    expect(state().writers).toEqual([]);
  });

  test("until the message in that conversation, or until they leave", async () => {
    const { socket, state, hear } = await inChat();
    socket.server("typing", { participantId: "bo" });
    socket.server("typing", { participantId: "bo", to: "me" });
    socket.server("typing", { participantId: "cy" });
    expect(state().writers).toHaveLength(3);
    hear(message(1, { to: "me" }));
    expect(state().writers.map((writer) => Object.values(writer))).toEqual([
      ["bo", EVERYONE],
      ["cy", EVERYONE],
    ]);
    socket.server("participantLeft", { seq: 12, participantId: "cy", reason: "left" });
    expect(state().writers).toHaveLength(1);
  });

  test("the own hint goes out at most every two seconds, to whom it concerns", async () => {
    const { client, socket } = await inChat();
    client.chat.press("bo");
    passTime(2000);
    client.chat.press("bo");
    expect(socket.payloads("typing")).toEqual([{ to: "bo" }]);
    passTime(400);
    client.chat.press(EVERYONE);
    expect(socket.payloads("typing")).toEqual([{ to: "bo" }, {}]);
    socket.drop();
    passTime(5000);
    client.chat.press(EVERYONE);
    expect(socket.payloads("typing")).toHaveLength(2);
  });
});

test("who may not write reads, and sends neither messages nor hints", async () => {
  const server = new FakeChat();
  server.fill(1, 2);
  const { client, socket, hear, numbers } = await inChat(server, {
    grants: { ...GUEST_GRANTS, chat: false },
  });
  hear(message(3));
  expect(numbers()).toEqual([1, 2, 3]);
  expect(client.chat.send(EVERYONE, "a")).toBe(false);
  client.chat.press(EVERYONE);
  expect(socket.payloads("sendMessage")).toEqual([]);
  expect(socket.payloads("typing")).toEqual([]);
});

test("nothing stays when the call has ended, and what is late changes nothing", async () => {
  const { client, socket, hear, state } = await inChat();
  hear(message(1));
  socket.replies.delete("sendMessage");
  client.chat.send(EVERYONE, "a");
  const sent = socket.last("sendMessage");
  socket.server("typing", { participantId: "bo" });
  client.leave();
  sent.acknowledge({ message: message(2, { mine: true }) });
  vi.advanceTimersByTime(60_000);
  await settle();
  expect(state()).toMatchObject({ messages: [], outgoing: [], writers: [], arrived: null });
  expect(state().unread.size).toBe(0);
  expect(vi.getTimerCount()).toBe(0);
});
