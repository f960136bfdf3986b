import { setTimeout as pause } from "node:timers/promises";
import { percentile } from "../../../support/history/sound.mjs";

/** How much longer than its goal a recovery may take where the machine is busy with other things. */
const PATIENCE = 3;
const UNNOTICED_MS = 1000;
/** One fault being tried: what did not hold, and how long things took. */
export class Trial {
  from = performance.now();
  broken = [];
  /** [{ label, ms, goalMs? }] */
  times = [];
  /** Further figures for the table. */
  notes = [];

  /** @param {{ world?: import("./world.mjs").World, isShort: boolean }} options */
  constructor({ world, isShort }) {
    this.world = world;
    this.isShort = isShort;
  }

  /** The one time for a short run, the other for a long one. */
  lasting(shortMs, longMs) {
    return pause(this.isShort ? shortMs : longMs);
  }

  expect(holds, sentence) {
    if (!holds) this.broken.push(sentence);
  }

  /** So long may take here what must take no longer than that. */
  patiently(ms) {
    return this.isShort ? ms * PATIENCE : ms;
  }

  took(label, ms, goalMs) {
    this.times.push({ label, ms, goalMs });
    const most = this.patiently(goalMs);
    this.expect(
      ms <= most,
      `${label}: ${Math.round(ms)} ms, more than ${most} ms (the goal is ${goalMs} ms)`,
    );
  }

  note(text) {
    this.notes.push(text);
  }

  /** Durations by the goals for their median and for nearly all of them. */
  judge(label, durations, { p50Ms, p99Ms }) {
    this.expect(durations.length > 0, `${label}: there was nobody to judge it by`);
    this.took(`${label} p50`, percentile(durations, 0.5), p50Ms);
    this.took(`${label} p99`, percentile(durations, 0.99), p99Ms);
  }

  /** The two in Chromium, when everything else was as before; a look takes its time too. */
  sawAgain(ms) {
    this.times.push({ label: "seen in Chromium after", ms });
  }

  /** Of these nobody has noticed anything by ear. */
  heardAll(people = this.world.people, from = this.from) {
    this.unnoticed(this.world.gapsOf(people, from), "longest gap");
  }

  unnoticed(gaps, label) {
    this.expect(gaps.length > 0, `${label}: there was nobody to judge it by`);
    const longest = Math.max(0, ...gaps);
    // No goal: shorter ones are what a busy machine does by itself.
    this.times.push({ label, ms: longest });
    const most = this.patiently(UNNOTICED_MS);
    this.expect(longest <= most, `somebody heard nothing for ${Math.round(longest)} ms`);
  }
}
