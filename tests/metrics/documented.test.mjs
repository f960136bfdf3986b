// docs/metrics.md has what the running roles show, no more and no less.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { documented, exposed, ROLES } from "./support/document.mjs";
import { Roles } from "./support/roles.mjs";

const UNITS = ["seconds", "bytes", "packets", "total", "count"];
/** More than any metric has, ranges of histograms included. */
const MOST_SERIES = 300;

let roles;
const shown = new Map();

before(async () => {
  roles = await Roles.start();
  for (const role of ROLES) {
    await roles.exposition(role); // the first one is a response to be counted
    shown.set(role, exposed(await roles.exposition(role)));
  }
});
after(() => roles?.stop());

test("what a role shows is documented, with its type and its role", () => {
  const metrics = documented();
  for (const [role, families] of shown) {
    for (const [name, { type }] of families) {
      const row = metrics.get(name);
      assert.ok(row, `docs/metrics.md has no row for ${name} of ${role}`);
      assert.equal(row.type, type, name);
      assert.ok(row.roles.includes(role), `${name} is at ${role} too`);
    }
  }
});

test("what is documented is shown by the roles that are named", () => {
  for (const [name, { roles: named }] of documented()) {
    for (const role of named) {
      assert.ok(ROLES.includes(role), `${name}: there is no role ${role}`);
      assert.ok(shown.get(role).has(name), `${role} does not show ${name}`);
    }
  }
});

test("labels are those that are documented, with the values that are listed", () => {
  const metrics = documented();
  for (const [role, families] of shown) {
    for (const [name, { samples }] of families) {
      const { labels } = metrics.get(name);
      assert.ok(samples.length <= MOST_SERIES, `${name} of ${role} has ${samples.length} series`);
      for (const sample of samples) {
        assert.deepEqual([...sample.keys()].toSorted(), [...labels.keys()].toSorted(), name);
        for (const [label, value] of sample) {
          const values = labels.get(label);
          assert.ok(values === null || values.includes(value), `${name} has ${label}="${value}"`);
        }
      }
    }
  }
});

test("who scrapes ten times a second gets answers, and no more series", async () => {
  const series = (text) => text.split("\n").filter((line) => line && !line.startsWith("#")).length;
  await Promise.all(
    ROLES.map(async (role) => {
      const before = series(await roles.exposition(role));
      for (let i = 0; i < 30; ++i) {
        await roles.exposition(role);
        await pause(100);
      }
      // What services ask of each other by themselves may have come meanwhile.
      assert.ok(series(await roles.exposition(role)) < before + MOST_SERIES, role);
    }),
  );
});

test("no label names a room, a participant, or whoever else it may be", () => {
  for (const [name, { labels }] of documented()) {
    for (const label of labels.keys()) {
      assert.doesNotMatch(label, /room|participant|session|user|ip|address/, name);
    }
  }
});

test("counters end in _total, times in _seconds, and each row has a unit and a meaning", () => {
  for (const [name, { type, unit, meaning }] of documented()) {
    if (type === "counter") assert.match(name, /_total$/);
    else assert.doesNotMatch(name, /_total$/);
    if (type === "histogram") assert.match(name, /_seconds$/);
    assert.ok(UNITS.includes(unit) || unit === "–", `${name}: ${unit}`);
    assert.match(meaning, /^[A-Z1].*\.$/, name);
  }
});
