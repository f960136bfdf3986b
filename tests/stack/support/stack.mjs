import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { until } from "../../services/support/waiting.mjs";

const PROGRAM = fileURLToPath(new URL("../../../tools/stack/main.mjs", import.meta.url));
/** An orderly end tells everybody. */
const END_MS = 20_000;
const BAD_WORDS = /AddressSanitizer|LeakSanitizer|runtime error:|CHECK failed|"level":"error"/;

/**
 * A stack of its own, on free ports, in a folder of the tests, by the program that ./dev stack runs.
 * run.sh takes down what a test leaves.
 */
export class Stack {
  /** @param {string[]} flags of `up`: which gates, for example */
  constructor(name, flags = []) {
    const { CONFAB_STACKS, CONFAB_BINARY, CONFAB_WEB_DIR } = process.env;
    assert.ok(CONFAB_STACKS, "run.sh makes the folder: run that, or ./dev stack test");
    this.folder = join(CONFAB_STACKS, name);
    this.program = ["--binary", CONFAB_BINARY, "--web-dir", CONFAB_WEB_DIR, ...flags];
  }

  static async up(name, flags) {
    const stack = new Stack(name, flags);
    await stack.up();
    return stack;
  }

  /** What the command says, whatever its status. */
  async say(command, ...flags) {
    const args = [PROGRAM, command, "--folder", this.folder, ...flags];
    const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (text) => (said += text));
    const [status] = await once(child, "close");
    return { said, status };
  }

  /** Starts what is missing. */
  async up(...flags) {
    const { said, status } = await this.say("up", "--free-ports", ...this.program, ...flags);
    assert.equal(status, 0, said);
    this.ports = JSON.parse(readFileSync(join(this.folder, "stack.json"), "utf8")).ports;
    return said;
  }

  /** The same without waiting until it is healthy. */
  async upAtOnce() {
    await this.say("up", "--free-ports", "--at-once", ...this.program);
  }

  /** Ends it. Throws where something is left, or where a program of ours has found a fault in itself. */
  async down() {
    if (!existsSync(this.folder)) return;
    const { said, status } = await this.say("down", "--keep");
    assert.equal(status, 0, said);
    assert.deepEqual(readdirSync(this.folder), ["logs"]);
    const logs = join(this.folder, "logs");
    for (const file of readdirSync(logs).filter((name) =>
      /^(gateway|signaling|media)/.test(name),
    )) {
      const faults = readFileSync(join(logs, file), "utf8").split("\n");
      const at = faults.findIndex((line) => BAD_WORDS.test(line));
      assert.equal(at, -1, `${file}: ${faults.slice(at, at + 40).join("\n")}`);
    }
    rmSync(this.folder, { recursive: true });
  }

  /** Through nginx, as people come. */
  get origin() {
    return `http://localhost:${this.ports.nginx.http}`;
  }

  url(name) {
    return `http://127.0.0.1:${this.ports[name].http}`;
  }

  pid(name) {
    return Number(readFileSync(join(this.folder, "run", `${name}.pid`), "utf8").split("\n")[0]);
  }

  /** The end that no program sees coming. */
  async kill(name) {
    await this.end(name, "SIGKILL");
  }

  /** The same, where it runs at all. */
  async killIfThere(name) {
    if (await this.runs(name)) await this.kill(name);
  }

  async endIfThere(name, signal) {
    if (await this.runs(name)) await this.end(name, signal);
  }

  /** Resolves when it has ended. */
  async end(name, signal = "SIGTERM") {
    const pid = this.pid(name);
    process.kill(pid, signal);
    // That process: another one may be the part by then.
    await until(() => hasEnded(pid), `the end of ${name}`, END_MS);
  }

  async runs(name) {
    const line = (await this.say("status")).said.split("\n").find((each) => each.startsWith(name));
    return !line.includes("not running");
  }

  /** The sum of a metric over its labels. */
  async metric(name, metric) {
    const text = await (await fetch(`${this.url(name)}/metrics`)).text();
    const lines = text.split("\n").filter((line) => new RegExp(`^${metric}[ {]`).test(line));
    assert.ok(lines.length > 0, `${name} has no ${metric}`);
    return lines.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
  }

  /** The rows of PostgreSQL's answer, each with its columns as text. */
  sql(statement) {
    const how = ["--no-psqlrc", "--tuples-only", "--no-align", "--field-separator=\t"];
    const url = `postgresql://confab@127.0.0.1:${this.ports.postgres.sql}/confab`;
    const env = { ...process.env, PGPASSWORD: this.secret("postgres-password") };
    const text = execFileSync("psql", [...how, "-c", statement, url], { encoding: "utf8", env });
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => line.split("\t"));
  }

  /** Redis's answer to a command, as redis-cli prints it. */
  redis(...words) {
    const env = { ...process.env, REDISCLI_AUTH: this.secret("redis-password") };
    const to = ["-h", "127.0.0.1", "-p", `${this.ports.redis.redis}`];
    return execFileSync("redis-cli", [...to, ...words], { encoding: "utf8", env }).trim();
  }

  secret(name) {
    return readFileSync(join(this.folder, "secrets", name), "utf8").trim();
  }

  /** The names of both: gateway-1 and gateway-2. */
  both(kind) {
    return [`${kind}-1`, `${kind}-2`];
  }
}

function hasEnded(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return /^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
  } catch {
    return true;
  }
}
