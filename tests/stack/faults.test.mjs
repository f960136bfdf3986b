// What must hold when a part fails, a test for each fault; the table of all goes to the file that
// CONFAB_FAULT_TABLE names. CONFAB_FAULTS, words from names: those alone. CONFAB_STACK_SHORT: short
// ones, without the two in Chromium.
import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, test } from "node:test";
import { FAULTS } from "./faults/all.mjs";
import { table } from "./faults/support/table.mjs";
import { Trial } from "./faults/support/trial.mjs";
import { ROOMS, World } from "./faults/support/world.mjs";

const isShort = process.env.CONFAB_STACK_SHORT === "1";
const asked = process.env.CONFAB_FAULTS?.split(",");
const chosen = FAULTS.filter(({ name }) => !asked || asked.some((word) => name.includes(word)));
if (chosen.length === 0) throw new Error(`no fault is called ${asked.join(" or ")}`);

const rows = [];
let world = null;
let worlds = 0;
after(async () => {
  const text = table(rows);
  if (process.env.CONFAB_FAULT_TABLE) writeFileSync(process.env.CONFAB_FAULT_TABLE, text);
  console.log(text);
  await world?.down();
});

for (const fault of chosen) {
  test(fault.name, async () => {
    if (!fault.isAlone) await worldOf(fault);
    const trial = new Trial({ world, isShort });
    console.log(`${fault.name} …`);
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

/** The one that is there, where it is as large and as watched. */
async function worldOf({ longRooms = ROOMS, isUnwatched = false }) {
  const rooms = isShort ? ROOMS : longRooms;
  const isWatched = !isShort && !isUnwatched;
  if (world?.rooms.length === rooms && world.watched.length > 0 === isWatched) return;
  const old = world;
  world = null;
  await old?.down();
  worlds += 1;
  world = await World.up(`faults-${worlds}`, { rooms, isWatched });
}

/** People act meanwhile; afterwards all is as before. Where it is not, the next fault meets a new one. */
async function tryInTheWorld(fault, trial) {
  const own = world;
  own.act();
  try {
    await fault.run(trial);
    await own.gates.open();
    await own.stack.up();
    await own.stopActing();
    await own.untilAllDo();
    await own.untilQuiet();
    if (own.watched.length > 0) trial.sawAgain(await own.untilSeen());
    trial.broken.push(...own.problems());
  } catch (error) {
    world = null;
    trial.broken.push(...own.problems());
    await own.report(fault.name);
    await own.down().catch((fault) => trial.broken.push(fault.message));
    throw error;
  }
}
