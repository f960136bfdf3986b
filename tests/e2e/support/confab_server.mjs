import { spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "./ports.mjs";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const START_DEADLINE_MS = 20_000;
const END_DEADLINE_MS = 15_000;
/** A sanitizer's report fits. */
const LAST_WORDS_LENGTH = 8000;
const REACHABLE = /^confab is reachable at (\S+)$/m;

/** The program and the pages under test: the release build, unless the environment says otherwise. */
export function whatIsTested() {
  const { CONFAB_BINARY, CONFAB_BIN, CONFAB_WEB_DIR } = process.env;
  const binary = resolve(CONFAB_BINARY ?? CONFAB_BIN ?? join(root, "build/release/src/app/confab"));
  const webDir = resolve(CONFAB_WEB_DIR ?? join(root, "web/out"));
  for (const path of [binary, webDir]) {
    if (!existsSync(path)) throw new Error(`${path} is missing: run ./dev build`);
  }
  return { binary, webDir };
}

/**
 * One `confab serve` with ports and a data folder of its own. It can be killed and started again:
 * the ports stay.
 */
export class ConfabServer {
  #folder;
  #ports;
  #flags;
  #child = null;
  #ended = null;
  #starts = 0;
  #lastWords = "";
  /** What it has said of itself when it could be reached. */
  report = "";

  constructor(folder, ports, flags) {
    this.#folder = folder;
    this.#ports = ports;
    this.#flags = flags;
  }

  /** @param {string} folder for data and logs */
  static async start(folder, flags = []) {
    mkdirSync(folder, { recursive: true });
    const ports = { page: await freePort(), media: await freePort() };
    const server = new ConfabServer(folder, ports, flags);
    await server.start();
    return server;
  }

  get origin() {
    return `http://localhost:${this.#ports.page}`;
  }

  get pid() {
    return this.#child?.pid;
  }

  /** Resolves when the program says by itself that it can be reached. */
  async start() {
    const { binary, webDir } = whatIsTested();
    this.#starts += 1;
    const log = createWriteStream(join(this.#folder, `server-${this.#starts}.log`));
    const { page, media } = this.#ports;
    const places = ["--web-dir", webDir, "--data-dir", join(this.#folder, "data")];
    const ports = ["--port", String(page), "--media-port", String(media)];
    const child = spawn(binary, ["serve", ...ports, ...places, ...this.#flags], {
      cwd: this.#folder,
      // Without the variables of whoever runs the tests: they would configure the server.
      env: { PATH: process.env.PATH, HOME: this.#folder },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#child = child;
    // Whatever ends the tests, their server ends with them.
    const onExit = () => child.kill("SIGKILL");
    process.once("exit", onExit);
    child.once("close", () => process.off("exit", onExit));
    this.#ended = new Promise((done) => {
      child.once("close", (code, signal) => done({ code, signal }));
    });
    child.stderr.pipe(log, { end: false });
    this.#lastWords = "";
    child.stderr.on("data", (bytes) => {
      this.#lastWords = (this.#lastWords + bytes).slice(-LAST_WORDS_LENGTH);
    });
    try {
      await this.#untilReachable(child, log);
    } catch (error) {
      await this.kill();
      throw error;
    }
  }

  /** The end that no program sees coming. */
  async kill() {
    this.#child?.kill("SIGKILL");
    await this.#ended;
    this.#child = null;
  }

  /** SIGTERM; answers after how long it ended. Throws where it did not end well, or long before. */
  async stop() {
    if (!this.#child) return { milliseconds: 0 };
    const begin = performance.now();
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child?.kill("SIGKILL"), END_DEADLINE_MS);
    const { code, signal } = await this.#ended;
    clearTimeout(timer);
    this.#child = null;
    if (code !== 0) throw new Error(`confab ended with ${code ?? signal}: ${this.#lastWords}`);
    return { milliseconds: performance.now() - begin };
  }

  async #untilReachable(child, log) {
    let said = "";
    const reachable = new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        reject(new Error(`confab is not reachable after ${START_DEADLINE_MS / 1000} s: ${said}`));
      }, START_DEADLINE_MS);
      child.stdout.on("data", (bytes) => {
        log.write(bytes);
        said += bytes;
        const match = REACHABLE.exec(said);
        if (!match) return;
        this.report = said;
        clearTimeout(timer);
        resolve(match[1]);
      });
      this.#ended.then(({ code, signal }) => {
        clearTimeout(timer);
        reject(new Error(`confab ended with ${code ?? signal} while starting: ${said}`));
      });
    });
    const url = await reachable;
    if (new URL(url).port !== String(this.#ports.page)) {
      throw new Error(`confab took another port than ${this.#ports.page}: ${url}`);
    }
  }
}
