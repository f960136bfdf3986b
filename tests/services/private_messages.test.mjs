// Where a private message goes between three signaling services: over a real Redis to the one that has
// its recipient, and into nobody's log, all of them at their most talkative.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { invitation } from "../support/invitation.mjs";
import { Cluster } from "./support/cluster.mjs";
import { Guest } from "./support/guest.mjs";
import { Redis } from "./support/redis.mjs";
import { until } from "./support/waiting.mjs";

const NAMES = ["m1", "s1", "s2", "s3", "g1"];
const ROOM = "Confidential-Room";
const PUBLIC = "words for everybody in here";
const PRIVATE = "words for Charles alone";
const MORE = "and more of them, to the one who left";
const PEOPLE = { s1: "Ada Lovelace", s2: "Charles Babbage", s3: "Grace Hopper" };

let redis;
let cluster;
let bus;
before(async () => {
  redis = await Redis.start();
  bus = await Monitor.start(redis.port);
  const log = { level: "debug" };
  const settings = (name) =>
    name.startsWith("s") ? { log, bus: { redis_url: redis.url } } : { log };
  cluster = await Cluster.start({ names: NAMES, settings });
});
after(async () => {
  await cluster?.stop();
  bus?.stop();
  await redis?.stop();
});

/** Every command that comes to Redis, those of its scripts included. */
class Monitor {
  #text = "";

  static async start(port) {
    const monitor = new Monitor();
    monitor.socket = connect(port, "127.0.0.1");
    monitor.socket.setEncoding("latin1");
    monitor.socket.on("data", (text) => (monitor.#text += text));
    monitor.socket.write("MONITOR\r\n");
    await until(() => monitor.#text.startsWith("+OK"), "Redis to be watched");
    return monitor;
  }

  /** { name, channel } of each command with that text in it. */
  with(text) {
    const lines = this.#text.split("\r\n").slice(1, -1);
    const commands = lines.filter((line) => line.includes(text));
    return commands.map((line) => {
      const [, name, channel] = /\] "([^"]*)"(?: "([^"]*)")?/.exec(line) ?? [];
      return { name, channel };
    });
  }

  stop() {
    this.socket.destroy();
  }
}

/** The number of those who listen to that channel. */
async function listeners(channel) {
  const socket = connect(redis.port, "127.0.0.1");
  let reply = "";
  socket.on("data", (bytes) => (reply += bytes));
  socket.write(`PUBSUB NUMSUB ${channel}\r\n`);
  try {
    await until(() => /\r\n:\d+\r\n$/.test(reply), "Redis's answer");
    return Number(/:(\d+)\r\n$/.exec(reply)[1]);
  } finally {
    socket.destroy();
  }
}

/** At this signaling service, whatever the gateway would have chosen. */
async function enter(name) {
  const guest = new Guest(ROOM);
  guest.name = PEOPLE[name];
  const token = await invitation(cluster.url("g1"), ROOM);
  await guest.connect(cluster.url(name), { token });
  await guest.join();
  assert.equal(guest.signaling, name);
  return guest;
}

const say = (guest, text, more = {}) =>
  guest.request("sendMessage", { id: crypto.randomUUID(), text, ...more });

const knows = (guest, count) =>
  until(
    () => guest.events.filter(({ name }) => name === "participantJoined").length >= count,
    "everybody to be seen",
  );

test("a private message goes over the bus to its recipient's service alone, and into no log", async () => {
  const ada = await enter("s1");
  const charles = await enter("s2");
  const grace = await enter("s3");
  await knows(ada, 2);

  await ada.request("typing", { to: charles.id });
  assert.equal((await charles.next("typing")).participantId, ada.id);
  await say(ada, PRIVATE, { to: charles.id });
  assert.equal((await charles.next("message")).message.text, PRIVATE);
  await say(ada, PUBLIC);
  for (const guest of [charles, grace]) {
    assert.equal((await guest.next("message")).message.text, PUBLIC);
  }
  assert.ok(!grace.has("message"), "the private one came before the public one, or never");
  assert.ok(!grace.has("typing"));

  // To everybody is written into the room's log at the bus: else this test would not see what is.
  assert.ok(bus.with(PUBLIC).some(({ name }) => name !== "PUBLISH"));
  const sent = bus.with(PRIVATE);
  assert.equal(sent.length, 1, JSON.stringify(sent));
  const [{ name, channel }] = sent;
  assert.equal(name, "PUBLISH", "it is passed on, and kept nowhere");
  assert.match(channel, /\bs2\b/);
  assert.doesNotMatch(channel, /\bs[13]\b/);
  assert.equal(await listeners(channel), 1, "nobody else hears what is said to s2");

  // Nor does a refused one go anywhere.
  await charles.request("leaveRoom", {});
  await ada.next("participantLeft");
  await assert.rejects(say(ada, MORE, { to: charles.id }), { code: "participant_not_found" });
  assert.deepEqual(bus.with(MORE), []);

  await until(
    () => cluster.log("s2").includes('"event":"participant.left"'),
    "what happened to be logged",
  );
  for (const guest of [ada, charles, grace]) guest.leave();
  const secrets = [
    ROOM,
    PUBLIC,
    PRIVATE,
    MORE,
    ...Object.values(PEOPLE).flatMap((n) => n.split(" ")),
  ];
  for (const name of NAMES) {
    assert.ok(
      cluster.log(name).includes('"level":"debug"') || name === "m1",
      `${name} is talkative`,
    );
    for (const secret of secrets)
      assert.ok(!cluster.log(name).includes(secret), `${secret}: ${name}`);
  }
});
