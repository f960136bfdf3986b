// confab's own client against the fake: the conformance suite of src/backends/discovery, and every
// fault that the fake knows. Against a real agent too, where CONFAB_TEST_CONSUL names one.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { FakeConsul } from "./fake/server.mjs";
import { runProgram } from "./support/run_program.mjs";

const BUILD = process.env.CONFAB_BUILD ?? new URL("../../build/asan", import.meta.url).pathname;
const PROGRAM = join(BUILD, "src/backends/discovery/discovery_test");
const LIMIT_MS = 300_000;
const CONFORMANCE = "*NamedConsul";

let folder;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "confab-discovery-"));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** Runs the cases, each of which becomes one of `t`. */
async function runCases(t, filter, env) {
  const results = join(folder, "results.json");
  const args = [`--gtest_filter=${filter}`, `--gtest_output=json:${results}`];
  const { code, out, err } = await runProgram(PROGRAM, args, { env, ms: LIMIT_MS });
  assert.equal(code, 0, out + err);
  const cases = JSON.parse(readFileSync(results, "utf8")).testsuites.flatMap((it) => it.testsuite);
  assert.ok(cases.length > 5, `only ${cases.length} cases match ${filter}`);
  for (const { name, result, failures } of cases) {
    await t.test(name, () => {
      assert.equal(failures, undefined);
      assert.equal(result, "COMPLETED");
    });
  }
}

test("does what every discovery does, with the fake", async (t) => {
  const fake = await FakeConsul.start();
  try {
    await runCases(t, CONFORMANCE, { CONFAB_TEST_CONSUL: fake.url });
  } finally {
    await fake.stop();
  }
});

test("does the same with a token", async (t) => {
  const fake = await FakeConsul.start({ token: "t" });
  try {
    const env = { CONFAB_TEST_CONSUL: fake.url, CONFAB_TEST_CONSUL_TOKEN: "t" };
    await runCases(t, CONFORMANCE, env);
  } finally {
    await fake.stop();
  }
});

test("survives every fault of the fake", async (t) => {
  const fake = await FakeConsul.start();
  try {
    await runCases(t, "ConsulFaults.*", { CONFAB_TEST_CONSUL: fake.url });
  } finally {
    await fake.stop();
  }
});

const real = process.env.CONFAB_TEST_CONSUL;
const skip = real ? false : "CONFAB_TEST_CONSUL names no agent";
test("does what every discovery does, with a real agent", { skip }, async (t) => {
  await runCases(t, CONFORMANCE, {});
});
