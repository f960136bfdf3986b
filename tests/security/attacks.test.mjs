// Each row of the attack table names tests that are there and breaks that they are known to notice.
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { attacks } from "../support/doors.mjs";

const root = new URL("../../", import.meta.url);
const breaks = new Set();
for (const name of readdirSync(new URL("tests/mutants/", root))) {
  const text = readFileSync(new URL(`tests/mutants/${name}`, root), "utf8");
  for (const [, each] of text.matchAll(/^name = "([^"]+)"$/gm)) breaks.add(each);
}

for (const { attack, tests, breaks: named } of attacks) {
  test(attack, () => {
    assert.ok(tests.length > 0, "no test is named");
    for (const path of tests) assert.ok(existsSync(new URL(path, root)), `${path} is not there`);
    assert.ok(named.length > 0, "no break is named");
    for (const name of named) assert.ok(breaks.has(name), `there is no mutant ${name}`);
  });
}
