import { spawn } from "node:child_process";
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

const END_MS = 10_000; // beyond: it is killed
const KILL_MS = 5000;
const LOOK_EVERY_MS = 50;
const LAST_WORDS = 2000;

/**
 * The processes of one part: a leader, which a file names, in a session of its own, and what it has
 * started (nginx's workers outlive their master). Nothing is kept in memory: whoever comes later with
 * the same folder finds the same processes. A number that the system has given to another process
 * since is not taken for ours: the leader's time of start must fit, and the others' working folder.
 */
export class PartProcess {
  #name;
  #pidFile;
  #cwd;
  #log;

  /** @param {{ run: string, state: string, logs: string }} folders */
  constructor(name, folders) {
    this.#name = name;
    this.#pidFile = join(folders.run, `${name}.pid`);
    this.#cwd = join(folders.state, name);
    this.#log = join(folders.logs, `${name}.log`);
  }

  /** Of the leader; null where it is not there (any more). */
  get pid() {
    const recorded = this.#recorded();
    return recorded && startOf(recorded.pid) === recorded.start ? recorded.pid : null;
  }

  /** All that is left, the leader included. */
  get pids() {
    const recorded = this.#recorded();
    if (!recorded) return [];
    const others = processes().filter(
      ({ pid, session }) => session === recorded.pid && pid !== recorded.pid && this.#isOurs(pid),
    );
    const leader = this.pid;
    return [...(leader ? [leader] : []), ...others.map(({ pid }) => pid)];
  }

  /** Goes on running when this program ends. Nothing of it may be running. */
  start([command, ...args], env) {
    mkdirSync(this.#cwd, { recursive: true });
    const log = openSync(this.#log, "a");
    try {
      const options = { cwd: this.#cwd, env, detached: true, stdio: ["ignore", log, log] };
      const child = spawn(command, args, options);
      child.on("error", () => {}); // said here, at once
      if (child.pid === undefined) throw new Error(`${command} cannot be started: is it there?`);
      child.unref();
      writeFileSync(this.#pidFile, `${child.pid}\n${startOf(child.pid)}\n`);
    } finally {
      closeSync(log);
    }
  }

  /** Asks it to end, and kills what does not. Throws where something is left even so. */
  async end() {
    this.#signal("SIGTERM");
    if (!(await this.#untilGone(END_MS))) {
      this.#signal("SIGKILL");
      if (!(await this.#untilGone(KILL_MS))) {
        throw new Error(`${this.#name} does not end: look at process ${this.pids.join(", ")}`);
      }
    }
    rmSync(this.#pidFile, { force: true });
  }

  /** The end of its log. */
  lastWords() {
    try {
      return readFileSync(this.#log, "utf8").slice(-LAST_WORDS).trim();
    } catch {
      return "";
    }
  }

  #recorded() {
    try {
      const [pid, start] = readFileSync(this.#pidFile, "utf8").split("\n");
      return { pid: Number(pid), start };
    } catch {
      return null;
    }
  }

  #isOurs(pid) {
    try {
      return readlinkSync(`/proc/${pid}/cwd`) === this.#cwd;
    } catch {
      return false;
    }
  }

  #signal(signal) {
    for (const pid of this.pids) {
      try {
        process.kill(pid, signal);
      } catch (error) {
        if (error.code !== "ESRCH") throw error; // it has ended meanwhile
      }
    }
  }

  async #untilGone(ms) {
    const end = performance.now() + ms;
    while (this.pids.length > 0) {
      if (performance.now() > end) return false;
      await pause(LOOK_EVERY_MS);
    }
    return true;
  }
}

/** When a process was started, in the kernel's ticks; undefined where it runs no more. */
export const startOf = (pid) => statOf(pid)?.start;

function processes() {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((pid) => statOf(Number(pid)))
    .filter((stat) => stat !== undefined);
}

/** From /proc/PID/stat (proc(5)); a zombie has ended. */
function statOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in brackets may have spaces and brackets.
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    const [state, session, start] = [fields[0], Number(fields[3]), fields[19]];
    return state === "Z" ? undefined : { pid, session, start };
  } catch {
    return undefined;
  }
}
