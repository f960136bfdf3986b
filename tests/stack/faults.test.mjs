// What must hold when a part fails, a test for each fault; the table of all goes to the file that
// CONFAB_FAULT_TABLE names. CONFAB_FAULTS, words from names: those alone. CONFAB_STACK_SHORT: short
// ones, and only what holds today.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { FAULTS } from "./faults/all.mjs";
import { table } from "./faults/support/table.mjs";
import { Trial } from "./faults/support/trial.mjs";
import { World } from "./faults/support/world.mjs";

const isShort = process.env.CONFAB_STACK_SHORT === "1";
const asked = process.env.CONFAB_FAULTS?.split(",");
const isAsked = ({ name, isInShort }) =>
  asked ? asked.some((word) => name.includes(word)) : isInShort || !isShort;
const chosen = FAULTS.filter(isAsked);

const rows = [];
let world;
before(async () => {
  if (chosen.some(({ isAlone }) => !isAlone)) world = await World.up("faults");
});
after(async () => {
  const text = table(rows);
  if (process.env.CONFAB_FAULT_TABLE) writeFileSync(process.env.CONFAB_FAULT_TABLE, text);
  console.log(text);
  await world?.down();
});

for (const fault of chosen) {
  test(fault.name, async () => {
    const trial = new Trial({ world: fault.isAlone ? undefined : world, isShort });
    try {
      await (fault.isAlone ? fault.run(trial) : tryInTheWorld(fault, trial));
    } catch (error) {
      trial.broken.push(error.message);
      throw error;
    } finally {
      const { broken, times, notes, from } = trial;
      rows.push({ name: fault.name, broken, times, notes, tookMs: performance.now() - from });
    }
    assert.deepEqual(trial.broken, []);
  });
}

/** People act meanwhile; afterwards all is as before. */
async function tryInTheWorld(fault, trial) {
  world.act();
  try {
    await fault.run(trial);
  } finally {
    await world.gates.open();
    await world.stopActing();
    await world.stack.up();
  }
  await world.untilQuiet();
  trial.broken.push(...world.problems());
}
