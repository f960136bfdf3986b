// What people write to each other: to everybody and in private, at one instance and at two.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { QuickClient, startServer } from "./harness.mjs";

let server;
let one;
let two;
before(async () => {
  server = await startServer("--signaling=2");
  [one, two] = server.instances;
});
after(() => server.stop());

const join = (instance, room, extra) => new QuickClient(instance).join(room, extra);
const say = (client, text, more = {}) =>
  client.request("sendMessage", { id: crypto.randomUUID(), text, ...more });
const texts = ({ messages }) => messages.map(({ text }) => text);

async function everybodyIsTold(other, room) {
  const alice = await join(one, room, { name: "Alice" });
  const bob = await join(other, room, { name: "Bob" });
  const carol = await join(one, room, { name: "Carol" });
  await alice.next("participantJoined", ({ participant }) => participant.id === bob.id);
  const { message } = await say(alice, "  Hello <b>all</b>\r\n ", { id: "first" });
  const { sentAt } = message;
  assert.ok(Math.abs(Date.now() - sentAt) < 60_000);
  const expected = {
    number: 1,
    id: "first",
    from: alice.id,
    name: "Alice",
    text: "Hello <b>all</b>",
    sentAt,
    mine: true,
  };
  assert.deepEqual(message, expected);
  for (const client of [bob, carol]) {
    const { message: told } = await client.next("message");
    assert.deepEqual(told, { ...expected, mine: false });
  }
  // Sent again, it is the same message.
  const again = await say(alice, "Something else", { id: "first" });
  assert.deepEqual(again.message, message);
  const forged = { from: carol.id, name: "Carol", number: 99, mine: false };
  const { message: second } = await say(bob, "Hi", forged);
  assert.deepEqual([second.from, second.name], [bob.id, "Bob"]);
  assert.equal(second.number, 2);
  for (const client of [alice, carol]) {
    assert.equal((await client.next("message")).message.text, "Hi");
  }
  assert.deepEqual(texts(await carol.request("getMessages", {})), ["Hello <b>all</b>", "Hi"]);
  await say(alice, "Bye");
  assert.equal((await bob.next("message")).message.text, "Bye", "the first is not told again");
}

async function twoPeopleAreTold(other, room) {
  const alice = await join(one, room, { name: "Alice" });
  const bob = await join(other, room, { name: "Bob" });
  const carol = await join(other, room, { name: "Carol" });
  await alice.next("participantJoined", ({ participant }) => participant.id === bob.id);
  await say(alice, "for Bob", { to: bob.id });
  const { message } = await bob.next("message");
  assert.deepEqual(
    [message.from, message.to, message.toName, message.text],
    [alice.id, bob.id, "Bob", "for Bob"],
  );
  // Whatever would have been told to Carol is behind her now.
  await say(alice, "for all");
  assert.equal((await carol.next("message")).message.text, "for all");
  assert.equal(carol.count("message"), 0);
  assert.deepEqual(texts(await alice.request("getMessages", {})), ["for Bob", "for all"]);
  assert.deepEqual(texts(await bob.request("getMessages", {})), ["for Bob", "for all"]);
  assert.deepEqual(texts(await carol.request("getMessages", {})), ["for all"]);
  const host = await join(one, room, { token: await tokenFor(room, "role=moderator") });
  assert.deepEqual(texts(await host.request("getMessages", {})), ["for all"], "nor a moderator");
}

async function typingIsShown(other, room) {
  const alice = await join(one, room);
  const bob = await join(other, room);
  const carol = await join(other, room);
  await alice.next("participantJoined", ({ participant }) => participant.id === bob.id);
  assert.deepEqual(await alice.request("typing", { to: "someone" }), {});
  await alice.request("typing", { to: bob.id });
  assert.deepEqual(await bob.next("typing"), { participantId: alice.id, to: bob.id });
  await alice.request("typing", {}); // too soon for another one
  await bob.request("typing", {});
  assert.deepEqual(await carol.next("typing"), { participantId: bob.id });
  assert.deepEqual(await alice.next("typing"), { participantId: bob.id });
  assert.equal(carol.count("typing"), 0);
}

test("a message reaches everybody else once", () => everybodyIsTold(one, "all-here"));
test("a message reaches other instances once", () => everybodyIsTold(two, "all-elsewhere"));
test("a private message is for its two people alone", () => twoPeopleAreTold(one, "private-here"));
test("a private message reaches one person of another instance alone", () =>
  twoPeopleAreTold(two, "private-elsewhere"));
test("who writes is shown to those who are meant", () => typingIsShown(one, "typing-here"));
test("who writes is shown at other instances", () => typingIsShown(two, "typing-elsewhere"));

async function tokenFor(room, query) {
  const path = `/api/v1/rooms/${room}/guest-tokens?${query}`;
  return (await (await fetch(one.url + path, { method: "POST" })).json()).token;
}

test("older messages come in pages", async () => {
  const alice = await join(one, "pages");
  for (const text of ["1", "2", "3", "4", "5"]) await say(alice, text);
  const newest = await alice.request("getMessages", { limit: 2 });
  assert.deepEqual([texts(newest), newest.more], [["4", "5"], true]);
  const older = await alice.request("getMessages", { limit: 3, before: newest.messages[0].number });
  assert.deepEqual([texts(older), older.more], [["1", "2", "3"], true]);
  const none = await alice.request("getMessages", { before: 1 });
  assert.deepEqual([texts(none), none.more], [[], false]);
  assert.ok(newest.messages.every(({ mine }) => mine));
});

test("a missed message comes with the resumption", async () => {
  const alice = await join(one, "missed");
  const bob = await join(one, "missed");
  await alice.next("participantJoined");
  bob.drop();
  await alice.next("participantUpdated");
  await say(alice, "are you there?");
  const again = await new QuickClient(one).prepare("missed");
  const { resumeToken } = bob.reply;
  const reply = await again.request("resume", { resumeToken, seq: bob.reply.seq });
  const [event] = reply.events;
  assert.deepEqual([event.name, event.payload.message.text], ["message", "are you there?"]);
});

test("a message is refused with what is wrong with it", async () => {
  const alice = await join(one, "refused");
  const id = "x";
  const refused = async (payload) => {
    const { error } = await alice.raw("sendMessage", payload);
    return [error.code, error.message];
  };
  const codes = {
    empty: await refused({ id, text: " \n " }),
    long: await refused({ id, text: "x".repeat(4001) }),
    huge: await refused({ id, text: "x".repeat(70_000) }),
    nobody: await refused({ id, text: "x", to: "someone" }),
    self: await refused({ id, text: "x", to: alice.id }),
    anonymous: await refused({ text: "x" }),
    oldId: await refused({ id: "x".repeat(37), text: "x" }),
  };
  assert.match(codes.empty[1], /^text must have at least one character/);
  assert.match(codes.long[1], /^text must have at most 4000 characters/);
  for (const name of ["empty", "long", "huge", "anonymous", "oldId"]) {
    assert.equal(codes[name][0], "invalid_message", name);
  }
  assert.equal(codes.nobody[0], "participant_not_found");
  assert.equal(codes.self[0], "participant_not_found");
  assert.deepEqual(texts(await alice.request("getMessages", {})), []);
});

test("somebody who left cannot be written to", async () => {
  const alice = await join(one, "gone");
  const bob = await join(one, "gone");
  await bob.request("leaveRoom");
  await alice.next("participantLeft");
  const { error } = await alice.raw("sendMessage", { id: "late", text: "x", to: bob.id });
  assert.equal(error.code, "participant_not_found");
});

test("who writes too fast is told to wait, and the others hear no more than may be", async () => {
  const alice = await join(one, "fast");
  const bob = await join(one, "fast");
  const answers = await Promise.all(
    Array.from({ length: 60 }, (_, i) => alice.raw("sendMessage", { id: `m${i}`, text: `${i}` })),
  );
  const refused = answers.filter(({ error }) => error?.code === "rate_limited");
  assert.ok(refused.length >= 30, `${refused.length} refused`);
  assert.ok(refused.every(({ error }) => error.retry_after_ms > 0));
  const sent = answers.filter(({ message }) => message);
  const told = await Promise.all(sent.map(() => bob.next("message")));
  assert.deepEqual(
    told.map(({ message }) => message.number),
    sent.map(({ message }) => message.number),
  );
});

test("who may not chat reads and does not write", async () => {
  const alice = await join(one, "silent");
  const bob = await join(one, "silent", { token: await tokenFor("silent", "without=chat") });
  assert.equal(bob.reply.grants.chat, false);
  await say(alice, "hello");
  assert.equal((await bob.next("message")).message.text, "hello");
  const { error } = await bob.raw("sendMessage", { id: "x", text: "x" });
  assert.equal(error.code, "forbidden");
});

test("people of the longest identities write to each other", async () => {
  const joinAs = async (letter) => {
    const token = await tokenFor("long-names", `identity=${letter.repeat(255)}`);
    return join(one, "long-names", { token });
  };
  const alice = await joinAs("a");
  const bob = await joinAs("b");
  await say(alice, "hello", { to: bob.id });
  assert.equal((await bob.next("message")).message.text, "hello");
  assert.deepEqual(texts(await bob.request("getMessages", {})), ["hello"]);
});

test("messages go on after a takeover", async () => {
  const alice = await join(one, "moved", { name: "Alice" });
  const bob = await join(two, "moved", { name: "Bob" });
  await alice.next("participantJoined");
  const again = await new QuickClient(two).prepare("moved");
  const { resumeToken, seq } = alice.reply;
  await again.request("resume", { resumeToken, seq });
  await say(bob, "to you", { to: alice.id });
  assert.equal((await again.next("message")).message.text, "to you");
  assert.deepEqual(texts(await again.request("getMessages", {})), ["to you"]);
});
