import { spawn } from "node:child_process";

const END_MS = 10_000;
const LAST_WORDS_LENGTH = 4000;

/** A server of somebody else's: started, and ended by its process id, whatever ends the tests. */
export class ServerProcess {
  lastWords = "";
  #child;
  #ended;

  constructor(command, args, options = {}) {
    this.name = command;
    this.#child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"], ...options });
    const onExit = () => this.#child.kill("SIGKILL");
    process.once("exit", onExit);
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on("data", (bytes) => {
        this.lastWords = (this.lastWords + bytes).slice(-LAST_WORDS_LENGTH);
      });
    }
    this.#ended = new Promise((done) => {
      this.#child.once("error", (error) => done(String(error)));
      this.#child.once("close", (code, signal) => done(`it ended with ${code ?? signal}`));
    });
    this.#ended.then((how) => {
      this.how = how;
      process.off("exit", onExit);
    });
  }

  get pid() {
    return this.#child.pid;
  }

  /** Throws with the server's last words when it has ended. */
  assertAlive() {
    if (this.how) throw new Error(`${this.name}: ${this.how}: ${this.lastWords}`);
  }

  kill() {
    this.#child.kill("SIGKILL");
    return this.#ended;
  }

  async stop() {
    this.#child.kill("SIGTERM");
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), END_MS);
    await this.#ended;
    clearTimeout(timer);
  }
}
