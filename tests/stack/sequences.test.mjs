// Faults at random, several at a time: after each sequence nobody is a ghost, no room has had two
// owners, and nothing is lost that was acknowledged. CONFAB_SEQUENCES: seeds, "1-1000" or "17".
// CONFAB_HISTORIES: a folder for what everybody was told and what the parts logged, where something did
// not hold.
import assert from "node:assert/strict";
import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { World } from "./faults/support/world.mjs";
import { describe, run, sequenceOf } from "./sequences/sequence.mjs";

const FEW = "1-20";
/** In one world: its history grows with them, and is read after each. */
const TOGETHER = 20;

const asked = process.env.CONFAB_SEQUENCES ?? FEW;
const [first, last = first] = asked.split("-").map(Number);
if (!/^\d+(-\d+)?$/.test(asked) || first < 1 || last < first) {
  throw new Error(`CONFAB_SEQUENCES is "${asked}": seeds are as 1-1000 or 17`);
}
for (let from = first; from <= last; from += TOGETHER) {
  const to = Math.min(last, from + TOGETHER - 1);
  test(`sequences ${from} to ${to}`, async () => {
    assert.deepEqual(await tryAll(from, to), []);
  });
}

/** What did not hold, in sentences. */
async function tryAll(from, to) {
  const broken = [];
  let world = null;
  try {
    for (let seed = from; seed <= to; ++seed) {
      world ??= await World.up(`sequences-${seed}`);
      const problems = await tryOne(seed, world);
      broken.push(...problems.map((problem) => `seed ${seed}: ${problem}`));
      if (problems.length === 0) continue;
      // The next one meets a world in which all is well.
      await world.down().catch(({ message }) => broken.push(`seed ${seed}: ${message}`));
      world = null;
    }
  } finally {
    await world?.down();
  }
  return broken;
}

async function tryOne(seed, world) {
  const sequence = sequenceOf(seed);
  const begin = performance.now();
  world.act();
  // Who comes to another instance while the bus takes nothing is shown what that one knew before.
  if (sequence.some(({ step }) => step.loses === "bus")) world.history.add({ kind: "behind" });
  const stopped = await run(sequence, world)
    .then(() => world.stopActing())
    .then(() => world.untilAllDo())
    .then(() => world.untilQuiet())
    .then(() => [])
    .catch(({ message }) => [message]);
  await world.stopActing();
  world.history.add({ kind: "level" });
  const problems = [...stopped, ...world.problems()];
  const took = ((performance.now() - begin) / 1000).toFixed(1);
  const outcome = problems.length === 0 ? "held" : problems.join("\n    ");
  console.log(`seed ${seed}, ${took} s: ${describe(sequence)}: ${outcome}`);
  if (problems.length > 0) keepHistory(seed, world);
  return problems;
}

function keepHistory(seed, { history, stack, reigns }) {
  const folder = process.env.CONFAB_HISTORIES;
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  const linesOf = (entries) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");
  writeFileSync(join(folder, `seed-${seed}.jsonl`), linesOf(history.entries));
  writeFileSync(join(folder, `seed-${seed}-homes.jsonl`), linesOf(reigns));
  cpSync(join(stack.folder, "logs"), join(folder, `seed-${seed}-logs`), { recursive: true });
}
