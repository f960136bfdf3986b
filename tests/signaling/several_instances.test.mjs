// Rooms with participants at two signaling instances, which share them by a bus.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Client, QuickClient, startServer, until } from "./harness.mjs";

let server;
let one;
let two;
before(async () => {
  server = await startServer("--signaling=2", "--grace-ms=5000");
  [one, two] = server.instances;
});
after(() => server.stop());

const join = (instance, room, extra) => new QuickClient(instance).join(room, extra);

async function resume(instance, client, seq = client.reply.seq) {
  const again = await new QuickClient(instance).prepare(client.room);
  const reply = await again.request("resume", { resumeToken: client.reply.resumeToken, seq });
  again.id = client.id;
  again.reply = { ...client.reply, seq: reply.seq };
  return { again, reply };
}

async function moderatorsToken(room) {
  const path = `/api/v1/rooms/${room}/guest-tokens?role=moderator`;
  return (await (await fetch(one.url + path, { method: "POST" })).json()).token;
}

const names = (participants) => participants.map(({ name }) => name).sort();

test("participants of two instances meet in one room and hear each other", async () => {
  const alice = await join(one, "meet", { name: "Alice" });
  await alice.produce("audio", "mic");
  const bob = await join(two, "meet", { name: "Bob" });
  assert.deepEqual(names(bob.reply.participants), ["Alice"]);
  assert.equal(bob.reply.consumers.length, 1, "what Alice sends comes with the reply");
  assert.equal(bob.reply.room.createdAt, alice.reply.room.createdAt);
  const { participant } = await alice.next("participantJoined");
  assert.equal(participant.id, bob.id);
  await bob.produce("video", "cam");
  await alice.next("producerAdded", ({ participantId }) => participantId === bob.id);
  const { consumers } = await alice.next("newConsumers");
  assert.equal(consumers[0].participantId, bob.id);
  const media = await server.media();
  assert.equal(media.routers, 1, "one router for both");

  await bob.request("setName", { name: "Robert" });
  assert.equal((await alice.next("participantUpdated")).name, "Robert");
  await bob.request("pauseProducer", { producerId: "cam" });
  assert.equal((await alice.next("producerUpdated")).paused, true);
  await bob.request("closeProducer", { producerId: "cam" });
  await alice.next("producerRemoved");
  assert.deepEqual((await alice.next("consumersClosed")).consumerIds, [consumers[0].id]);
});

test("people who come at once all meet, and are told of nothing before they are in", async () => {
  const count = 8;
  const clients = [];
  for (let i = 0; i < count; i++) {
    clients.push(await new QuickClient(i % 2 ? two : one).prepare("at-once"));
  }
  await Promise.all(
    clients.map(async (client) => {
      const payload = client.joinPayload("at-once");
      let early;
      const reply = await new Promise((resolve) => {
        // Looked at when the answer comes, not when this function goes on.
        client.socket.emit("joinRoom", payload, (answer) => {
          early = client.events.filter((event) => event.payload?.seq !== undefined);
          resolve(answer);
        });
      });
      assert.deepEqual(early, [], "events before the answer");
      client.met = new Set(reply.participants.map(({ id }) => id));
      client.id = reply.participantId;
    }),
  );
  for (const client of clients) {
    while (client.met.size < count - 1) {
      const { participant } = await client.next("participantJoined");
      client.met.add(participant.id);
    }
    assert.ok(!client.met.has(client.id));
  }
  for (const client of clients) await client.request("leaveRoom");
});

test("who leaves one instance leaves for all, with the reason", async () => {
  const alice = await join(one, "leave");
  const bob = await join(two, "leave");
  await alice.next("participantJoined");
  await bob.request("leaveRoom");
  const left = await alice.next("participantLeft");
  assert.deepEqual([left.participantId, left.reason], [bob.id, "left"]);
  const again = await join(two, "leave");
  assert.equal(again.reply.participants.length, 1);
  assert.equal(alice.count("participantLeft"), 0);
});

test("the room's router stays while one of the instances has somebody", async () => {
  const alice = await join(one, "stays");
  const bob = await join(two, "stays");
  await alice.produce("audio", "mic");
  await bob.next("newConsumers");
  await alice.request("leaveRoom");
  await bob.next("participantLeft");
  const { transports } = await server.media();
  assert.ok(bob.reply.transports.recv.id in transports, "Bob's transports are there");
  await bob.request("leaveRoom");
  await until(async () => !(bob.send.id in (await server.media()).transports), "an empty room");
});

test("a connection that breaks is shown everywhere", async () => {
  const alice = await join(one, "lost");
  const bob = await join(two, "lost");
  await alice.next("participantJoined");
  bob.drop();
  assert.equal((await alice.next("participantUpdated")).connected, false);
  await resume(two, bob);
  assert.equal((await alice.next("participantUpdated")).connected, true);
  assert.equal(alice.count("participantJoined"), 0);
});

test("a session is resumed at another instance: same participant, same media", async () => {
  const alice = await join(one, "over", { name: "Alice" });
  const bob = await join(two, "over", { name: "Bob" });
  await bob.produce("audio", "mic");
  const { consumers } = await alice.next("newConsumers");
  await alice.request("consumersReady", { consumerIds: [consumers[0].id] });
  await alice.produce("video", "cam");
  await bob.next("newConsumers");
  const before = await server.media();
  const { participants } = await server.status(1);

  const { again, reply } = await resume(two, alice, 50);
  assert.equal(reply.resumed, true);
  assert.equal(reply.seq, 51, "the numbers go on, and the state has one");
  assert.deepEqual(reply.state.transports.sort(), [alice.send.id, alice.recv.id].sort());
  assert.deepEqual(names(reply.state.participants), ["Bob"]);
  assert.deepEqual(
    reply.state.consumers.map(({ id }) => id),
    [consumers[0].id],
  );
  await alice.next("replaced");
  const after = await server.media();
  assert.deepEqual(Object.keys(after.transports).sort(), Object.keys(before.transports).sort());
  assert.deepEqual(after.producers, before.producers);
  assert.deepEqual(after.consumers, before.consumers);

  // She acts from there, and hears.
  await again.request("pauseProducer", { producerId: "cam" });
  assert.equal((await bob.next("producerUpdated")).paused, true);
  await bob.request("pauseProducer", { producerId: "mic" });
  assert.equal((await again.next("producerUpdated")).seq, 52);
  assert.equal(bob.count("participantLeft"), 0);
  assert.equal(bob.count("participantJoined"), 0);
  assert.equal((await server.status(1)).participants, participants - 1, "she is there no more");
});

test("what an instance has not written yet is not lost when a session moves", async () => {
  const alice = await join(one, "unwritten", { name: "Alice" });
  const bob = await join(one, "unwritten", { name: "Bob" });
  const carol = await join(two, "unwritten", { name: "Carol" });
  await alice.produce("audio", "mic");
  await carol.next("newConsumers");
  await server.tell("full");
  // Their answers wait for the bus, and find her gone.
  alice.request("pauseProducer", { producerId: "mic" }).catch(() => {});
  alice.request("setName", { name: "Alicia" }).catch(() => {});
  assert.equal((await bob.next("producerUpdated")).paused, true);
  assert.equal((await bob.next("participantUpdated")).name, "Alicia");
  assert.equal(carol.count("producerUpdated"), 0, "the bus takes nothing");

  // Media knows the one, and only the client the other.
  const { again, reply } = await resume(two, alice);
  assert.deepEqual(reply.state.self, {
    name: "Alice",
    producers: [{ id: "mic", paused: true }],
  });
  assert.equal((await carol.next("producerUpdated")).paused, true);
  const said = again.request("setName", { name: "Alicia" });
  assert.equal((await carol.next("participantUpdated", ({ name }) => name)).name, "Alicia");

  await server.tell("empty");
  await said;
  // Once the second name is there, all that came with the first has been told.
  for (const name of ["Alice B", "Alice C"]) {
    await again.request("setName", { name });
    for (const other of [bob, carol]) {
      await other.next("participantUpdated", (updated) => updated.name === name);
    }
  }
  for (const other of [bob, carol]) {
    const { paused } =
      other.events.findLast(({ name }) => name === "producerUpdated")?.payload ?? {};
    assert.notEqual(paused, false, "what is known last is how she is");
  }
});

test("a page that was reloaded comes back at another instance as the same participant", async () => {
  const alice = await join(one, "reload", { name: "Alice" });
  const bob = await join(one, "reload", { name: "Bob" });
  await alice.produce("audio", "mic");
  await bob.next("newConsumers");
  alice.drop();
  await bob.next("participantUpdated");
  const again = await join(two, "reload", { name: "Alice", resume: alice.reply.resumeToken });
  assert.equal(again.id, alice.id);
  await bob.next("producerRemoved");
  assert.equal((await bob.next("participantUpdated")).connected, true);
  const { transports } = await server.media();
  assert.ok(!(alice.send.id in transports), "the old transports are closed");
  assert.equal(bob.count("participantLeft") + bob.count("participantJoined"), 0);
});

test("a moderator removes and mutes somebody of another instance", async () => {
  const host = await join(one, "moderated", { token: await moderatorsToken("moderated") });
  const bob = await join(two, "moderated", { name: "Bob" });
  await bob.produce("audio", "mic");
  await host.next("newConsumers");
  await host.request("muteParticipant", { participantId: bob.id });
  const muted = await bob.next("producerUpdated");
  assert.deepEqual([muted.producerId, muted.paused], ["mic", true]);
  assert.equal((await host.next("producerUpdated")).paused, true);
  await host.request("removeParticipant", { participantId: bob.id });
  await bob.next("removed");
  assert.equal((await host.next("participantLeft")).reason, "removed");
});

test("who looks at a room of another instance sees who is there", async () => {
  await join(one, "look", { name: "Alice" });
  const visitor = await new Client(two, { room: "look" }).connected();
  const seen = await visitor.request("lookRoom", { room: "look" });
  assert.equal(seen.exists, true);
  assert.deepEqual(names(seen.participants), ["Alice"]);
});

test("who is lost at an instance that the bus does not reach keeps the media", async () => {
  const alice = await join(one, "cut", { name: "Alice" });
  const bob = await join(one, "cut", { name: "Bob" });
  await alice.produce("audio", "mic");
  await bob.next("newConsumers");
  await server.tell("cut?signaling=1");
  alice.drop();
  await bob.next("participantUpdated", ({ connected }) => connected === false);
  const { reply } = await resume(two, alice);
  assert.deepEqual(reply.state.transports.sort(), [alice.send.id, alice.recv.id].sort());
  assert.equal((await bob.next("participantLeft")).reason, "timeout");
  // What media was asked before this has been done.
  await bob.produce("audio", "mic");
  const { transports } = await server.media();
  assert.ok(alice.send.id in transports, "Alice's transports are there");
  await server.tell("mend?signaling=1");
  await bob.next("participantJoined");
});

test("an instance that stops hands its participants over", async () => {
  const alice = await join(two, "handover", { name: "Alice" });
  const bob = await join(one, "handover", { name: "Bob" });
  await alice.produce("audio", "mic");
  await bob.next("newConsumers");
  const before = await server.media();
  await server.tell("leave?signaling=2");
  assert.equal((await alice.next("serverShutdown")).retryAfterMs, 0);
  const { reply } = await resume(one, alice);
  assert.deepEqual(names(reply.state.participants), ["Bob"]);
  assert.ok(alice.send.id in (await server.media()).transports, "media goes on");
  assert.deepEqual((await server.media()).producers, before.producers);
  assert.equal(bob.count("participantLeft"), 0);
});
