import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";

const PLAN = "stack.json";
const VERSION = 1;
const KINDS = ["conf", "logs", "run", "secrets", "state"];

/**
 * The folder of a stack. It is a stack's when its plan lies in it; only then is it ever emptied.
 *
 *   stack.json   the plan: ports, program, pages
 *   conf/        what the parts are told       logs/   what they say
 *   secrets/     keys, certificate             logs/lines  what confab's parts log, for its viewer
 *   run/         their process ids
 *   state/       a working folder for each part, and confab's own keys
 *
 * Whoever makes files here has set the umask so that nobody else can read them.
 */
export class StackFolder {
  constructor(path) {
    this.path = resolve(path);
    // As /proc shows it.
    if (existsSync(this.path)) this.path = realpathSync(this.path);
    for (const kind of KINDS) this[kind] = join(this.path, kind);
  }

  get lines() {
    return join(this.logs, "lines");
  }

  /** The plan, or null where there is no stack. */
  plan() {
    const file = join(this.path, PLAN);
    if (!existsSync(file)) return null;
    const plan = JSON.parse(readFileSync(file, "utf8"));
    if (plan.version === VERSION) return plan;
    throw new Error(`${file} is of another version of ./dev: end that stack with the ./dev it has`);
  }

  /** Makes it a stack's. Throws where there is something else in it. */
  adopt(plan) {
    const isThere = existsSync(this.path);
    if (isThere && this.plan() === null && !this.#holdsLogsAlone()) {
      throw new Error(`${this.path} holds other things: name a folder that is empty or new`);
    }
    mkdirSync(this.path, { recursive: true });
    this.path = realpathSync(this.path);
    for (const kind of KINDS) {
      this[kind] = join(this.path, kind);
      mkdirSync(this[kind], { recursive: true });
    }
    // At once: somebody may be reading it.
    const whole = join(this.run, PLAN);
    writeFileSync(whole, `${JSON.stringify({ version: VERSION, ...plan }, null, 2)}\n`);
    renameSync(whole, join(this.path, PLAN));
  }

  /** Removes everything; with { logs: true } all but the logs. */
  remove({ logs = false } = {}) {
    if (this.plan() === null) return;
    if (!logs) return rmSync(this.path, { recursive: true, force: true });
    for (const name of [...KINDS, PLAN]) {
      if (name !== "logs") rmSync(join(this.path, name), { recursive: true, force: true });
    }
  }

  #holdsLogsAlone() {
    return readdirSync(this.path).every((name) => name === "logs");
  }
}
