import { execFileSync, spawn } from "node:child_process";
import { createWriteStream, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../e2e/support/ports.mjs";
import { until } from "./waiting.mjs";

const START_MS = 20_000;
const END_MS = 10_000;
const COMMANDS = { m: "media", s: "signaling", g: "gateway", l: "logs" };

/**
 * Services as processes of their own on loopback, under names that say their kind: m1, s2, g1, l1.
 * They know each other by a static list, whether they run or not. Ports stay over a restart. Where
 * there is a log viewer, all write into its folder.
 */
export class Cluster {
  #processes = new Map();
  #settings;

  constructor(folder, settings) {
    this.folder = folder;
    this.#settings = settings;
  }

  /**
   * Chooses ports; starts nothing.
   * @param {{ names?: string[], settings?: (name: string) => Record<string, object> }} options
   *   settings: further sections of a process's configuration
   */
  static async make({ names = ["m1", "m2", "s1", "s2", "g1", "g2"], settings = () => ({}) } = {}) {
    const folder = mkdtempSync(join(tmpdir(), "confab-services-"));
    const cluster = new Cluster(folder, settings);
    for (const name of names) {
      const ports = { http: await freePort(), grpc: await freePort(), media: await freePort() };
      cluster.#processes.set(name, { ports, child: null, log: "" });
    }
    return cluster;
  }

  /** All of them, ready. */
  static async start(options) {
    const cluster = await Cluster.make(options);
    try {
      await Promise.all([...cluster.#processes.keys()].map((name) => cluster.run(name)));
      await Promise.all([...cluster.#processes.keys()].map((name) => cluster.untilReady(name)));
    } catch (error) {
      await cluster.stop();
      throw error;
    }
    return cluster;
  }

  ports(name) {
    return this.#processes.get(name).ports;
  }

  url(name) {
    return `http://127.0.0.1:${this.ports(name).http}`;
  }

  log(name) {
    return this.#processes.get(name).log;
  }

  /** Resolves when it says that it has started; rejects with what it said where it ends instead. */
  async run(name) {
    const entry = this.#processes.get(name);
    const file = join(this.folder, `${name}.toml`);
    writeFileSync(file, this.#configuration(name));
    const command = COMMANDS[name[0]];
    const child = spawn(process.env.CONFAB_BINARY, [command, "--config", file], {
      cwd: this.folder,
      env: { PATH: process.env.PATH, HOME: this.folder },
      stdio: ["ignore", "pipe", "pipe"],
    });
    entry.child = child;
    entry.log = "";
    const out = createWriteStream(join(this.folder, `${name}.log`), { flags: "a" });
    const onExit = () => child.kill("SIGKILL");
    process.once("exit", onExit);
    child.once("close", () => process.off("exit", onExit));
    let ended = false;
    entry.ended = new Promise((done) => {
      child.once("close", (code, signal) => {
        ended = true;
        entry.status = code ?? signal;
        done();
      });
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (bytes) => {
        out.write(bytes);
        entry.log += bytes;
      });
    }
    await until(
      () => ended || entry.log.includes("has started\n"),
      () => `the start of ${name}: ${entry.log}`,
      START_MS,
    );
    if (ended) throw new Error(`${name} ended with ${entry.status}: ${entry.log}`);
  }

  async untilReady(name) {
    let last;
    await until(
      async () => {
        last = await this.readiness(name);
        return last.status === 200;
      },
      () => `${name} to be ready: ${JSON.stringify(last)}`,
    );
  }

  /** What /readyz says: { status, parts }; status 0 where nothing answers. */
  async readiness(name) {
    try {
      const response = await fetch(`${this.url(name)}/readyz`);
      return { status: response.status, parts: (await response.json()).parts };
    } catch {
      return { status: 0 };
    }
  }

  /** What a gateway tells of the whole system: GET /api/v1/state. */
  async state(name) {
    const scope = ["token", "api", "--scope", "state:read", "--data-dir", this.#data()];
    const token = execFileSync(process.env.CONFAB_BINARY, scope, { encoding: "utf8" }).trim();
    const headers = { Authorization: `Bearer ${token}` };
    return (await fetch(`${this.url(name)}/api/v1/state`, { headers })).json();
  }

  /** The value of a metric without labels. */
  async metric(name, metric) {
    const text = await (await fetch(`${this.url(name)}/metrics`)).text();
    const line = text.split("\n").find((each) => each.startsWith(`${metric} `));
    return line === undefined ? undefined : Number(line.slice(metric.length + 1));
  }

  /** The end that no program sees coming. */
  async kill(name) {
    const entry = this.#processes.get(name);
    entry.child.kill("SIGKILL");
    await entry.ended;
    entry.child = null;
  }

  /** It hangs, until it goes on. */
  pause(name) {
    this.#processes.get(name).child.kill("SIGSTOP");
  }

  resume(name) {
    this.#processes.get(name).child.kill("SIGCONT");
  }

  /** SIGTERM; the status with which it ended. */
  async end(name) {
    const entry = this.#processes.get(name);
    if (!entry.child) return 0;
    const timer = setTimeout(() => entry.child?.kill("SIGKILL"), END_MS);
    entry.child.kill("SIGTERM");
    await entry.ended;
    clearTimeout(timer);
    entry.child = null;
    return entry.status;
  }

  /** Gateways first, so that nothing is reconnected to for nothing. Throws where one ended badly. */
  async stop() {
    const bad = [];
    for (const name of [...this.#processes.keys()].sort()) {
      const status = await this.end(name);
      if (status !== 0) bad.push(`${name} ended with ${status}: ${this.log(name).slice(-4000)}`);
    }
    rmSync(this.folder, { recursive: true, force: true });
    if (bad.length > 0) throw new Error(bad.join("\n"));
  }

  /** Of the log files of all. */
  get logs() {
    return join(this.folder, "logs");
  }

  #logFolder() {
    return this.#instances("l").length > 0 ? { folder: this.logs } : {};
  }

  #data() {
    return join(this.folder, "data");
  }

  #instances(kind) {
    return [...this.#processes]
      .filter(([name]) => name.startsWith(kind))
      .map(([name, { ports }]) => `${name}=127.0.0.1:${ports.http}/${ports.grpc}`);
  }

  #configuration(name) {
    const { http, grpc, media } = this.ports(name);
    const sections = {
      log: { level: "info", format: "json", ...this.#logFolder() },
      logs: { port: http },
      gateway: { port: http, port_tries: 1, web_dir: this.#pages() },
      signaling: { port: http, grpc_port: grpc, grace_ms: 5000 },
      media: { address: "127.0.0.1", port: media, grpc_port: grpc, http_port: http },
      instance: { id: name },
      discovery: {
        gateways: this.#instances("g"),
        signaling: this.#instances("s"),
        media: this.#instances("m"),
        logs: this.#instances("l"),
      },
    };
    for (const [section, keys] of Object.entries(this.#settings(name))) {
      sections[section] = { ...sections[section], ...keys };
    }
    const lines = [`data_dir = ${JSON.stringify(this.#data())}`];
    for (const [section, keys] of Object.entries(sections)) {
      lines.push(`[${section}]`);
      for (const [key, value] of Object.entries(keys)) {
        lines.push(`${key} = ${JSON.stringify(value)}`);
      }
    }
    return `${lines.join("\n")}\n`;
  }

  #pages() {
    const folder = join(this.folder, "pages");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "index.html"), "<!doctype html><title>-</title>");
    return folder;
  }
}
