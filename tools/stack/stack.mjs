import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { PartProcess } from "./part_process.mjs";
import { partsOf } from "./parts.mjs";
import { takenPorts } from "./ports.mjs";
import { makeSecrets } from "./secrets.mjs";

const HEALTHY_MS = 60_000; // a sanitised program on a busy machine is slow
const PORTS_FREE_MS = 2000;
const LOOK_EVERY_MS = 50;
/** Nothing of ours configures the parts but their files. */
const PASSED_ON = ["PATH", "LANG", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"];

/** The parts of a stack whose folder has a plan: starts, looks at and ends them. */
export class Stack {
  #rounds;
  #processes = new Map();
  #folder;

  constructor(folder) {
    const plan = folder.plan();
    this.#folder = folder;
    this.plan = plan;
    this.#rounds = partsOf({ folder, plan, secrets: makeSecrets(folder.secrets) });
    for (const { name } of this.parts) this.#processes.set(name, new PartProcess(name, folder));
  }

  get parts() {
    return this.#rounds.flat();
  }

  pid(name) {
    return this.#processes.get(name).pid;
  }

  /** Those whose process is not there. */
  missing() {
    return this.parts.filter(({ name }) => this.pid(name) === null);
  }

  /**
   * Starts what is missing; `say` hears of each part when it is healthy. Throws with the reason
   * where one does not become so; what has been started goes on running.
   */
  async start(say) {
    const missing = await this.begin();
    const waits = this.parts.map((part) =>
      this.#untilHealthy(part, missing.has(part) ? say : undefined),
    );
    const failures = (await Promise.allSettled(waits)).filter(({ reason }) => reason);
    if (failures.length > 0)
      throw new Error(failures.map(({ reason }) => reason.message).join("\n"));
    await this.#untilAllAreHealthy();
  }

  /** Starts what is missing and waits for nothing. @returns those parts */
  async begin() {
    const missing = new Set(this.missing());
    for (const part of missing) {
      await this.#processes.get(part.name).end(); // what an unexpected end has left, such as workers
      await this.#untilPortsAreFree(part);
    }
    for (const part of this.parts.filter((each) => missing.has(each))) {
      this.#processes.get(part.name).start(part.command(), this.#environment());
    }
    return missing;
  }

  /** @returns {Promise<{ name: string, pid: number | null, ports: object, problem: string | null }[]>} */
  status() {
    return Promise.all(
      this.parts.map(async (part) => {
        const pid = this.pid(part.name);
        const problem = pid === null ? "not running" : await part.health();
        return { name: part.name, ports: part.ports, pid, problem };
      }),
    );
  }

  /** Ends everything; `say` hears of each part. */
  async end(say) {
    for (const round of [...this.#rounds].reverse()) {
      await Promise.all(
        round.map(async ({ name, forget = () => {} }) => {
          const wasThere = this.#processes.get(name).pids.length > 0;
          await this.#processes.get(name).end();
          forget();
          if (wasThere) say(`${name}: ended`);
        }),
      );
    }
  }

  /** A process that has just been killed has them for as long as the last of its threads. */
  async #untilPortsAreFree({ name, ports }) {
    const begin = performance.now();
    let problem = await takenPorts(name, ports);
    while (problem && performance.now() - begin < PORTS_FREE_MS) {
      await pause(LOOK_EVERY_MS);
      problem = await takenPorts(name, ports);
    }
    if (problem) throw new Error(problem);
  }

  /** At one time: who was healthy may have noticed later what was missing. */
  async #untilAllAreHealthy() {
    const begin = performance.now();
    let ill = [];
    do {
      ill = (await this.status()).filter(({ problem }) => problem !== null);
      if (ill.length === 0) return;
      await pause(LOOK_EVERY_MS);
    } while (performance.now() - begin < HEALTHY_MS);
    throw new Error(ill.map(({ name, problem }) => `${name}: ${problem}`).join("\n"));
  }

  async #untilHealthy(part, say = () => {}) {
    const running = this.#processes.get(part.name);
    const begin = performance.now();
    let problem = "not asked";
    while (performance.now() - begin < HEALTHY_MS) {
      if (running.pid === null) {
        throw new Error(`${part.name} has ended. It said:\n${running.lastWords()}`);
      }
      problem = await part.health();
      if (problem === null) {
        return say(`${part.name}: healthy after ${seconds(performance.now() - begin)} s`);
      }
      await pause(LOOK_EVERY_MS);
    }
    const log = join(this.#folder.logs, `${part.name}.log`);
    throw new Error(
      `${part.name} is not healthy after ${HEALTHY_MS / 1000} s: ${problem}. Its log is ${log}`,
    );
  }

  #environment() {
    const passed = PASSED_ON.filter((name) => process.env[name] !== undefined);
    const env = Object.fromEntries(passed.map((name) => [name, process.env[name]]));
    // nginx lies where the PATH of ordinary users does not lead.
    return { ...env, PATH: `${env.PATH}:/usr/sbin:/sbin`, HOME: this.#folder.state };
  }
}

const seconds = (ms) => (ms / 1000).toFixed(1);
