import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { invitation } from "../support/invitation.mjs";
import { QuickClient, startServer, until } from "./harness.mjs";

let server;
before(async () => (server = await startServer()));
after(() => server.stop());

const join = (room, extra) => new QuickClient(server).join(room, extra);

test("the first one joins an empty room in one round trip", async () => {
  const alice = await join("first", { name: "  Alice \u202e  " });
  const { reply } = alice;
  assert.equal(reply.room.name, "first");
  assert.match(reply.participantId, /^[a-z2-7]{26}$/);
  assert.deepEqual(reply.participants, []);
  assert.deepEqual(reply.consumers, []);
  assert.equal(reply.seq, 0);
  assert.equal(reply.grace, 15000);
  assert.equal(reply.transports.send.iceParameters.iceLite, true);
  assert.equal(reply.transports.recv.dtlsParameters.role, "auto");
  assert.equal(reply.publish.audio.codec.mimeType, "audio/opus");
  assert.equal(reply.publish.video.codec.mimeType, "video/VP8");
  assert.equal(reply.publish.video.codecOptions.videoGoogleStartBitrate, 1000);
  assert.deepEqual(reply.iceServers, [{ urls: "stun:127.0.0.1:3478" }]);
  const media = await server.media();
  assert.equal(media.transports[reply.transports.send.id].hasDtls, true);
  assert.equal(media.transports[reply.transports.recv.id].hasDtls, true);
  const { participants } = await alice.request("lookRoom", { room: "first" });
  assert.deepEqual(participants, [{ name: "Alice" }]);
});

test("what one produces reaches the others, who joined before and after", async () => {
  const alice = await join("three", { name: "Alice" });
  const bob = await join("three", { name: "Bob" });
  const joined = await alice.next("participantJoined");
  assert.equal(joined.participant.id, bob.id);
  assert.equal(joined.participant.name, "Bob");
  assert.equal(bob.reply.participants[0].id, alice.id);

  assert.deepEqual(await alice.produce("audio", "mic"), { id: "mic" });
  assert.deepEqual(await alice.produce("video", "cam"), { id: "cam" });
  const audio = await bob.next("producerAdded", ({ producer }) => producer.kind === "audio");
  assert.equal(audio.participantId, alice.id);
  assert.equal(audio.producer.source, "microphone");
  const entries = [];
  while (entries.length < 2) entries.push(...(await bob.next("newConsumers")).consumers);
  assert.deepEqual(entries.map((entry) => entry.source).sort(), ["camera", "microphone"]);
  for (const entry of entries) {
    assert.equal(entry.participantId, alice.id);
    assert.equal(entry.streamId, `${alice.id}-user`);
    assert.equal(entry.rtpParameters.rtcp.cname, alice.id);
  }
  await bob.consume(entries);
  let media = await server.media();
  assert.deepEqual(
    entries.map(({ id }) => media.consumers[id].paused),
    [true, true],
  );
  await bob.request("consumersReady", { consumerIds: entries.map(({ id }) => id) });
  media = await server.media();
  assert.deepEqual(
    entries.map(({ id }) => media.consumers[id].paused),
    [false, false],
  );
  const camera = entries.find((entry) => entry.kind === "video").producerId;
  await until(
    async () => (await server.media()).producers[camera].keyframeRequests > 0,
    "a keyframe request",
  );

  const carol = await join("three", { name: "Carol" });
  assert.equal(carol.reply.consumers.length, 2);
  await carol.consume(carol.reply.consumers);
  media = await server.media();
  for (const { id } of carol.reply.consumers) assert.equal(media.consumers[id].paused, false);
  const names = carol.reply.participants.map(({ name }) => name);
  assert.deepEqual(names, ["Alice", "Bob"]);
  assert.equal(carol.reply.participants[0].producers.length, 2);
});

test("several producers at once are told without loss or double", async () => {
  const alice = await join("burst");
  const bob = await join("burst");
  const count = 6;
  await Promise.all(Array.from({ length: count }, (_, i) => alice.produce("audio", `track-${i}`)));
  const seen = new Set();
  while (seen.size < count) {
    for (const { producerId } of (await bob.next("newConsumers")).consumers) {
      assert.ok(!seen.has(producerId));
      seen.add(producerId);
    }
  }
});

test("the screen is kept apart from the camera", async () => {
  const alice = await join("screen");
  const bob = await join("screen");
  await alice.produce("video", "screen", "screen");
  const { consumers } = await bob.next("newConsumers");
  assert.equal(consumers[0].source, "screen");
  assert.equal(consumers[0].streamId, `${alice.id}-screen`);
});

test("mute is seen by the others, and twice is once", async () => {
  const alice = await join("mute");
  const bob = await join("mute");
  await alice.produce("audio", "mic");
  const { producer } = await bob.next("producerAdded");
  await alice.request("pauseProducer", { producerId: "mic" });
  await alice.request("pauseProducer", { producerId: "mic" });
  const update = await bob.next("producerUpdated");
  assert.deepEqual(update, {
    seq: update.seq,
    participantId: alice.id,
    producerId: producer.id,
    paused: true,
  });
  assert.equal((await server.media()).producers[producer.id].paused, true);
  await alice.request("resumeProducer", { producerId: "mic" });
  assert.equal((await bob.next("producerUpdated")).paused, false);
  assert.equal(bob.count("producerUpdated"), 0);
});

test("closing a producer closes its consumers, and frees its id", async () => {
  const alice = await join("close");
  const bob = await join("close");
  await alice.produce("audio", "mic");
  const { consumers } = await bob.next("newConsumers");
  await alice.request("closeProducer", { producerId: "mic" });
  assert.deepEqual((await bob.next("consumersClosed")).consumerIds, [consumers[0].id]);
  assert.equal((await bob.next("producerRemoved")).producerId, consumers[0].producerId);
  assert.deepEqual(await alice.produce("audio", "mic"), { id: "mic" });
  assert.notEqual((await bob.next("newConsumers")).consumers[0].id, consumers[0].id);
});

test("who leaves is gone for the others and at the media service", async () => {
  const before = (await server.media()).routers;
  const alice = await join("leave");
  const bob = await join("leave");
  await alice.produce("video", "cam");
  const { consumers } = await bob.next("newConsumers");
  await alice.request("leaveRoom", {});
  assert.deepEqual((await bob.next("consumersClosed")).consumerIds, [consumers[0].id]);
  const left = await bob.next("participantLeft");
  assert.equal(left.participantId, alice.id);
  assert.equal(left.reason, "left");
  const token = await invitation(server.url, "leave");
  const again = await alice.request("joinRoom", alice.joinPayload("leave", { token }));
  assert.notEqual(again.participantId, alice.id);
  await alice.request("leaveRoom");
  await bob.request("leaveRoom");
  await until(async () => (await server.media()).routers === before, "the router's end");
  assert.equal((await bob.request("lookRoom", { room: "leave" })).exists, false);
});

test("a room's name that is used again is a new room", async () => {
  const alice = await join("again");
  await alice.request("leaveRoom");
  const bob = await join("again");
  assert.notEqual(bob.reply.room.id, alice.reply.room.id);
});

test("a name is changed for everyone", async () => {
  const alice = await join("names", { name: "Al" });
  const bob = await join("names");
  assert.deepEqual(await alice.request("setName", { name: " Alice\u2066 \t B " }), {
    name: "Alice B",
  });
  assert.equal((await bob.next("participantUpdated")).name, "Alice B");
});

test("who speaks is told as participants", async () => {
  const alice = await join("speak");
  const bob = await join("speak");
  await alice.produce("audio", "mic");
  const { producer } = await bob.next("producerAdded");
  await server.tell(`speak/${producer.id}`);
  const expected = { speakers: [{ participantId: alice.id, level: -20 }], dominant: alice.id };
  assert.deepEqual(await bob.next("activeSpeakers"), expected);
  assert.deepEqual(await alice.next("activeSpeakers"), expected);
});

test("the receiver's own wish pauses consumers", async () => {
  const alice = await join("wish");
  await alice.produce("video", "cam");
  const bob = await join("wish");
  const consumerIds = bob.reply.consumers.map(({ id }) => id);
  const paused = async () => (await server.media()).consumers[consumerIds[0]].paused;
  await bob.request("pauseConsumers", { consumerIds });
  assert.equal(await paused(), true);
  await bob.request("resumeConsumers", { consumerIds });
  assert.equal(await paused(), false);
});

test("stats are of the participant's own", async () => {
  const alice = await join("stats");
  const bob = await join("stats");
  await alice.produce("audio", "mic");
  await bob.next("newConsumers");
  const stats = await alice.request("stats", {});
  assert.deepEqual(
    stats.transports.map(({ id }) => id).sort(),
    [alice.send.id, alice.recv.id].sort(),
  );
  assert.equal(stats.transports[0].drops.replayed, 2);
  assert.deepEqual(
    stats.producers.map(({ id }) => id),
    ["mic"],
  );
  assert.deepEqual(stats.consumers, []);
  assert.equal((await bob.request("stats", {})).consumers.length, 1);
});

test("ICE is restarted on the same transport", async () => {
  const alice = await join("ice");
  const { iceParameters } = await alice.request("restartIce", { transportId: alice.send.id });
  assert.notEqual(
    iceParameters.usernameFragment,
    alice.reply.transports.send.iceParameters.usernameFragment,
  );
});
