// A media instance is killed, again and again, under fifty participants of `confab bench call`: with ICE
// and DTLS, as browsers have them. In a long run nearly alone: fifty handshakes at a time want a machine
// that does nothing else.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { writeNoiseClip } from "../../bench/ivf.mjs";
import { within } from "../../services/support/waiting.mjs";

const GOAL = { p50Ms: 1000, p99Ms: 3000 };
const LISTENERS = 4;
const KILLS_EVERY_MS = 6000;
const READY_MS = 90_000;
const COME_BACK_S = "30";

export default {
  name: "media kill -9, 50 participants with DTLS",
  longRooms: 1,
  isUnwatched: true,

  async run(trial) {
    const { stack } = trial.world;
    const rooms = trial.isShort ? 2 : 10;
    const crowd = new Crowd(stack, rooms);
    try {
      await crowd.isThere();
      for (let time = 0; time < (trial.isShort ? 2 : 10); ++time) {
        await stack.kill(stack.both("media")[time % 2]);
        await stack.up();
        await pause(KILLS_EVERY_MS);
      }
      const { soundGapsMs, consumers } = await crowd.leave();
      trial.expect(consumers >= rooms * LISTENERS * 2, "not everybody hears again");
      trial.expect(soundGapsMs.length > 0, "nobody noticed: was anybody there?");
      trial.note(`${soundGapsMs.length} gaps`);
      trial.judge("gap", soundGapsMs, GOAL);
    } finally {
      crowd.end();
    }
  },
};

/** In each room one sends and four listen. */
class Crowd {
  #child;
  #said = "";
  #complaints = "";
  #ended;
  #clip;

  constructor(stack, rooms) {
    this.#clip = join(stack.folder, "state", "clip.ivf");
    writeNoiseClip(this.#clip);
    const people = ["--publishers", "1", "--subscribers", String(LISTENERS), "--rooms", `${rooms}`];
    const how = ["--seconds", "0", "--come-back", COME_BACK_S, "--max-missing", "100"];
    const args = ["bench", "call", stack.origin, "--clip", this.#clip, "--room", "crowd"];
    this.#child = spawn(process.env.CONFAB_BINARY, [...args, ...people, ...how], { stdio: "pipe" });
    this.#child.stdout.on("data", (text) => (this.#said += text));
    this.#child.stderr.on("data", (text) => (this.#complaints += text));
    this.#ended = once(this.#child, "close");
  }

  async isThere() {
    const there = async () => {
      while (!this.#said.includes("participants are in")) await once(this.#child.stdout, "data");
    };
    const gone = this.#ended.then(() => Promise.reject(new Error(this.#complaints)));
    await within(Promise.race([there(), gone]), "the crowd", READY_MS);
    gone.catch(() => {});
  }

  /** Its figures. */
  async leave() {
    this.#child.kill("SIGTERM");
    const [status] = await this.#ended;
    if (status !== 0) throw new Error(`status ${status}: ${this.#complaints}`);
    return JSON.parse(this.#said.trim().split("\n").at(-1)).all;
  }

  end() {
    this.#child.kill("SIGKILL");
    rmSync(this.#clip, { force: true });
  }
}
