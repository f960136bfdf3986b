import { spawn } from "node:child_process";
import { once } from "node:events";
import { whatIsTested } from "../e2e/support/confab_server.mjs";

/** A `confab rtp …` that runs. */
export class RtpProgram {
  out = "";
  complaints = "";
  #child;
  #ended;

  constructor(arguments_, env = process.env) {
    this.#child = spawn(whatIsTested().binary, ["rtp", ...arguments_], {
      stdio: ["ignore", "pipe", "pipe"],
      env,
    });
    this.#ended = once(this.#child, "close");
    this.#child.stdout.on("data", (bytes) => (this.out += bytes));
    this.#child.stderr.on("data", (bytes) => (this.complaints += bytes));
  }

  /** Resolves when it has said what it does. */
  async begun() {
    const ended = this.#ended.then(() => {
      throw new Error(`it ended: ${this.complaints}`);
    });
    while (!this.out.includes("\n")) {
      await Promise.race([once(this.#child.stdout, "data"), ended]);
    }
    ended.catch(() => undefined);
    return this;
  }

  /** Resolves with its status. */
  async ended() {
    const [status] = await this.#ended;
    return status;
  }

  stop() {
    this.#child.kill("SIGINT");
    return this.ended();
  }
}
