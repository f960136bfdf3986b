import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../../e2e/support/ports.mjs";
import { Cluster } from "../../services/support/cluster.mjs";
import { Redis } from "../../services/support/redis.mjs";
import { until } from "../../services/support/waiting.mjs";

const END_MS = 10_000;

/** One process of every role, with all that a role can have: a bus and a shared store. */
export class Roles {
  #folder = mkdtempSync(join(tmpdir(), "confab-metrics-"));
  #alone = [];

  static async start() {
    const roles = new Roles();
    try {
      await roles.#start();
    } catch (error) {
      await roles.stop();
      throw error;
    }
    return roles;
  }

  async #start() {
    this.redis = await Redis.start();
    const bus = { redis_url: this.redis.url };
    const store = { url: `sqlite:${join(this.#folder, "store.db")}` };
    const settings = (name) => (name === "m1" ? {} : { store, ...(name === "s1" ? { bus } : {}) });
    this.cluster = await Cluster.start({ names: ["m1", "s1", "g1"], settings });
    this.urls = {
      media: this.cluster.url("m1"),
      signaling: this.cluster.url("s1"),
      gateway: this.cluster.url("g1"),
      relay: await this.#run("relay", async (port) => ({
        instance: { region: "here" },
        bus,
        relay: { http_port: port, region: "there", redis_url: `${this.redis.url}/1` },
      })),
      serve: await this.#run("serve", async (port) => ({
        gateway: { port, port_tries: 1, web_dir: this.#pages() },
        media: { address: "127.0.0.1", port: await freePort() },
        logs: { port: 0 },
      })),
      logs: await this.#run("logs", async (port) => ({
        gateway: { web_dir: this.#pages() },
        log: { folder: this.#lines() },
        logs: { port },
      })),
    };
  }

  /** What a role shows at /metrics. */
  async exposition(role) {
    const response = await fetch(`${this.urls[role]}/metrics`);
    if (!response.ok) throw new Error(`${role}: ${response.status} ${await response.text()}`);
    return response.text();
  }

  async stop() {
    for (const { child, ended } of this.#alone) {
      const timer = setTimeout(() => child.kill("SIGKILL"), END_MS);
      child.kill("SIGTERM");
      await ended;
      clearTimeout(timer);
    }
    await this.cluster?.stop();
    await this.redis?.kill();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #run(role, sections) {
    const port = await freePort();
    const file = join(this.#folder, `${role}.toml`);
    const data = join(this.#folder, role);
    writeFileSync(file, toml({ log: { format: "json" }, ...(await sections(port)) }, data));
    const child = spawn(process.env.CONFAB_BINARY, [role, "--config", file], {
      cwd: this.#folder,
      env: { PATH: process.env.PATH, HOME: this.#folder },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const onExit = () => child.kill("SIGKILL");
    process.once("exit", onExit);
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
    const ended = new Promise((done) => child.once("close", done));
    ended.then(() => process.off("exit", onExit));
    this.#alone.push({ child, ended });
    const url = `http://127.0.0.1:${port}`;
    const answers = async () => (await fetch(`${url}/readyz`).catch(() => null))?.ok === true;
    await until(answers, () => `${role} to be ready: ${said}`);
    return url;
  }

  #lines() {
    const folder = join(this.#folder, "lines");
    mkdirSync(folder);
    return folder;
  }

  #pages() {
    const folder = join(this.#folder, "pages");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "index.html"), "<!doctype html><title>-</title>");
    return folder;
  }
}

function toml(sections, dataDir) {
  const lines = [`data_dir = ${JSON.stringify(dataDir)}`];
  for (const [section, keys] of Object.entries(sections)) {
    lines.push(`[${section}]`);
    for (const [key, value] of Object.entries(keys)) {
      lines.push(`${key} = ${JSON.stringify(value)}`);
    }
  }
  return `${lines.join("\n")}\n`;
}
