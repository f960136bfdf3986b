import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { invitation } from "../support/invitation.mjs";
import { QuickClient, startServer, until } from "./harness.mjs";

let server;
before(async () => (server = await startServer()));
after(() => server.stop());

const join = (room, extra) => new QuickClient(server).join(room, extra);
const visitor = (room) => new QuickClient(server).prepare(room);
const idsOf = (entries) => entries.map(({ id }) => id);

/** A room in which Alice sends sound and picture. */
async function roomWithAlice(room) {
  const alice = await join(room, { name: "Alice" });
  await alice.produce("audio", "mic");
  await alice.produce("video", "cam");
  return alice;
}

/** The join of someone for whom this was prepared and who has set all of it up. */
async function joinPrepared(client, room, { transports, consumers }, extra = {}) {
  const prepared = { transportId: transports.recv.id, consumerIds: idsOf(consumers) };
  const payload = client.joinPayload(room, { name: "Bob", prepared, ...extra });
  client.reply = await client.request("joinRoom", payload);
  client.id = client.reply.participantId;
  client.useTransports({ recv: transports.recv, ...client.reply.transports });
  return client.reply;
}

test("what is prepared waits unseen, and the join starts it", async () => {
  const alice = await roomWithAlice("prepared");
  const bob = await visitor("prepared");
  const ready = await bob.prepareJoin("prepared");
  assert.equal(ready.prepared, true);
  assert.deepEqual(
    ready.participants.map(({ name }) => name),
    ["Alice"],
  );
  assert.deepEqual(ready.consumers.map(({ source }) => source).sort(), ["camera", "microphone"]);
  let media = await server.media();
  assert.equal(media.transports[ready.transports.recv.id].hasDtls, true);
  for (const id of idsOf(ready.consumers)) assert.equal(media.consumers[id].paused, true);
  assert.equal(alice.count("participantJoined"), 0);
  const { participants } = await bob.request("lookRoom", { room: "prepared" });
  assert.deepEqual(participants, [{ name: "Alice" }]);

  const reply = await joinPrepared(bob, "prepared", ready);
  assert.deepEqual(Object.keys(reply.transports), ["send"]);
  assert.deepEqual(idsOf(reply.consumers).sort(), idsOf(ready.consumers).sort());
  media = await server.media();
  for (const id of idsOf(ready.consumers)) assert.equal(media.consumers[id].paused, false);
  const { participant } = await alice.next("participantJoined");
  assert.equal(participant.name, "Bob");
  await bob.produce("video", "cam");
  assert.equal((await alice.next("newConsumers")).consumers[0].participantId, bob.id);
});

test("who is about to join has a keyframe made, and no second one within the second", async () => {
  const alice = await roomWithAlice("intent");
  const requests = async () => (await server.media()).producers[`${alice.id}-cam`].keyframeRequests;
  const bob = await visitor("intent");
  await bob.request("intendJoin", {});
  await bob.prepareJoin("intent");
  assert.equal(await requests(), 0);
  await bob.request("intendJoin", {});
  await until(async () => (await requests()) > 0, "the keyframe request");
  await bob.request("intendJoin", {});
  // Answered after whatever an intent may have sent.
  await bob.prepareJoin("intent");
  assert.equal(await requests(), 1);
});

test("asking again brings what is new, on the same transport", async () => {
  const alice = await roomWithAlice("again");
  const bob = await visitor("again");
  const first = await bob.prepareJoin("again");
  await alice.request("closeProducer", { producerId: "mic" });
  await alice.produce("video", "screen", "screen");
  const transportId = first.transports.recv.id;
  const second = await bob.prepareJoin("again", { transportId });
  assert.equal("transports" in second, false);
  assert.deepEqual(second.consumers.map(({ source }) => source).sort(), ["camera", "screen"]);
  assert.equal(Object.keys((await server.media()).transports).includes(transportId), true);
});

test("consumers that came after the preparation wait for consumersReady", async () => {
  const alice = await roomWithAlice("later");
  const bob = await visitor("later");
  const ready = await bob.prepareJoin("later");
  await alice.produce("video", "screen", "screen");
  const { consumers } = await joinPrepared(bob, "later", ready);
  const [late] = consumers.filter(({ source }) => source === "screen");
  assert.equal((await server.media()).consumers[late.id].paused, true);
  await bob.request("consumersReady", { consumerIds: [late.id] });
  assert.equal((await server.media()).consumers[late.id].paused, false);
});

test("without the first answer's transport everything begins anew", async () => {
  await roomWithAlice("anew");
  const bob = await visitor("anew");
  const first = await bob.prepareJoin("anew");
  const second = await bob.prepareJoin("anew");
  assert.notEqual(second.transports.recv.id, first.transports.recv.id);
  await until(
    async () => !(first.transports.recv.id in (await server.media()).transports),
    "the end of the first transport",
  );
});

test("a join that knows nothing of the preparation is an ordinary one", async () => {
  await roomWithAlice("ordinary");
  const bob = await visitor("ordinary");
  const ready = await bob.prepareJoin("ordinary");
  const reply = await bob.request("joinRoom", bob.joinPayload("ordinary"));
  assert.deepEqual(Object.keys(reply.transports).sort(), ["recv", "send"]);
  assert.notEqual(reply.transports.recv.id, ready.transports.recv.id);
  const { consumers } = await server.media();
  for (const { id } of reply.consumers) assert.equal(consumers[id].paused, false);
  await until(
    async () => !(ready.transports.recv.id in (await server.media()).transports),
    "the end of the prepared transport",
  );
});

test("so is one whose prepared transport was lost, and one into another room", async () => {
  await roomWithAlice("lost");
  await roomWithAlice("other");
  const bob = await visitor("lost");
  const ready = await bob.prepareJoin("lost");
  const transportId = ready.transports.recv.id;
  await server.tell(`lose/${transportId}`);
  await until(
    async () => (await bob.prepareJoin("lost", { transportId })).transports,
    "a new transport in the place of the lost one",
  );
  const reply = await joinPrepared(bob, "lost", ready);
  assert.deepEqual(Object.keys(reply.transports).sort(), ["recv", "send"]);
  const carol = await visitor("lost");
  const prepared = await carol.prepareJoin("lost");
  const token = await invitation(server.url, "other");
  const elsewhere = await joinPrepared(carol, "other", prepared, { token });
  assert.deepEqual(Object.keys(elsewhere.transports).sort(), ["recv", "send"]);
});

test("there is nothing to prepare where nobody is, and no seat is taken", async () => {
  const bob = await visitor("nobody");
  assert.deepEqual(await bob.prepareJoin("nobody"), { prepared: false });
  assert.equal((await bob.request("lookRoom", { room: "nobody" })).exists, false);
  await bob.request("joinRoom", bob.joinPayload("nobody"));
  await assert.rejects(bob.prepareJoin("nobody"), { code: "already_joined" });
});

test("a visitor who goes away leaves nothing behind", async () => {
  const alice = await roomWithAlice("gone");
  const bob = await visitor("gone");
  const { transports } = await bob.prepareJoin("gone");
  bob.socket.disconnect();
  await until(
    async () => !(transports.recv.id in (await server.media()).transports),
    "the end of the transport",
  );
  assert.equal(alice.count("participantLeft"), 0);
});

test("when the last participant leaves, what was prepared goes too", async () => {
  const alice = await roomWithAlice("empty");
  const bob = await visitor("empty");
  const ready = await bob.prepareJoin("empty");
  await alice.request("leaveRoom", {});
  assert.equal((await bob.request("lookRoom", { room: "empty" })).exists, false);
  const reply = await joinPrepared(bob, "empty", ready);
  assert.deepEqual(Object.keys(reply.transports).sort(), ["recv", "send"]);
  assert.deepEqual(reply.consumers, []);
});
