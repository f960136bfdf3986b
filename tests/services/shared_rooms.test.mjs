// Two signaling services that share their rooms through a real Redis, and what happens to a call when
// one of them, or Redis, dies.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { Cluster } from "./support/cluster.mjs";
import { Guest } from "./support/guest.mjs";
import { Redis } from "./support/redis.mjs";
import { until } from "./support/waiting.mjs";

let redis;
let cluster;
before(async () => {
  redis = await Redis.start();
  const settings = (name) => (name.startsWith("s") ? { bus: { redis_url: redis.url } } : {});
  cluster = await Cluster.start({ names: ["m1", "s1", "s2", "g1"], settings });
});
after(async () => {
  await cluster?.stop();
  await redis?.stop();
});

const enter = (room) => Guest.join(cluster.url("g1"), room);

/** Two people in a room that the gateway sends to this signaling service. */
async function pairAt(name, prefix) {
  for (let i = 0; ; i++) {
    const alice = await enter(`${prefix}-${i}`);
    if (alice.signaling === name) {
      await alice.produce();
      return { alice, bob: await enter(`${prefix}-${i}`) };
    }
    alice.leave();
  }
}

/** As the pages do, when the connection was cut. */
async function comeBack(guest) {
  await guest.untilCut();
  await guest.connect(cluster.url("g1"));
  const reply = await guest.resume();
  assert.equal(reply.resumed, true);
  guest.seq = reply.seq;
  return reply;
}

async function transports() {
  const state = await cluster.state("g1");
  return state.media[0].transports;
}

test("when a signaling service is killed the other one goes on with its calls", async () => {
  const { alice, bob } = await pairAt("s1", "killed");
  const before = await transports();
  await cluster.kill("s1");
  const reply = await comeBack(alice);
  assert.equal(alice.signaling, "s2");
  assert.deepEqual(
    reply.state.participants.map(({ id }) => id),
    [bob.id],
  );
  await comeBack(bob);
  assert.equal(await transports(), before, "nobody lost media");
  // What they say is heard, and nobody came or left.
  await bob.produce();
  const { consumers } = await alice.next("newConsumers");
  assert.equal(consumers[0].participantId, bob.id);
  await alice.request("sendMessage", { id: "one", text: "still here" });
  assert.equal((await bob.next("message")).message.text, "still here");
  for (const guest of [alice, bob]) {
    assert.ok(!guest.has("participantJoined") && !guest.has("participantLeft"));
  }
  await cluster.run("s1");
  await cluster.untilReady("s1");
  // The room stays where its people are; who comes new meets them from there.
  const carol = new Guest(alice.room);
  await until(async () => {
    await carol.connect(cluster.url("g1"));
    return carol.signaling === "s1";
  }, "a way to s1");
  await carol.join();
  assert.deepEqual(carol.others.sort(), [alice.id, bob.id].sort());
  await alice.next("participantJoined");
  for (const guest of [alice, bob, carol]) guest.leave();
});

test("a signaling service that ends in order hands its calls over", async () => {
  const { alice, bob } = await pairAt("s2", "order");
  const before = await transports();
  const ended = cluster.end("s2");
  for (const guest of [alice, bob]) {
    await comeBack(guest);
    assert.equal(guest.signaling, "s1");
  }
  assert.equal(await ended, 0);
  assert.equal(await transports(), before);
  await bob.produce();
  await alice.next("newConsumers");
  assert.ok(!alice.has("participantLeft") && !bob.has("participantLeft"));
  for (const guest of [alice, bob]) guest.leave();
  await cluster.run("s2");
  await cluster.untilReady("s2");
});

test("calls go on without Redis, and meet again when it is back with nothing", async () => {
  const { alice, bob } = await pairAt("s1", "wiped");
  // One more, by the other service.
  const elsewhere = new Guest(alice.room);
  await elsewhere.connect(cluster.url("s2"), { token: await tokenFor(alice.room) });
  await elsewhere.join();
  assert.equal(elsewhere.signaling, "s2");
  await alice.next("participantJoined");
  await redis.kill();
  await bob.produce();
  await alice.next("newConsumers");
  await bob.request("setName", { name: "Robert" });
  assert.ok(!elsewhere.has("participantUpdated"));
  await redis.run();
  await until(
    () => elsewhere.events.some(({ payload }) => payload?.name === "Robert"),
    () => `the new name; seen: ${JSON.stringify(elsewhere.events)}`,
    30_000,
  );
  for (const guest of [alice, bob, elsewhere]) assert.ok(!guest.has("participantLeft"));
  const late = await enter(alice.room);
  assert.deepEqual(late.others.sort(), [alice.id, bob.id, elsewhere.id].sort());
  for (const guest of [alice, bob, elsewhere, late]) guest.leave();
});

async function tokenFor(room) {
  const path = `/api/v1/rooms/${room}/guest-tokens`;
  const response = await fetch(cluster.url("g1") + path, { method: "POST" });
  return (await response.json()).token;
}
