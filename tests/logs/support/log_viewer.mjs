// One `confab logs` over a folder that the tests write into, as services would.
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { whatIsTested } from "../../e2e/support/confab_server.mjs";
import { freePort } from "../../e2e/support/ports.mjs";
import { until } from "../../services/support/waiting.mjs";

const START_MS = 30_000;
const END_MS = 15_000;
const LINK = /^ {2}logs {5}(\S+)$/m;

export class LogViewer {
  #child = null;
  #ended = null;
  said = "";

  constructor(folder, port, pages) {
    this.folder = folder;
    this.pages = pages;
    this.logs = join(folder, "logs");
    this.port = port;
  }

  /**
   * `withoutPages`: in place of the exported pages, which need not be there, one that is empty.
   * @param {{ isFolderMissing?: boolean, withoutPages?: boolean }} options
   */
  static async start({ isFolderMissing = false, withoutPages = false } = {}) {
    const folder = mkdtempSync(join(tmpdir(), "confab-logs-"));
    const pages = withoutPages ? join(folder, "pages") : whatIsTested().webDir;
    if (withoutPages) {
      mkdirSync(pages);
      for (const name of ["logs.html", "rooms.html"]) {
        writeFileSync(join(pages, name), "<!doctype html><title>-</title>");
      }
    }
    const viewer = new LogViewer(folder, await freePort(), pages);
    if (!isFolderMissing) mkdirSync(viewer.logs);
    await viewer.run();
    return viewer;
  }

  get origin() {
    return `http://127.0.0.1:${this.port}`;
  }
  /** That it has printed. */
  get link() {
    return LINK.exec(this.said)?.[1];
  }
  get token() {
    return new URL(this.link).hash.slice("#token=".length);
  }
  get data() {
    return join(this.folder, "data");
  }

  async run() {
    const places = ["--log-folder", this.logs, "--data-dir", this.data, "--web-dir", this.pages];
    const binary = process.env.CONFAB_BINARY ?? whatIsTested().binary;
    const child = spawn(binary, ["logs", ...places], {
      cwd: this.folder,
      env: { PATH: process.env.PATH, HOME: this.folder, CONFAB_LOGS_PORT: String(this.port) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    this.said = "";
    const onExit = () => child.kill("SIGKILL");
    process.once("exit", onExit);
    child.once("close", () => process.off("exit", onExit));
    let status;
    this.#ended = new Promise((done) => {
      child.once("close", (code, signal) => {
        status = code ?? signal;
        done(status);
      });
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (bytes) => {
        this.said += bytes;
      });
    }
    await until(
      () => status !== undefined || this.said.includes("has started\n"),
      () => `the start of confab logs: ${this.said}`,
      START_MS,
    );
    if (status !== undefined) throw new Error(`confab logs ended with ${status}: ${this.said}`);
  }

  /** Lines into a file of a service; what is no text is written as JSON. */
  write(file, ...lines) {
    const text = lines.map((each) => (typeof each === "object" ? JSON.stringify(each) : each));
    appendFileSync(join(this.logs, file), `${text.join("\n")}\n`);
  }

  async ask(path, token = this.token) {
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    const response = await fetch(this.origin + path, { headers });
    return { status: response.status, headers: response.headers, text: await response.text() };
  }

  /** What a search finds, the newest first. */
  async search(query = "") {
    return JSON.parse((await this.ask(`/api/v1/logs${query}`)).text);
  }

  /** Resolves when a search finds so many lines. */
  async untilFound(count, query = "") {
    let answer;
    await until(
      async () => {
        answer = await this.search(query);
        return answer.lines?.length >= count;
      },
      () => `${count} lines: ${JSON.stringify(answer)}`,
      START_MS,
    );
    return answer;
  }

  async kill() {
    this.#child?.kill("SIGKILL");
    await this.#ended;
    this.#child = null;
  }

  /** SIGTERM. Throws where it did not end well. */
  async stop() {
    if (this.#child) {
      this.#child.kill("SIGTERM");
      const timer = setTimeout(() => this.#child.kill("SIGKILL"), END_MS);
      const status = await this.#ended;
      clearTimeout(timer);
      this.#child = null;
      if (status !== 0) throw new Error(`confab logs ended with ${status}: ${this.said}`);
    }
    rmSync(this.folder, { recursive: true, force: true });
  }
}

let clock = Date.now() * 1000 - 60_000_000;

/** A line as the logger writes it, a millisecond after the one before. */
export function line(fields = {}) {
  clock += 1000;
  const time = `${new Date(clock / 1000).toISOString().slice(0, -1)}000Z`;
  return {
    time,
    level: "info",
    service: "signaling",
    instance: "s1",
    event: "room.opened",
    ...fields,
  };
}

/** What stands for a room's name in lines. */
export function hashedRoom(name) {
  const digits = "abcdefghijklmnopqrstuvwxyz234567";
  const bytes = createHash("sha256").update(name).digest().subarray(0, 16);
  let bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  bits = bits.padEnd(Math.ceil(bits.length / 5) * 5, "0");
  return bits.replace(/.{5}/g, (five) => digits[Number.parseInt(five, 2)]);
}

export const TRACE = "0af7651916cd43dd8448eb211c80319c";

/** The way of one join through three services; written in another order than it happened. */
export function writeJoin(viewer, room = "quiet-harbor") {
  const of = { room, participant: "p7k2m9", session: "s4d8f1", trace: TRACE };
  const asked = line({ ...of, service: "gateway", instance: "g1", event: "http.request" });
  const joined = line({ ...of, event: "participant.joined" });
  const made = line({ ...of, service: "media", instance: "m1", event: "transport.created" });
  const failed = line({
    ...of,
    service: "media",
    instance: "m1",
    event: "transport.closed",
    level: "error",
    reason: "ICE found no way: no answer came to 12 checks",
  });
  viewer.write("media-m1.20261129T064413.123456Z.jsonl", made, failed);
  viewer.write("signaling-s1.20261129T064413.123456Z.jsonl", joined);
  viewer.write("gateway-g1.20261129T064413.123456Z.jsonl", asked);
  return ["http.request", "participant.joined", "transport.created", "transport.closed"];
}
