import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { withLock } from "../../tools/stack/lock.mjs";

const LOCK = new URL("../../tools/stack/lock.mjs", import.meta.url).href;

/** Another process that says "mine" once it has the lock, and holds it until it is killed. */
function holder(folder) {
  const program = `
    import { withLock } from ${JSON.stringify(LOCK)};
    await withLock(${JSON.stringify(folder)}, () => {
      console.log("mine");
      return new Promise((resolve) => setTimeout(resolve, 60_000));
    });`;
  return spawn(process.execPath, ["--input-type=module", "--eval", program], {
    stdio: ["ignore", "pipe", "ignore"],
  });
}

test("a folder is one process's at a time, and free again however that one ends", async () => {
  const folder = `/nowhere/${process.pid}`;
  const other = holder(folder);
  await once(other.stdout, "data");
  await assert.rejects(
    withLock(folder, () => assert.fail("two have it")),
    /is at work in \/nowhere\/\d+ already/,
  );
  assert.equal(await withLock(`${folder}/another`, () => "done"), "done");
  other.kill("SIGKILL");
  await once(other, "close");
  assert.equal(await withLock(folder, () => "done"), "done");
});

test("of many that come at once one alone has it", async () => {
  const folder = `/nowhere/${process.pid}`;
  const others = Array.from({ length: 8 }, () => holder(folder));
  const ended = Promise.all(others.map((other) => once(other, "close")));
  const first = await Promise.race(
    others.map(async (other) => (await once(other.stdout, "data")) && other),
  );
  const rest = others.filter((other) => other !== first);
  // Each of them fails by itself.
  assert.deepEqual(
    await Promise.all(rest.map(async (other) => (await once(other, "close"))[0])),
    [1, 1, 1, 1, 1, 1, 1],
  );
  first.kill("SIGKILL");
  await ended;
});

test("it is free after what it was for has failed", async () => {
  const folder = `/nowhere/${process.pid}`;
  await assert.rejects(
    withLock(folder, () => Promise.reject(new Error("no"))),
    /no/,
  );
  assert.equal(await withLock(folder, () => "done"), "done");
});
