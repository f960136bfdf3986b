import assert from "node:assert/strict";
import { test } from "node:test";
import { table } from "../stack/faults/support/table.mjs";
import { Trial } from "../stack/faults/support/trial.mjs";
import { World } from "../stack/faults/support/world.mjs";

const row = (trial, name) => ({ name, tookMs: 2500, ...trial });

test("what took no longer than its goal holds", () => {
  const trial = new Trial({ isShort: false });
  trial.took("back", 900, 1000);
  trial.note("20 people");
  assert.deepEqual(trial.broken, []);
  assert.match(
    table([row(trial, "a fault")]),
    /^a fault +held +2\.5 s +back 0\.9 s \(1\.0 s\); 20 people$/m,
  );
});

test("what took longer is broken, and the table says why", () => {
  const trial = new Trial({ isShort: false });
  trial.took("back", 1100, 1000);
  const text = table([row(trial, "a fault")]);
  assert.match(text, /^a fault +BROKEN/m);
  assert.match(text, /^ {2}a fault: back: 1100 ms, more than 1000 ms \(the goal is 1000 ms\)$/m);
});

test("a short run is patient, though not for ever", () => {
  const trial = new Trial({ isShort: true });
  trial.took("back", 2900, 1000);
  assert.deepEqual(trial.broken, []);
  trial.took("back", 3100, 1000);
  assert.equal(trial.broken.length, 1);
  trial.took("back", Number.POSITIVE_INFINITY, 1000);
  assert.match(table([row(trial, "a fault")]), /back never/);
});

test("what nobody was there to notice does not hold", () => {
  const trial = new Trial({ isShort: false });
  trial.judge("back", [], { p50Ms: 1000, p99Ms: 3000 });
  trial.unnoticed([], "media gap");
  assert.deepEqual(trial.broken, [
    "back: there was nobody to judge it by",
    "media gap: there was nobody to judge it by",
  ]);
});

test("where everything is refused not all is well", async () => {
  const world = new World();
  let refusals = 2;
  const patient = { who: "P0", isThere: true, act: async () => --refusals < 0 };
  world.people = [patient];
  await world.untilAllDo();
  assert.equal(refusals, -1);
  world.people = [patient, { who: "P1", isThere: true, act: async () => false }];
  await assert.rejects(world.untilAllDo(1), /P1 to do something that is acknowledged/);
});

test("a fault that breaks the same for many does not fill the page", () => {
  const trial = new Trial({ isShort: true });
  for (let i = 0; i < 20; ++i) trial.expect(false, `number ${i}`);
  const text = table([row(trial, "a fault")]);
  assert.match(text, /number 5$/m);
  assert.doesNotMatch(text, /number 6$/m);
  assert.match(text, /and 14 more/);
});
