// What logs and scrapes cost a media worker: see bench/README.md.
import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeNoiseClip } from "../../tests/bench/ivf.mjs";
import { ConfabServer, whatIsTested } from "../../tests/e2e/support/confab_server.mjs";
import { linesIn } from "./log_lines.mjs";
import { readWorkers, scrapeEvery } from "./scrape.mjs";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "12" },
    seconds: { type: "string", default: "30" },
    rooms: { type: "string", default: "10" },
    publishers: { type: "string", default: "3" },
    subscribers: { type: "string", default: "3" },
    json: { type: "string" },
  },
});

/** As deployed, with a Prometheus beside it; and as quiet as it can be. */
const WAYS = {
  on: {
    flags: (folder) => ["--log-level", "info", "--log-folder", folder],
    scrapePeriodMs: 5000,
  },
  off: { flags: () => ["--log-level", "error", "--log-folder", "off"], scrapePeriodMs: 0 },
};
/** Beyond, the machine is too slow for this load, and its figures say nothing. */
const MOST_MISSING_PERCENT = 1;
/** The load goes on a little longer than is measured. */
const MARGIN_SECONDS = 3;

const folder = mkdtempSync(join(tmpdir(), "confab-observability-"));
const clip = join(folder, "clip.ivf");
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

/** Rooms full of people; resolves when media flows to all of them. */
async function startLoad(server) {
  const { rooms, publishers, subscribers, seconds } = options;
  const size = ["--rooms", rooms, "--publishers", publishers, "--subscribers", subscribers];
  const limits = [
    "--seconds",
    Number(seconds) + MARGIN_SECONDS,
    "--max-missing",
    MOST_MISSING_PERCENT,
  ];
  const flags = ["bench", "call", server.origin, "--clip", clip, ...size, ...limits];
  const child = spawn(whatIsTested().binary, flags.map(String), {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let said = "";
  const ended = new Promise((done) => {
    child.once("close", (code) => done(code));
  });
  const everyoneIsThere = new Promise((resolve, reject) => {
    const listen = (bytes) => {
      said += bytes;
      if (/^\d+ participants are in/m.test(said)) resolve();
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    ended.then((code) => reject(new Error(`confab bench call ended with ${code}: ${said}`)));
  });
  await everyoneIsThere;
  return {
    async end() {
      const code = await ended;
      if (code !== 0) throw new Error(`confab bench call ended with ${code}: ${said}`);
    },
  };
}

/** One server of its own, and what its workers took for a packet while everyone was there. */
async function measure(way, name) {
  const { flags, scrapePeriodMs } = WAYS[way];
  const place = join(folder, name);
  const logs = join(place, "logs");
  const server = await ConfabServer.start(place, flags(logs));
  try {
    const load = await startLoad(server);
    const scrapes = scrapeEvery(server, scrapePeriodMs);
    const before = await readWorkers(server);
    await pause(Number(options.seconds) * 1000);
    const after = await readWorkers(server);
    const scraped = await scrapes.end();
    await load.end();
    const packets = after.sentPackets - before.sentPackets;
    const nanoseconds = ((after.cpuSeconds - before.cpuSeconds) * 1e9) / packets;
    return { way, nanoseconds, packets, scraped, lines: linesIn(logs) };
  } finally {
    await server.stop();
  }
}

/** What is measured must have been on, and off. */
function check({ way, scraped, lines }) {
  const reports = lines["transport.report"] ?? 0;
  const isOn = scraped > 0 && reports > 0;
  if (way === "on" && !isOn) {
    throw new Error(`logs and scrapes were to be on: ${scraped} scrapes, ${reports} reports`);
  }
  if (way === "off" && (scraped > 0 || Object.keys(lines).length > 0)) {
    throw new Error("logs and scrapes were to be off");
  }
}

function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Both ways at the same time, so that both have the same machine; which begins, alternates. */
async function measureAll() {
  const runs = [];
  for (let round = 1; round <= Number(options.rounds); ++round) {
    const ways = round % 2 ? ["on", "off"] : ["off", "on"];
    const both = await Promise.all(ways.map((way) => measure(way, `${round}-${way}`)));
    for (const run of both) {
      check(run);
      const sum = Object.values(run.lines).reduce((all, count) => all + count, 0);
      const told = `${run.packets} packets, ${sum} lines, ${run.scraped} scrapes`;
      const way = run.way.padEnd(3);
      console.error(`round ${round}, ${way}: ${run.nanoseconds.toFixed(0)} ns (${told})`);
    }
    runs.push(...both);
  }
  return runs;
}

function conclude(runs) {
  const of = (way) => runs.filter((run) => run.way === way).map((run) => run.nanoseconds);
  const [on, off] = [of("on"), of("off")];
  const ratios = on.map((value, round) => value / off[round]);
  return { onNs: median(on), offNs: median(off), ...meanOf(ratios) };
}

/** The mean of the rounds' ratios and how far it may be off: its standard error. */
function meanOf(ratios) {
  const count = ratios.length;
  const ratio = ratios.reduce((sum, value) => sum + value, 0) / count;
  const squares = ratios.reduce((sum, value) => sum + (value - ratio) ** 2, 0);
  return { ratio, standardError: Math.sqrt(squares / (count - 1) / count) };
}

try {
  process.env.CONFAB_WEB_DIR ??= join(folder, "pages");
  mkdirSync(join(folder, "pages"));
  writeFileSync(join(folder, "pages", "index.html"), "<!doctype html><title>-</title>");
  writeNoiseClip(clip);
  const runs = await measureAll();
  const found = conclude(runs);
  console.log(
    `with logs and scrapes     ${found.onNs.toFixed(0)} ns of a worker for a packet sent`,
  );
  console.log(`without                   ${found.offNs.toFixed(0)} ns`);
  const off = found.standardError.toFixed(3);
  console.log(`ratio, mean of the rounds ${found.ratio.toFixed(3)} ± ${off} (standard error)`);
  const json = JSON.stringify({ ...found, options, runs });
  console.log(json);
  if (options.json) writeFileSync(options.json, `${json}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
