// What the services write into the folder of logs, and that one join is one trace in all of them.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { writeNoiseClip } from "../bench/ivf.mjs";
import { Cluster } from "./support/cluster.mjs";
import { Guest } from "./support/guest.mjs";
import { until } from "./support/waiting.mjs";

const NAMES = ["m1", "s1", "g1"];
const FILE = /^(media-m1|signaling-s1|gateway-g1)\.\d{8}T\d{6}\.\d{6}Z\.jsonl$/;
const TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

const folder = mkdtempSync(join(tmpdir(), "confab-traces-"));
const logs = join(folder, "all", "logs");
let cluster;
before(async () => {
  cluster = await Cluster.start({ names: NAMES, settings: () => ({ log: { folder: logs } }) });
});
after(async () => {
  await cluster?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Every line that is in the folder by now. */
const lines = () =>
  readdirSync(logs)
    .flatMap((name) => readFileSync(join(logs, name), "utf8").split("\n"))
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

async function untilLines(match, what) {
  let found = [];
  await until(
    () => {
      found = lines().filter(match);
      return what.every(([service, event]) =>
        found.some((line) => line.service === service && line.event === event),
      );
    },
    () => `${JSON.stringify(what)} in ${JSON.stringify(found)}`,
  );
  return found;
}

/** What stands for a room's name in logs: base32 of the first half of its SHA-256. */
function hashed(name) {
  const bits = [...createHash("sha256").update(name).digest().subarray(0, 16)]
    .map((octet) => octet.toString(2).padStart(8, "0"))
    .join("");
  const digits = "abcdefghijklmnopqrstuvwxyz234567";
  return bits.replace(/.{1,5}/g, (five) => digits[Number.parseInt(five.padEnd(5, "0"), 2)]);
}

const hex = (bytes) => randomBytes(bytes).toString("hex");

/** In by an invitation and a join that carry this, and sending. */
async function join1(room, traceparent, name = "Guest") {
  const url = cluster.url("g1");
  const headers = { traceparent };
  const answer = await fetch(`${url}/api/v1/rooms/${room}/guest-tokens`, {
    method: "POST",
    headers,
  });
  const guest = new Guest(room);
  guest.traceparent = traceparent;
  guest.name = name;
  await guest.connect(url, { token: (await answer.json()).token });
  await guest.join();
  await guest.produce();
  return guest;
}

test("every process writes JSON lines to a file of its own, which its group may read", async () => {
  const names = readdirSync(logs).sort();
  assert.equal(names.length, NAMES.length);
  for (const name of names) {
    assert.match(name, FILE);
    assert.equal(statSync(join(logs, name)).mode & 0o027, 0);
  }
  await untilLines(
    () => true,
    ["gateway", "signaling", "media"].map((service) => [service, "service.started"]),
  );
  for (const line of lines()) {
    assert.match(line.time, TIME);
    assert.ok(["info", "warning", "error"].includes(line.level), line.level);
    assert.ok(NAMES.includes(line.instance), line.instance);
  }
});

test("one join is one trace in gateway, signaling and media, and its lines say whose it is", async () => {
  const trace = hex(16);
  const guest = await join1("tea", `00-${trace}-${hex(8)}-01`);
  const found = await untilLines(
    (line) => line.trace === trace,
    [
      ["gateway", "api.call"],
      ["signaling", "participant.joined"],
      ["signaling", "producer.added"],
      ["media", "transport.created"],
      ["media", "producer.added"],
    ],
  );
  const made = found.filter(({ event }) => event === "transport.created");
  assert.equal(made.length, 2);
  assert.equal(new Set(made.map(({ transport }) => transport)).size, 2);
  const sessions = new Set();
  for (const line of found) {
    assert.equal(line.room, hashed("tea"));
    if (line.service === "gateway") continue;
    assert.equal(line.participant, guest.id, JSON.stringify(line));
    sessions.add(line.session);
  }
  assert.equal(sessions.size, 1);
  assert.match([...sessions][0], /^s1-\d+$/);
  guest.leave();
});

test("who leaves, and what is closed for that, is told in the same trace", async () => {
  const trace = hex(16);
  const guest = await join1("cocoa", `00-${trace}-${hex(8)}-01`);
  await guest.request("leaveRoom", {});
  const found = await untilLines(
    (line) => line.trace === trace,
    [
      ["signaling", "participant.left"],
      ["media", "transport.closed"],
    ],
  );
  const left = found.find(({ event }) => event === "participant.left");
  assert.equal(left.reason, "left");
  assert.equal(left.participant, guest.id);
  const closed = found.find(({ event }) => event === "transport.closed");
  assert.equal(closed.reason, "asked");
  assert.equal(closed.participant, guest.id);
  guest.leave();
});

test("a transport that connects is told by media and by signaling, in one trace", async () => {
  const clip = join(folder, "clip.ivf");
  writeNoiseClip(clip);
  const people = ["--rooms", "1", "--publishers", "1", "--subscribers", "1", "--seconds", "1"];
  const command = ["bench", "call", cluster.url("g1"), "--clip", clip, ...people];
  const child = spawn(process.env.CONFAB_BINARY, command, { stdio: "ignore" });
  const [status] = await once(child, "close");
  assert.equal(status, 0);
  const connected = await untilLines(
    ({ event }) => event === "transport.connected",
    [
      ["signaling", "transport.connected"],
      ["media", "transport.connected"],
    ],
  );
  const of = (service) =>
    connected
      .filter((line) => line.service === service)
      .map(({ transport, room, participant, trace }) =>
        [transport, room, participant, trace].join(" "),
      )
      .sort();
  assert.ok(of("media").length >= 2);
  assert.deepEqual(of("signaling"), of("media"));
  const told = connected.filter(({ service }) => service === "signaling");
  for (const { direction, after_us } of told) {
    assert.match(direction, /^(send|recv|both)$/);
    assert.ok(after_us > 0, `${after_us}`);
  }
});

test("where there is no trace, or a broken one, the first server begins one", async () => {
  const guest = await join1("coffee", `00-${"0".repeat(32)}-${hex(8)}-01`);
  const ofGuest = (line) => line.participant === guest.id;
  const found = await untilLines(ofGuest, [
    ["signaling", "participant.joined"],
    ["media", "transport.created"],
    ["media", "producer.added"],
  ]);
  const traces = new Set(found.map(({ trace }) => trace));
  assert.equal(traces.size, 1);
  assert.match([...traces][0], /^(?!0{32})[0-9a-f]{32}$/);
  guest.leave();
});

test("a refused event is found by the error's id, with room and trace", async () => {
  const guest = await join1("milk", `00-${hex(16)}-${hex(8)}-01`);
  const error = await guest.request("pauseProducer", { producerId: "none" }).catch((each) => each);
  const byId = (line) => line.error_id === error.id;
  const [line] = await untilLines(byId, [["signaling", "message.refused"]]);
  assert.equal(line.trace, guest.traceparent.split("-")[1]);
  assert.equal(line.room, hashed("milk"));
  assert.equal(line.participant, guest.id);
  assert.equal(line.code, "producer_not_found");
  guest.leave();
});

test("no name of anybody or of a room and no token is in the files", async () => {
  const guest = await join1("sugar", `00-${hex(16)}-${hex(8)}-01`, "Ada Lovelace");
  await untilLines((line) => line.participant === guest.id, [["signaling", "participant.joined"]]);
  // The server's own addresses, which are these here, are nobody's.
  const text = lines()
    .map(({ announced, local, ...line }) => JSON.stringify(line))
    .join("\n");
  for (const secret of [
    "Ada",
    "Lovelace",
    "sugar",
    "127.0.0.1",
    guest.token,
    guest.resumeToken,
    guest.socket.io.engine.id,
  ]) {
    assert.ok(!text.includes(secret), secret);
  }
  guest.leave();
});

test("a folder that goes away costs its lines and nothing else, and a scrape counts them", async () => {
  const lost = async () => {
    const text = await (await fetch(`${cluster.url("s1")}/metrics`)).text();
    return Number(/^confab_log_lines_lost_total\{place="folder"\} (\d+)$/m.exec(text)?.[1]);
  };
  assert.equal(await lost(), 0);
  rmSync(logs, { recursive: true });
  writeFileSync(logs, "a file in the folder's place");
  const guest = await join1("honey", `00-${hex(16)}-${hex(8)}-01`);
  await until(
    async () => (await lost()) > 0,
    () => "lines to be lost",
  );
  await until(
    () => cluster.log("s1").includes('"event":"log.folder_lost"'),
    () => `it to be said: ${cluster.log("s1")}`,
  );
  assert.equal(cluster.log("s1").split("log.folder_lost").length, 2, "said once");
  guest.leave();

  rmSync(logs);
  await until(
    async () => {
      (await join1("honey", `00-${hex(16)}-${hex(8)}-01`)).leave();
      return cluster.log("s1").includes('"event":"log.folder_back"');
    },
    () => "it to be back",
  );
  await untilLines(() => true, [["app", "log.folder_back"]]);
});
