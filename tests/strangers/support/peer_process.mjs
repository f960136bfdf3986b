// A process for each stranger: native code that crashes, or never lets its process end, is nobody
// else's misfortune. The parent calls the methods of a Peer by name; run by itself, this is the
// child.
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { Peer } from "./peer.mjs";

const file = fileURLToPath(import.meta.url);

export class PeerProcess {
  #name;
  #child;
  #waiting = new Map();
  #nextCall = 0;

  /** @param {string} name of a module in strangers/ */
  constructor(name) {
    this.#name = name;
    // Payloads are binary.
    this.#child = fork(file, [name], { serialization: "advanced" });
    this.#child.on("message", ({ call, result, error }) => {
      const { done, fail } = this.#waiting.get(call);
      this.#waiting.delete(call);
      if (error) fail(new Error(`${name}: ${error}`));
      else done(result);
    });
    this.#child.once("exit", (code, signal) => this.#fail(code ?? signal));
    process.once("exit", this.#kill);
  }

  /** Calls a method of the child's Peer. */
  ask(method, ...parameters) {
    if (!this.#child.connected) return Promise.reject(new Error(`${this.#name} has ended`));
    const call = this.#nextCall++;
    return new Promise((done, fail) => {
      this.#waiting.set(call, { done, fail });
      this.#child.send({ call, method, parameters });
    });
  }

  close() {
    process.off("exit", this.#kill);
    this.#kill();
  }

  #kill = () => this.#child.kill("SIGKILL");

  #fail(how) {
    for (const { fail } of this.#waiting.values()) fail(new Error(`${this.#name} ended: ${how}`));
    this.#waiting.clear();
  }
}

async function serve(name) {
  const peer = new Peer(await import(`../strangers/${name}.mjs`));
  process.on("message", async ({ call, method, parameters }) => {
    try {
      process.send({ call, result: await peer[method](...parameters) });
    } catch (error) {
      process.send({ call, error: error.stack });
    }
  });
  process.once("disconnect", () => process.kill(process.pid, "SIGKILL"));
}

if (process.argv[1] === file) await serve(process.argv[2]);
