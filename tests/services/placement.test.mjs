// One home for a room, whoever asks for it: two of each service, and people of one room at different signaling services.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Cluster } from "./support/cluster.mjs";
import { Guest } from "./support/guest.mjs";
import { until } from "./support/waiting.mjs";

const NAMES = ["m1", "m2", "s1", "s2", "g1", "g2"];

let cluster;

/** A gateway that knows one signaling service alone, so that its people get there. */
function leadsTo(name) {
  const { http, grpc } = cluster.ports(name);
  return { discovery: { signaling: [`${name}=127.0.0.1:${http}/${grpc}`] } };
}

before(async () => {
  const settings = (name) => ({ g1: () => leadsTo("s1"), g2: () => leadsTo("s2") })[name]?.() ?? {};
  cluster = await Cluster.make({ names: NAMES, settings });
  await Promise.all(NAMES.map((name) => cluster.run(name)));
  await Promise.all(NAMES.map((name) => cluster.untilReady(name)));
});
after(() => cluster.stop());

const homeOf = ({ mediaPort }) =>
  ["m1", "m2"].find((name) => cluster.ports(name).media === mediaPort);
const other = (media) => (media === "m1" ? "m2" : "m1");

/** Transports that went with their media service; those of guests who send nothing end by themselves, too. */
const lost = ({ events }) =>
  events.filter(({ payload }) => payload?.transportId && payload.reason === "media-lost");

function drain(media, ...flags) {
  const address = `127.0.0.1:${cluster.ports(media).grpc}`;
  const places = ["--data-dir", join(cluster.folder, "data")];
  return execFileSync(process.env.CONFAB_BINARY, ["drain", address, ...places, ...flags], {
    encoding: "utf8",
  }).trim();
}

/** In one room, through both gateways at the same time. */
const meet = (room) =>
  Promise.all(["g1", "g2"].map((gateway) => Guest.join(cluster.url(gateway), room)));

test("two signaling services put a room on one media service", async () => {
  const homes = new Set();
  for (let i = 0; i < 8; i++) {
    const [alice, bob] = await meet(`meet-${i}`);
    assert.deepEqual([alice.signaling, bob.signaling], ["s1", "s2"]);
    assert.equal(alice.mediaPort, bob.mediaPort);
    await alice.produce();
    homes.add(homeOf(alice));
    alice.leave();
    await bob.produce();
    assert.ok(!bob.has("transportClosed"), "the last one at s1 has gone, and the room goes on");
    bob.leave();
  }
  assert.deepEqual([...homes].sort(), ["m1", "m2"]);
  for (const name of ["s1", "s2"]) {
    assert.ok((await cluster.metric(name, "confab_placement_store_lag_seconds")) > 0);
  }
});

test("a drained media service gets no new room, and gives its rooms away at the deadline", async () => {
  const [alice, bob] = await meet("drain");
  const home = homeOf(alice);
  assert.match(drain(home), /^draining, [1-9]\d* rooms left$/);
  assert.equal(await cluster.metric(home, "confab_media_draining"), 1);
  for (let i = 0; i < 6; i++) {
    const guest = await Guest.join(cluster.url("g1"), `new-${i}`);
    assert.equal(homeOf(guest), other(home));
    guest.leave();
  }
  await alice.produce();
  assert.ok(!alice.has("transportClosed"));
  drain(home, "--deadline-s", "1");
  for (const guest of [alice, bob]) {
    assert.equal((await guest.next("transportClosed")).reason, "media-lost");
    await guest.recreate();
    assert.equal(homeOf(guest), other(home));
    await guest.produce();
    guest.leave();
  }
  assert.equal(
    drain(home, "--deadline-s", "1", "--watch").split("\n").at(-1).includes(" 0 rooms"),
    true,
  );
  assert.match(drain(home, "--undo"), /^open, 0 rooms$/);
  await until(async () => {
    const guest = await Guest.join(cluster.url("g1"), `back-${crypto.randomUUID()}`);
    guest.leave();
    return homeOf(guest) === home;
  }, `a room on ${home}`);
});

test("a killed media service gives its rooms away, and does not get them back", async () => {
  const [alice, bob] = await meet("moved");
  const home = homeOf(alice);
  await cluster.kill(home);
  for (const guest of [alice, bob]) {
    assert.equal((await guest.next("transportClosed")).reason, "media-lost");
    await guest.recreate();
    assert.equal(homeOf(guest), other(home));
    await guest.produce();
    guest.events = [];
  }
  await cluster.run(home);
  await cluster.untilReady(home);
  await alice.request("stats");
  assert.deepEqual(lost(alice), [], "it stays where it is");
  const moves = async (name) => cluster.metric(name, "confab_placement_moves_total");
  assert.ok((await moves("s1")) > 0 && (await moves("s2")) > 0);
  alice.leave();
  bob.leave();
});

test("a room leaves a media service that hangs when its lease has run out, and is not there twice", async () => {
  const [alice, bob] = await meet("hangs");
  const home = homeOf(alice);
  await alice.produce();
  cluster.pause(home);
  try {
    for (const guest of [alice, bob]) {
      assert.equal((await guest.next("transportClosed", 40_000)).reason, "media-lost");
      await guest.recreate();
      assert.equal(homeOf(guest), other(home));
      guest.events = [];
    }
  } finally {
    cluster.resume(home);
  }
  await until(
    async () => (await cluster.metric(home, "confab_media_routers")) === 0,
    `the end of what ${home} had`,
  );
  await alice.produce();
  assert.deepEqual([...lost(alice), ...lost(bob)], []);
  alice.leave();
  bob.leave();
});
