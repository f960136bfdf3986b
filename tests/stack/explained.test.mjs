// Calls break in six ways, two at a time, with parameters that are drawn anew in each run; another one
// is healthy. Who looks for the room in the log viewer is told the causes, and those alone.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { after, before, test } from "node:test";
import { TokenMaker } from "../security/support/tokens.mjs";
import { BrokenCall } from "./causes/broken_call.mjs";
import { drawPairs } from "./causes/causes.mjs";
import { Dice } from "./sequences/dice.mjs";
import { Explanation } from "./support/explanation.mjs";
import { Stack } from "./support/stack.mjs";

/** Named, it is the run of before again. */
const SEED = Number(process.env.CONFAB_SEED ?? Math.floor(Math.random() * 1e6));
const dice = new Dice(SEED);

let stack;
let tokens;
let explanation;

before(async () => {
  stack = await Stack.up("explained");
  tokens = new TokenMaker(join(stack.folder, "state", "confab"));
  explanation = new Explanation(stack, tokens);
});
after(() => stack?.down());

/** Where a report is asked for, and what is in it. */
function reportFile(call, suffix) {
  const base = process.env.CONFAB_E2E_REPORT;
  if (!base) return null;
  const folder = join(resolve(base), "explained");
  mkdirSync(folder, { recursive: true });
  return join(folder, `${SEED}-${call.name}${suffix}`);
}

const causesOf = ({ findings }) => [...new Set(findings.map(({ cause }) => cause))].sort();

async function judge(call) {
  const told = await explanation.untilOver(call.room);
  const file = reportFile(call, ".json");
  if (file) writeFileSync(file, JSON.stringify(told, null, 2));
  const sentences = told.findings.map(({ cause, sentence }) => `${cause}: ${sentence}`);
  assert.deepEqual(causesOf(told), call.expected, `${call.title}: ${sentences.join("\n")}`);
  assert.deepEqual(causesOf(await explanation.ofApi(call.room)), call.expected);
  const shown = await explanation.inChromium(call.room, reportFile(call, ".png"));
  assert.deepEqual([...new Set(shown)].sort(), call.expected);
}

for (const causes of [...drawPairs(dice), []]) {
  const names = causes.map(({ name }) => name).join(" and ") || "nothing";
  test(`what breaks the call: ${names} (seed ${SEED})`, async () => {
    const call = new BrokenCall(stack, tokens, causes, dice);
    try {
      await call.run();
      await judge(call);
    } catch (error) {
      await call.group?.report(call.title).catch(() => {});
      throw error;
    } finally {
      await call.close();
    }
  });
}
