import assert from "node:assert/strict";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { writeNoiseClip } from "../../bench/ivf.mjs";
import { ConfabServer, whatIsTested } from "../../e2e/support/confab_server.mjs";
import { assertNothingLost, Call } from "./call.mjs";
import { until, within } from "./waiting.mjs";

/** Metrics of media are brought up to date once a second. */
const COUNTED_MS = 10_000;
const ANSWER_MS = 3000;
/**
 * How much the server may grow under an attack. Pools that fill for the first time and, with the
 * sanitizers, what they keep back of freed memory (8 MB, see #startProgram) fit; what is kept of each
 * of a hundred thousand packets does not. The log viewer keeps lines, up to a limit of its own: it is
 * off.
 */
export const GROWTH_KB = 24 * 1024;

/** A `confab serve` on loopback that is going to be attacked, and what is there to attack it with. */
export class Target {
  #server;

  /** @param {{ flags?: string[], descriptors?: number, softDescriptors?: number }} options */
  static async start(options = {}) {
    const target = new Target();
    target.folder = mkdtempSync(join(tmpdir(), "confab-hostile-"));
    const pages = join(target.folder, "pages");
    mkdirSync(pages);
    writeFileSync(join(pages, "index.html"), "<!doctype html><title>-</title>");
    target.clip = join(target.folder, "clip.ivf");
    writeNoiseClip(target.clip);
    await target.#startProgram(pages, options);
    return target;
  }

  /** The program by way of a script: with its own limits, and the sanitizers set for measuring. */
  async #startProgram(
    pages,
    { flags = ["--media-address", "127.0.0.1"], descriptors, softDescriptors },
  ) {
    const { CONFAB_BINARY, CONFAB_WEB_DIR } = process.env;
    process.env.CONFAB_WEB_DIR = pages;
    const { binary } = whatIsTested();
    this.program = binary;
    const script = join(this.folder, "confab");
    const limits = [
      descriptors ? `ulimit -n ${descriptors}\n` : "",
      softDescriptors ? `ulimit -S -n ${softDescriptors}\n` : "",
    ].join("");
    // Freed memory that is kept back to find faults would look like a leak.
    const sanitizers =
      "export ASAN_OPTIONS=quarantine_size_mb=8:thread_local_quarantine_size_kb=64\n";
    const withoutViewer = "export CONFAB_LOGS_PORT=0 CONFAB_LOG_FOLDER=off\n";
    writeFileSync(
      script,
      `#!/bin/sh\n${limits}${sanitizers}${withoutViewer}exec '${binary}' "$@"\n`,
    );
    chmodSync(script, 0o755);
    process.env.CONFAB_BINARY = script;
    try {
      this.#server = await ConfabServer.start(join(this.folder, "server"), flags);
    } finally {
      restore("CONFAB_BINARY", CONFAB_BINARY);
      restore("CONFAB_WEB_DIR", CONFAB_WEB_DIR);
    }
    const report = readFileSync(join(this.folder, "server", "server-1.log"), "utf8");
    this.mediaPort = Number(/"service":"media".*?"port":(\d+)/.exec(report)?.[1]);
  }

  get origin() {
    return this.#server.origin;
  }

  get pagePort() {
    return Number(new URL(this.origin).port);
  }

  /** What it has logged. */
  log() {
    return readFileSync(join(this.folder, "server", "server-1.log"), "utf8");
  }

  residentKb() {
    const status = readFileSync(`/proc/${this.#server.pid}/status`, "utf8");
    return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)[1]);
  }

  async metrics() {
    const text = await (await this.#fetch("/metrics")).text();
    const metrics = new Map();
    for (const line of text.split("\n").filter((each) => each && !each.startsWith("#"))) {
      const at = line.lastIndexOf(" ");
      const [name, value] = [line.slice(0, at), Number(line.slice(at + 1))];
      metrics.set(name, value);
      // Without its labels a name is their sum.
      const bare = name.split("{")[0];
      if (bare !== name) metrics.set(bare, (metrics.get(bare) ?? 0) + value);
    }
    return metrics;
  }

  async answers() {
    const response = await this.#fetch("/healthz");
    assert.equal(response.status, 200);
    assert.equal((await this.#fetch("/readyz")).status, 200);
  }

  #fetch(path) {
    return within(fetch(this.origin + path), ANSWER_MS, `an answer to ${path}`);
  }

  async stop() {
    await this.#server?.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /**
   * Has a call while `attack` runs, and afterwards: nothing of the call is lost, the server answers
   * and has not grown, and the counters that prove the attack's arrival have moved.
   * @param {Record<string, number>} moved by how much at least, by the name in /metrics
   */
  async whileCalling(attack, { moved, growthKb = GROWTH_KB, repaired = false, people = {} }) {
    const call = await Call.start(this, people);
    try {
      const before = await this.metrics();
      const residentKb = this.residentKb();
      const result = await attack(call, before);
      await this.answers();
      await this.untilMoved(before, moved);
      const grownKb = this.residentKb() - residentKb;
      const figures = await call.end();
      assertNothingLost(figures, { repaired });
      assert.ok(grownKb < growthKb, `the server has grown by ${grownKb} KB`);
      return { result, figures, grownKb };
    } finally {
      call.kill();
    }
  }

  /** Asks the metrics until `condition` holds of them. */
  until(condition, what) {
    return until(async () => condition(await this.metrics()), { ms: COUNTED_MS }, what);
  }

  async untilMoved(before, moved) {
    let now = before;
    const missing = () =>
      Object.entries(moved)
        .map(([name, least]) => [name, least, (now.get(name) ?? NaN) - (before.get(name) ?? 0)])
        .filter(([, least, by]) => !(by >= least));
    const look = async () => {
      now = await this.metrics();
      return missing().length === 0;
    };
    const say = () =>
      missing()
        .map(([name, least, by]) => `${name} to move by ${least} (it did by ${by})`)
        .join(", ");
    await until(look, { ms: COUNTED_MS }, say);
  }
}

function restore(name, value) {
  if (value === undefined) delete process.env[name];
  else process.env[name] = value;
}

export const dropped = (reason) => `confab_media_dropped_packets_total{reason="${reason}"}`;
