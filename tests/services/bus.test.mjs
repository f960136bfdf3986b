// The bus and the relay as operators see them: with real Redis servers, one of which goes away.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { freePort } from "../e2e/support/ports.mjs";
import { Cluster } from "./support/cluster.mjs";
import { until } from "./support/waiting.mjs";

const PASSWORD = "only for tests";

/** One region's Redis, with a password; keeps its port. */
class Redis {
  #folder;
  #server = null;

  constructor(folder, port) {
    this.#folder = folder;
    this.port = port;
    this.passwordFile = join(folder, "redis-password");
    writeFileSync(this.passwordFile, `${PASSWORD}\n`, { mode: 0o600 });
  }

  get settings() {
    return {
      redis_url: `redis://127.0.0.1:${this.port}/0`,
      redis_password_file: this.passwordFile,
    };
  }

  start() {
    const args = ["--port", `${this.port}`, "--bind", "127.0.0.1", "--dir", this.#folder];
    args.push("--save", "", "--requirepass", PASSWORD);
    this.#server = spawn("redis-server", args, { stdio: "ignore" });
    const server = this.#server;
    process.once("exit", () => server.kill("SIGKILL"));
  }

  async kill() {
    if (this.#server === null) return;
    const ended = once(this.#server, "close");
    this.#server.kill("SIGKILL");
    await ended;
    this.#server = null;
  }
}

let folder;
let eu;
let us;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "confab-bus-"));
  eu = new Redis(folder, await freePort());
  us = new Redis(folder, await freePort());
  eu.start();
  us.start();
});
after(async () => {
  await eu?.kill();
  await us?.kill();
  rmSync(folder, { recursive: true, force: true });
});

test("a signaling service says what it lacks while Redis is away, and is ready all the same", async () => {
  const settings = () => ({ bus: eu.settings });
  const cluster = await Cluster.make({ names: ["s1"], settings });
  const busIs = (what) => async () => what.test((await cluster.readiness("s1")).parts?.bus);
  try {
    await cluster.run("s1");
    await until(busIs(/^ready$/), "the bus");
    assert.equal(await cluster.metric("s1", "confab_bus_up"), 1);
    await eu.kill();
    await until(busIs(/^Calls go on, but .*Redis/), "its end");
    assert.equal(await cluster.metric("s1", "confab_bus_up"), 0);
    assert.ok((await cluster.metric("s1", "confab_bus_losses_total")) >= 1);
    await until(() => cluster.log("s1").includes('"bus.lost"'), "a line in the log");
    eu.start();
    await until(busIs(/^ready$/), "its return");
    await until(() => cluster.log("s1").includes('"bus.back"'), "a line in the log");
    assert.equal(await cluster.metric("s1", "confab_bus_wipes_total"), 1);
    await until(() => cluster.log("s1").includes('"bus.wiped"'), "a line in the log");
    assert.ok(!cluster.log("s1").includes(PASSWORD));
  } finally {
    await cluster.stop();
  }
});

test("a relay is ready while both regions answer", async () => {
  const http_port = await freePort();
  const file = join(folder, "relay.toml");
  const section = (name, keys) => [
    `[${name}]`,
    ...Object.entries(keys).map(([key, value]) => `${key} = ${JSON.stringify(value)}`),
  ];
  const lines = [
    `data_dir = ${JSON.stringify(join(folder, "data"))}`,
    ...section("instance", { id: "r1", region: "eu" }),
    ...section("bus", eu.settings),
    ...section("relay", { ...us.settings, region: "us", http_port }),
  ];
  writeFileSync(file, `${lines.join("\n")}\n`);
  const env = { PATH: process.env.PATH, HOME: folder };
  const options = { env, stdio: ["ignore", "ignore", "inherit"] };
  const relay = spawn(process.env.CONFAB_BINARY, ["relay", "--config", file], options);
  const ended = once(relay, "close");
  process.once("exit", () => relay.kill("SIGKILL"));
  let last;
  const answers = async (status, what) => {
    last = await fetch(`http://127.0.0.1:${http_port}/readyz`)
      .then(async (response) => ({ status: response.status, parts: (await response.json()).parts }))
      .catch(() => ({ status: 0 }));
    return last.status === status && what.test(last.parts.relay);
  };
  try {
    await until(
      () => answers(200, /^ready$/),
      () => `the relay: ${JSON.stringify(last)}`,
    );
    await us.kill();
    await until(
      () => answers(503, /Redis/),
      () => `its end: ${JSON.stringify(last)}`,
    );
    us.start();
    await until(
      () => answers(200, /^ready$/),
      () => `its return: ${JSON.stringify(last)}`,
    );
  } finally {
    relay.kill("SIGTERM");
  }
  assert.deepEqual(await ended, [0, null]);
});
