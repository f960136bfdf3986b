// Two of each service as processes, and what happens to a call when one of them dies.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { writeNoiseClip } from "../bench/ivf.mjs";
import { Cluster } from "./support/cluster.mjs";
import { Guest } from "./support/guest.mjs";
import { until } from "./support/waiting.mjs";

let cluster;
before(async () => (cluster = await Cluster.start()));
after(() => cluster.stop());

const join2 = (gateway, room) => Guest.join(cluster.url(gateway), room);

/** Two people in each of so many rooms, through both gateways. */
async function fill(prefix, count) {
  const rooms = [];
  for (let i = 0; i < count; i++) {
    const alice = await join2("g1", `${prefix}-${i}`);
    const bob = await join2("g2", `${prefix}-${i}`);
    rooms.push({ alice, bob });
  }
  return rooms;
}

const guestsOf = (rooms) => rooms.flatMap(({ alice, bob }) => [alice, bob]);
const leaveAll = (rooms) => {
  for (const guest of guestsOf(rooms)) guest.leave();
};
const homeOf = ({ mediaPort }) =>
  ["m1", "m2"].find((name) => cluster.ports(name).media === mediaPort);

test("people meet through both gateways, and rooms are on both of signaling and media", async () => {
  const rooms = await fill("meet", 8);
  for (const { alice, bob } of rooms) {
    assert.deepEqual(bob.others, [alice.id]);
    assert.equal(alice.signaling, bob.signaling);
    assert.equal(alice.mediaPort, bob.mediaPort);
    await alice.produce();
    await bob.next("newConsumers");
  }
  const alices = rooms.map(({ alice }) => alice);
  assert.deepEqual([...new Set(alices.map(({ signaling }) => signaling))].sort(), ["s1", "s2"]);
  assert.deepEqual([...new Set(alices.map(homeOf))].sort(), ["m1", "m2"]);
  leaveAll(rooms);
});

test("a gateway tells of every instance, as each tells of itself", async () => {
  const rooms = await fill("state", 2);
  const state = await cluster.state("g1");
  assert.deepEqual(state.signaling.map(({ id }) => id).sort(), ["s1", "s2"]);
  assert.deepEqual(
    state.media.map(({ id, is_up, ports }) => [id, is_up, ports]),
    ["m1", "m2"].map((name) => [name, true, [cluster.ports(name).media]]),
  );
  // Those of the last test may still end meanwhile.
  const counts = async () => {
    const { media } = await cluster.state("g2");
    const metrics = media.map(({ id }) => cluster.metric(id, "confab_media_transports"));
    return { told: media.map(({ transports }) => transports), counted: await Promise.all(metrics) };
  };
  let last;
  await until(
    async () => {
      last = await counts();
      const sum = last.told[0] + last.told[1];
      return sum >= 2 * guestsOf(rooms).length && `${last.told}` === `${last.counted}`;
    },
    () => `the instances to tell what they count: ${JSON.stringify(last)}`,
  );
  leaveAll(rooms);
});

test("media flows between people who have come through a gateway", async () => {
  const clip = join(cluster.folder, "clip.ivf");
  writeNoiseClip(clip);
  const people = ["--rooms", "4", "--publishers", "1", "--subscribers", "2", "--seconds", "2"];
  const child = spawn(
    process.env.CONFAB_BINARY,
    ["bench", "call", cluster.url("g1"), "--clip", clip, ...people],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes) => (said += bytes));
  const [status] = await once(child, "close");
  assert.equal(status, 0, said);
  // At which of them depends on what they had to do.
  const sent = (name) => cluster.metric(name, "confab_media_sent_packets_total");
  await until(async () => (await sent("m1")) + (await sent("m2")) > 0, "packets");
});

test("when media is killed its rooms alone go on elsewhere, and it is found again", async () => {
  const rooms = await fill("media", 8);
  const [hit, spared] = [true, false].map((isHit) =>
    guestsOf(rooms).filter((guest) => (homeOf(guest) === "m1") === isHit),
  );
  assert.ok(hit.length > 0 && spared.length > 0);
  await cluster.kill("m1");
  for (const guest of hit) {
    assert.equal((await guest.next("transportClosed")).reason, "media-lost");
    await guest.recreate();
    assert.equal(homeOf(guest), "m2");
    await guest.produce();
  }
  for (const guest of spared) {
    assert.ok(!guest.has("transportClosed"));
    await guest.produce();
  }
  await cluster.run("m1");
  await until(async () => {
    const guest = await join2("g1", `back-${crypto.randomUUID()}`);
    guest.leave();
    return homeOf(guest) === "m1";
  }, "a room on m1");
  leaveAll(rooms);
});

test("when a gateway is killed people resume through the other one", async () => {
  const rooms = await fill("gateway", 4);
  await cluster.kill("g1");
  for (const { alice, bob } of rooms) {
    await alice.untilCut();
    await alice.connect(cluster.url("g2"));
    assert.equal((await alice.resume()).resumed, true);
    await alice.produce();
    await bob.next("newConsumers");
  }
  await cluster.run("g1");
  await cluster.untilReady("g1");
  leaveAll(rooms);
});

test("when signaling is killed its rooms open anew at the other one", async () => {
  const rooms = await fill("signaling", 6);
  await cluster.kill("s1");
  const lost = rooms.filter(({ alice }) => alice.signaling === "s1");
  assert.ok(lost.length > 0);
  for (const { alice, bob } of lost) {
    for (const [guest, gateway] of [
      [alice, "g1"],
      [bob, "g2"],
    ]) {
      await guest.untilCut();
      await guest.connect(cluster.url(gateway));
      assert.equal(guest.signaling, "s2");
      await assert.rejects(guest.resume(), { code: "session_expired" });
      await guest.join();
    }
    assert.deepEqual(bob.others, [alice.id]);
  }
  for (const { alice, bob } of rooms) {
    await alice.produce();
    await bob.next("newConsumers");
  }
  leaveAll(rooms);
  await cluster.run("s1");
  await cluster.untilReady("s1");
});

test("polling goes back to the instance that made the session", async () => {
  const guest = new Guest("polling");
  await guest.connect(cluster.url("g1"), { transports: ["polling"] });
  await guest.join();
  await guest.produce();
  guest.leave();
});

test("a session of an instance that nobody knows begins anew", async () => {
  const query = "EIO=4&transport=polling&sid=s9.abcdefghijklmnopqrstuvwxyz";
  const response = await fetch(`${cluster.url("g1")}/socket.io/?${query}`);
  assert.equal(response.status, 400);
  assert.deepEqual(await response.json(), { code: 1, message: "Session ID unknown" });
});

test("a media service that ends in order hands its rooms over", async () => {
  const rooms = await fill("order", 6);
  assert.equal(await cluster.end("m2"), 0);
  for (const guest of guestsOf(rooms)) {
    if (homeOf(guest) !== "m2") continue;
    await guest.next("transportClosed");
    await guest.recreate();
    assert.equal(homeOf(guest), "m1");
  }
  leaveAll(rooms);
  await cluster.run("m2");
});
