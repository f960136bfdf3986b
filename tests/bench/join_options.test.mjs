// The flags of bench/join/join_latency.mjs: what would measure nothing, or something else, is refused.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readOptions } from "../../bench/join/options.mjs";

const SCENARIOS = ["one", "four"];
const read = (...flags) => readOptions(flags, SCENARIOS);

test("what is not said is as it is documented", () => {
  assert.deepEqual(read(), {
    joins: 30,
    scenarios: SCENARIOS,
    others: "pages",
    clip: { width: 640, height: 360, framesPerSecond: 20, frames: 100 },
    json: undefined,
  });
});

test("what is said counts", () => {
  const options = read("--joins", "5", "--scenarios", "four", "--others", "lean");
  assert.equal(options.joins, 5);
  assert.deepEqual(options.scenarios, ["four"]);
  assert.equal(options.others, "lean");
});

test("a number of joins is a number, and not none", () => {
  for (const joins of ["0", "abc", "-1", "1.5", ""]) {
    assert.throws(() => read(`--joins=${joins}`), /--joins .*: give a number from 1/);
  }
});

test("a word that nobody knows is told with those that are known", () => {
  assert.throws(() => read("--others", "page"), /--others page: there are pages, senders, lean/);
  assert.throws(() => read("--scenarios", "one,fuor"), /--scenarios fuor: there are one, four/);
  assert.throws(() => read("--clip", "0x0@0"), /--clip 0x0@0: write it as 640x360@20/);
});
