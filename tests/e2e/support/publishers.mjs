import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { whatIsTested } from "./confab_server.mjs";

/** `confab bench publish`: people without browsers who send a clip into a room. */
export class Publishers {
  #child;
  #lines = [];
  #ended;
  #complaints = "";

  constructor(child) {
    this.#child = child;
    this.#ended = once(child, "close");
    createInterface(child.stdout).on("line", (line) => this.#lines.push(line));
    child.stderr.on("data", (bytes) => {
      this.#complaints += bytes;
    });
  }

  /** Returns when all of them send. @param {string} clip an IVF file */
  static async start(origin, { room, count = 1, clip }) {
    const arguments_ = ["bench", "publish", origin, room, "--clip", clip];
    arguments_.push("--publishers", String(count));
    const child = spawn(whatIsTested().binary, arguments_, {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const publishers = new Publishers(child);
    const begun = once(child.stdout, "data").then(() => true);
    if ((await Promise.race([begun, publishers.#ended])) !== true) await publishers.#untilWell();
    return publishers;
  }

  /** They leave. Returns what they sent, see src/client/publisher.h. */
  async stop() {
    this.#child.kill("SIGTERM");
    await this.#untilWell();
    return JSON.parse(this.#lines.at(-1));
  }

  async #untilWell() {
    const [status, signal] = await this.#ended;
    if (status === 0) return;
    throw new Error(`confab bench ended with ${status ?? signal}: ${this.#complaints}`);
  }
}
