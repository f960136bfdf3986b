// The real Prometheus of a stack, with the configuration of deploy/: it finds every instance, and
// after a scripted call every panel of the dashboards has data, and the numbers are the script's.
// The tests are one story, told in order.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { writeNoiseClip } from "../bench/ivf.mjs";
import { Guest } from "../services/support/guest.mjs";
import { until, within } from "../services/support/waiting.mjs";
import { Prometheus } from "./support/prometheus.mjs";
import { Stack } from "./support/stack.mjs";

const DASHBOARDS = fileURLToPath(new URL("../../deploy/grafana/dashboards", import.meta.url));
const ROLES = ["gateway", "signaling", "media"];
/** It asks the gateways every 5 s here, and then what they name. */
const FOUND_MS = 60_000;
const [PUBLISHERS, SUBSCRIBERS] = [2, 2];
const MESSAGES = 30;
/** Of a thousand packets. */
const LOSE = 40;
/** The rates of a minute are those of the call alone, and what the reports tell has settled. */
const CALL_MS = 80_000;
/** RTP's header, extensions and the tag of SRTP: what a packet has beside its payload. */
const OVERHEAD_BYTES = 12 + 20 + 16;
const TOLERANCE = 0.1;

let stack;
let prometheus;
let guest;
let figures;
const seen = {};

before(async () => {
  stack = await Stack.up("prometheus");
  prometheus = new Prometheus(stack);
});
after(async () => {
  guest?.leave();
  await stack?.down();
});

/** Runs a call; `look` is called in its last seconds. Resolves with its figures. */
async function call(look) {
  const clip = join(stack.folder, "state", "clip.ivf");
  writeNoiseClip(clip);
  const people = ["--publishers", String(PUBLISHERS), "--subscribers", String(SUBSCRIBERS)];
  const flags = ["--clip", clip, "--seconds", "0", "--max-missing", "100", "--lose", String(LOSE)];
  const args = ["bench", "call", stack.origin, ...people, ...flags];
  const child = spawn(process.env.CONFAB_BINARY, args, { stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
  const ended = once(child, "close");
  try {
    await until(
      () => said.includes("participants are in"),
      () => `the call: ${said}`,
      60_000,
    );
    await pause(CALL_MS);
    await look();
  } finally {
    child.kill("SIGINT");
  }
  const [status] = await within(ended, "the end of the call", 20_000);
  assert.equal(status, 0, said);
  return JSON.parse(said.trim().split("\n").at(-1));
}

test("every instance of every role is a target that answers", async () => {
  const both = ROLES.flatMap((role) => stack.both(role).map((name) => `${role} ${name} up`));
  const expected = [...both, "logs logs up"];
  let targets;
  const areFound = async () => {
    targets = (await prometheus.targets()).map(
      ({ role, instance, health }) => `${role} ${instance} ${health}`,
    );
    return targets.toSorted().join() === expected.toSorted().join();
  };
  await until(areFound, () => `every target to be up: ${JSON.stringify(targets)}`, FOUND_MS);
  const versions = await prometheus.query("count by (version) (confab_build_info)");
  assert.deepEqual(
    versions.map(({ value }) => value),
    [both.length], // the viewer has numbers about its reading alone
  );
});

test("a scripted call", async () => {
  guest = await Guest.join(stack.origin, "chat");
  for (let i = 0; i < MESSAGES; ++i) {
    await guest.request("sendMessage", { id: `message-${i}`, text: `${i}` });
    await pause(250); // within the rate of one person
  }
  figures = await call(async () => {
    seen.participants = await prometheus.value("sum(confab_participants)");
    seen.bits = await prometheus.value('confab:media_bits:rate1m{way="down"}');
    seen.packets = await prometheus.value("sum(rate(confab_media_sent_packets_total[1m]))");
    seen.loss = await prometheus.value('confab:media_loss:ratio5m{way="down"}');
    seen.messages = await prometheus.value("sum(confab_chat_messages_total)");
    seen.empty = await panelsWithoutData();
    seen.alerts = await prometheus.alerts();
  });
});

test("participants, bitrate, loss and messages are the script's", (context) => {
  const { all, seconds } = figures;
  const assertNear = (value, expected, what) => {
    context.diagnostic(`${what}: ${value}, by the script ${expected}`);
    const near = Math.abs(value - expected) <= TOLERANCE * Math.abs(expected);
    assert.ok(near, `${what} is ${value}, by the script ${expected}`);
  };
  assertNear(seen.participants, PUBLISHERS + SUBSCRIBERS + 1, "the number of participants");
  assertNear(seen.messages, MESSAGES, "the number of messages");
  const { packetsReceived, packetsThrownAway, packetsRecovered, megabitsPerSecond } = all;
  assertNear(seen.loss, packetsThrownAway / (packetsReceived + packetsThrownAway), "the loss");
  const perSecond = (packetsReceived - packetsRecovered) / seconds;
  const bits = megabitsPerSecond * 1e6 + perSecond * OVERHEAD_BYTES * 8;
  assertNear(seen.bits * (1 - seen.loss), bits, "the bitrate");
});

test("every panel of every dashboard has data", () => assert.deepEqual(seen.empty, []));

test("no alert fires", () => assert.deepEqual(seen.alerts, []));

test("a media instance that is killed is no target any more, and missed", async () => {
  await stack.kill("media-2");
  const areLeft = async () =>
    (await prometheus.query('up{role="media"} == 1'))
      .map(({ labels }) => labels.instance)
      .join() === "media-1";
  await until(areLeft, "media-2 to be gone", FOUND_MS);
  const fires = async () => (await prometheus.alerts()).includes("ConfabMediaInstanceAway");
  await until(fires, "the alert ConfabMediaInstanceAway", 2 * FOUND_MS);
});

/** "dashboard: panel: query" of each that answers with nothing or with no number. */
async function panelsWithoutData() {
  const empty = [];
  for (const file of readdirSync(DASHBOARDS)) {
    const { title, panels } = JSON.parse(readFileSync(join(DASHBOARDS, file), "utf8"));
    for (const panel of panels) {
      for (const { expr } of panel.targets) {
        const samples = await prometheus.query(expr);
        if (!samples.some(({ value }) => Number.isFinite(value))) {
          empty.push(`${title}: ${panel.title}: ${expr}`);
        }
      }
    }
  }
  return empty;
}
