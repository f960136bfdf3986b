import { setTimeout as pause } from "node:timers/promises";
import { Dice } from "./dice.mjs";
import { STEPS } from "./steps.mjs";

const STEPS_EACH = { least: 2, most: 4 };
const LATEST_MS = 2000;
const LASTS_MS = { least: 200, most: 2500 };

/** The faults of a seed: [{ step, what, atMs, lastsMs }] in the order of their beginning. */
export function sequenceOf(seed) {
  const dice = new Dice(seed);
  const count = dice.between(STEPS_EACH.least, STEPS_EACH.most);
  let lost;
  const drawn = Array.from({ length: count }, () => {
    const step = dice.oneOf(STEPS.filter(({ loses }) => !lost || !loses || loses === lost));
    lost ??= step.loses;
    const what = step.draw(dice);
    const atMs = dice.between(0, LATEST_MS);
    return { step, what, atMs, lastsMs: dice.between(LASTS_MS.least, LASTS_MS.most) };
  });
  return drawn.sort((one, other) => one.atMs - other.atMs);
}

/** For people. */
export function describe(sequence) {
  const steps = sequence.map(({ step, what, atMs, lastsMs }) => {
    const lasts = step.end ? ` for ${lastsMs} ms` : "";
    return `at ${atMs} ms ${step.name}${what === "" ? "" : ` ${what}`}${lasts}`;
  });
  return steps.join(", ");
}

/** Does it to a world, and mends everything. Resolves when that is done; nobody need be back by then. */
export async function run(sequence, world) {
  const turns = sequence.map(async ({ step, what, atMs, lastsMs }) => {
    await pause(atMs);
    await step.begin(world, what);
    if (!step.end) return;
    await pause(lastsMs);
    await step.end(world, what);
  });
  const results = await Promise.allSettled(turns);
  await world.gates.open();
  await world.stack.up();
  const failed = results.find(({ status }) => status === "rejected");
  if (failed) throw failed.reason;
}
