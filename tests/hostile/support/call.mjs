import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { within } from "./waiting.mjs";

const JOINED = /participants are in/;
const JOIN_MS = 30_000;
const END_MS = 20_000;
// A call that is killed leaves people behind, whom the server waits for: no room is used twice.
let calls = 0;

/**
 * A call of people without browsers, by `confab bench call`, from the moment everyone is in it until
 * end(). Every packet is counted by its number, at every receiver.
 */
export class Call {
  #child;
  #said = "";
  #complaints = "";
  #closed;

  static async start(target, { publishers = 2, subscribers = 2 } = {}) {
    const call = new Call(target, { publishers, subscribers });
    await call.joined();
    return call;
  }

  constructor(target, { publishers, subscribers }) {
    const room = `call-${++calls}`;
    const people = ["--publishers", String(publishers), "--subscribers", String(subscribers)];
    // What is missing is judged by the test, which knows more.
    const flags = ["--clip", target.clip, "--room", room, "--seconds", "0", "--max-missing", "100"];
    this.room = `${room}-1`;
    this.#child = spawn(target.program, ["bench", "call", target.origin, ...flags, ...people], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    const onExit = () => this.#child.kill("SIGKILL");
    process.once("exit", onExit);
    this.#child.stdout.on("data", (bytes) => (this.#said += bytes));
    this.#child.stderr.on("data", (bytes) => (this.#complaints += bytes));
    this.#closed = new Promise((done) => this.#child.once("close", done));
    this.#closed.then(() => process.off("exit", onExit));
  }

  /** Everyone is in. */
  async joined() {
    const seen = new Promise((resolve, reject) => {
      const look = () => JOINED.test(this.#said) && resolve();
      look();
      this.#child.stdout.on("data", look);
      this.#closed.then(() => reject(new Error(`the call ended: ${this.#complaints}`)));
    });
    await within(seen, JOIN_MS, "everyone to join the call");
  }

  /** Ends it; its figures. */
  async end() {
    this.#child.kill("SIGINT");
    const status = await within(this.#closed, END_MS, "the end of the call");
    assert.equal(status, 0, `the call ended with ${status}: ${this.#complaints}`);
    return JSON.parse(this.#said.trim().split("\n").at(-1)).all;
  }

  kill() {
    this.#child.kill("SIGKILL");
  }
}

/**
 * What a call may have sent before all of its receivers were there. A gap shows by the numbers around
 * it, but what is sent elsewhere to the end of the call shows by the sum only.
 */
const BEFORE_ALL_JOINED = 250;

/** Every packet that was sent has come to everyone. `repaired`: some may have been sent twice. */
export function assertNothingLost(figures, { repaired = false } = {}) {
  const said = JSON.stringify(figures);
  const wanted = figures.packetsSent * figures.subscribers;
  assert.ok(figures.packetsReceived >= wanted - BEFORE_ALL_JOINED, said);
  assert.ok(figures.packetsSent > 0 && figures.framesDecodable > 0, said);
  assert.equal(figures.silentConsumers, 0, said);
  assert.equal(figures.packetsMissing, 0, said);
  assert.equal(figures.framesIncomplete, 0, said);
  if (!repaired) assert.equal(figures.packetsRecovered + figures.repeatedToServer, 0, said);
}
