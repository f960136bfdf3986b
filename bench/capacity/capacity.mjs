// Memory for each participant and consumer, processor time for each join: see bench/README.md.
import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs, promisify } from "node:util";
import { writeNoiseClip } from "../../tests/bench/ivf.mjs";
import { ConfabServer, whatIsTested } from "../../tests/e2e/support/confab_server.mjs";

const { values: options } = parseArgs({
  options: { json: { type: "string" }, seconds: { type: "string", default: "5" } },
});

/** Each is a server of its own, so that none inherits the memory of another. */
const SHAPES = {
  receivers: { rooms: 100, publishers: 0, subscribers: 2 },
  senders: { rooms: 100, publishers: 2, subscribers: 0 },
  rooms: { rooms: 10, publishers: 10, subscribers: 10 },
};

const folder = mkdtempSync(join(tmpdir(), "confab-capacity-"));
const clip = join(folder, "clip.ivf");

/** Runs `confab bench call`; its figures. */
async function call(server, { rooms, publishers, subscribers }, seconds) {
  const file = join(folder, "call.json");
  const size = ["--rooms", rooms, "--publishers", publishers, "--subscribers", subscribers];
  const rest = ["--seconds", seconds, "--json", file, "--server-pid", server.pid];
  const flags = ["bench", "call", server.origin, "--clip", clip, ...size, ...rest];
  await promisify(execFile)(whatIsTested().binary, flags.map(String));
  return JSON.parse(readFileSync(file, "utf8"));
}

async function measure(name, shape) {
  const server = await ConfabServer.start(join(folder, name));
  try {
    // What the first people ever cost is the program's, not theirs.
    await call(server, { rooms: 1, publishers: 1, subscribers: 1 }, 1);
    const figures = await call(server, shape, options.seconds);
    const people = shape.rooms * (shape.publishers + shape.subscribers);
    const { residentKb, residentKbBefore, joiningCpuSeconds, cpuPercent } = figures.server;
    process.stderr.write(`${name}: ${people} people, ${figures.all.consumers} consumers\n`);
    return {
      people,
      consumers: figures.all.consumers,
      emptyKb: residentKbBefore,
      grownKb: residentKb - residentKbBefore,
      joinMs: (joiningCpuSeconds * 1000) / people,
      cpuPercent,
    };
  } finally {
    await server.stop();
  }
}

async function measureAll() {
  const results = {};
  for (const [name, shape] of Object.entries(SHAPES)) results[name] = await measure(name, shape);
  return results;
}

/** What a room's memory holds beyond its people's own is its consumers'. */
function conclude({ receivers, senders, rooms }) {
  const receiverKb = receivers.grownKb / receivers.people;
  const senderKb = senders.grownKb / senders.people;
  const half = rooms.people / 2;
  return {
    emptyKb: receivers.emptyKb,
    receiverKb,
    senderKb,
    consumerKb: (rooms.grownKb - half * (receiverKb + senderKb)) / rooms.consumers,
    receiverJoinMs: receivers.joinMs,
    senderJoinMs: senders.joinMs,
    roomJoinMs: rooms.joinMs,
  };
}

function print(results, found) {
  const line = (text, value, unit) => console.log(`${text.padEnd(52)} ${value.toFixed(2)} ${unit}`);
  line("the empty process", found.emptyKb / 1024, "MB");
  line("memory for one who only receives, from nobody", found.receiverKb, "KB");
  line("memory for one who only sends", found.senderKb, "KB");
  line(`memory for a consumer (of ${results.rooms.consumers})`, found.consumerKb, "KB");
  line("processor time of a join that only receives", found.receiverJoinMs, "ms");
  line("processor time of a join that sends", found.senderJoinMs, "ms");
  line("processor time of a join to rooms of 20, media included", found.roomJoinMs, "ms");
}

try {
  process.env.CONFAB_WEB_DIR ??= join(folder, "pages");
  mkdirSync(join(folder, "pages"));
  writeFileSync(join(folder, "pages", "index.html"), "<!doctype html><title>-</title>");
  writeNoiseClip(clip);
  const results = await measureAll();
  const found = conclude(results);
  print(results, found);
  const json = JSON.stringify({ ...found, shapes: results });
  console.log(json);
  if (options.json) writeFileSync(options.json, `${json}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
