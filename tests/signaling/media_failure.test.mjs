import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Client, dtlsParameters, QuickClient, startServer, until } from "./harness.mjs";

let server;
before(async () => (server = await startServer()));
after(() => server.stop());

const join = (room) => new QuickClient(server).join(room);
const isUp = async () => (await server.status()).mediaIsUp;

test("without the media service a join is refused, and works when it is back", async () => {
  const early = await new QuickClient(server).prepare("away");
  await server.tell("away");
  await until(async () => !(await isUp()), "the break");
  const refused = early.request("joinRoom", early.joinPayload("away"));
  await assert.rejects(refused, { code: "media_unavailable" });
  assert.equal((await early.request("lookRoom", { room: "away" })).exists, false);
  await server.tell("return");
  await until(isUp, "the return");
  await early.request("joinRoom", early.joinPayload("away"));
});

test("a call in which the media service restarts goes on over new transports", async () => {
  const alice = await join("restart");
  const bob = await join("restart");
  await alice.produce("audio", "mic");
  const before = await bob.next("newConsumers");
  await server.tell("restart");
  for (const client of [alice, bob]) {
    const closed = [await client.next("transportClosed"), await client.next("transportClosed")];
    const ids = closed.map(({ transportId }) => transportId).sort();
    assert.deepEqual(ids, [client.send.id, client.recv.id].sort());
    assert.equal(closed[0].reason, "media-lost");
  }
  assert.deepEqual((await bob.next("consumersClosed")).consumerIds, [before.consumers[0].id]);
  await until(isUp, "the return");
  for (const client of [alice, bob]) {
    const send = { dtlsParameters: dtlsParameters() };
    const reply = await client.request("recreateTransports", { transports: { send, recv: send } });
    client.useTransports(reply.transports);
    assert.deepEqual(reply.consumers, []);
  }
  assert.deepEqual(await alice.produce("audio", "mic"), { id: "mic" });
  await bob.consume((await bob.next("newConsumers")).consumers);
});

test("consumers that the media service has not made are asked for again", async () => {
  const alice = await join("again");
  const bob = await join("again");
  await server.tell("refuse-consumes/3");
  await alice.produce("audio", "mic");
  // Nothing else happens in the room.
  const { consumers } = await bob.next("newConsumers");
  await bob.consume(consumers);
});

test("a transport that is lost takes its producers with it", async () => {
  const alice = await join("lost");
  const bob = await join("lost");
  await alice.produce("video", "cam");
  const { consumers } = await bob.next("newConsumers");
  await server.tell(`lose/${alice.send.id}`);
  const closed = await alice.next("transportClosed");
  assert.deepEqual(closed, { seq: closed.seq, transportId: alice.send.id, reason: "ice-timeout" });
  assert.deepEqual((await bob.next("consumersClosed")).consumerIds, [consumers[0].id]);
  assert.equal((await bob.next("producerRemoved")).participantId, alice.id);
});

test("new transports bring what others send", async () => {
  const alice = await join("rebuild");
  const bob = await join("rebuild");
  await alice.produce("video", "cam");
  await bob.next("newConsumers");
  const send = { dtlsParameters: dtlsParameters() };
  const reply = await bob.request("recreateTransports", { transports: { send, recv: send } });
  bob.useTransports(reply.transports);
  assert.equal(reply.consumers.length, 1);
  await bob.consume(reply.consumers);
  const media = await server.media();
  assert.equal(media.consumers[reply.consumers[0].id].paused, false);
});

test("a welcome waits for the media service", async () => {
  const other = await startServer();
  try {
    const client = await new Client(other).connected();
    const welcome = await client.next("welcome");
    assert.equal(welcome.protocol, 1);
    assert.equal(welcome.instance, "test");
    assert.deepEqual(welcome.limits, { nameLength: 64, participantsPerRoom: 100 });
    assert.equal(
      welcome.routerRtpCapabilities.codecs.find(({ mimeType }) => mimeType === "video/rtx")
        .parameters.apt,
      101,
    );
  } finally {
    await other.stop();
  }
});

test("everyone hears the goodbye, and the server ends in time", async () => {
  const other = await startServer();
  const alice = await new QuickClient(other).join("bye");
  const bob = await new QuickClient(other).join("bye");
  const stopped = Promise.all([alice.next("serverShutdown"), bob.next("serverShutdown")]);
  const begin = Date.now();
  other.child.kill("SIGTERM");
  assert.deepEqual(await stopped, [{ retryAfterMs: 1000 }, { retryAfterMs: 1000 }]);
  await until(() => other.child.exitCode !== null, "the end of the server");
  assert.equal(other.child.exitCode, 0, other.log());
  assert.ok(Date.now() - begin < 5000);
});

test("a transport that was lost while nobody listened is told afterwards", async () => {
  const alice = await join("unheard");
  await server.tell("away");
  await until(async () => !(await isUp()), "the break");
  await server.tell(`lose/${alice.send.id}`);
  await server.tell("return");
  const closed = await alice.next("transportClosed");
  assert.equal(closed.transportId, alice.send.id);
  assert.equal(alice.count("transportClosed"), 0);
});
