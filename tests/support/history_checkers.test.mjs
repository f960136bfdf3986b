// The checkers find what is planted, and nothing where all is well.
import assert from "node:assert/strict";
import { test } from "node:test";
import { brokenSequences, lostDeeds, nameOf } from "./history/deeds.mjs";
import { doubleOwners } from "./history/owners.mjs";
import { ghosts, rosterOf } from "./history/rosters.mjs";
import { gapsOf, lostSince, percentile } from "./history/sound.mjs";

const ADA = { who: "Ada", id: "a", room: "r" };
const BEN = { who: "Ben", id: "b", room: "r" };
const BOTH = [ADA, BEN];

const joined = ({ who, id }, ...roster) => ({ who, id, kind: "joined", seq: 0, roster });
const shown = ({ who, id }, number = 0) => ({ id, name: nameOf(who, number) });
const told = ({ who }, seq, name, payload) => ({
  who,
  kind: "told",
  name,
  payload: { seq, ...payload },
});
const comes = (who, seq, other, number = 0) =>
  told(who, seq, "participantJoined", { participant: shown(other, number) });
const goes = (who, seq, { id }) => told(who, seq, "participantLeft", { participantId: id });
const renamed = (who, seq, other, number) =>
  told(who, seq, "participantUpdated", {
    participantId: other.id,
    name: nameOf(other.who, number),
  });
const acknowledged = ({ who }, value) => ({ who, kind: "acknowledged", deed: "setName", value });

const CALM = [joined(ADA), joined(BEN, shown(ADA)), comes(ADA, 1, BEN)];

test("a roster follows who comes, goes and is renamed", () => {
  const own = [joined(ADA), comes(ADA, 1, BEN), renamed(ADA, 2, BEN, 3)];
  assert.deepEqual([...rosterOf(own)], [["b", "Ben 3"]]);
  assert.equal(rosterOf([...own, goes(ADA, 3, BEN)]).size, 0);
});

test("who is there and seen is no ghost", () => assert.deepEqual(ghosts(CALM, BOTH), []));

test("who has gone and is still seen is a ghost", () => {
  assert.deepEqual(ghosts(CALM, [ADA]), ["Ada sees a ghost: Ben 0 (b)"]);
});

test("who came back under another id is seen once", () => {
  const again = { ...BEN, id: "b2" };
  const back = [...CALM, joined(again, shown(ADA)), comes(ADA, 2, again)];
  assert.deepEqual(ghosts(back, [ADA, again]), ["Ada sees a ghost: Ben 0 (b)"]);
  assert.deepEqual(ghosts([...back, goes(ADA, 3, BEN)], [ADA, again]), []);
});

test("who is there and not seen is missed", () => {
  assert.deepEqual(ghosts([joined(ADA), joined(BEN, shown(ADA))], BOTH), ["Ada does not see Ben"]);
});

test("what is acknowledged and told is not lost", () => {
  const all = [...CALM, acknowledged(BEN, 1), renamed(ADA, 2, BEN, 1), renamed(ADA, 3, BEN, 2)];
  assert.deepEqual(lostDeeds([...all, acknowledged(BEN, 2)], BOTH), []);
});

test("an acknowledged deed of which nobody hears is lost", () => {
  assert.deepEqual(lostDeeds([...CALM, acknowledged(BEN, 1)], BOTH), [
    "Ada has not heard of Ben's 1: knows 0",
  ]);
});

test("an acknowledged deed that is left out is lost, even where the next one is told", () => {
  const all = [...CALM, acknowledged(BEN, 1), acknowledged(BEN, 2), renamed(ADA, 2, BEN, 2)];
  assert.deepEqual(lostDeeds(all, BOTH), ["Ada was not told Ben 1"]);
});

test("a deed that was refused may be left out", () => {
  assert.deepEqual(lostDeeds([...CALM, acknowledged(BEN, 2), renamed(ADA, 2, BEN, 2)], BOTH), []);
});

test("who comes in anew says by their name what they have done", () => {
  const again = { ...BEN, id: "b2" };
  const done = [1, 2, 3].map((number) => acknowledged(BEN, number));
  const back = [...CALM, ...done, goes(ADA, 2, BEN), comes(ADA, 3, again, 2)];
  assert.deepEqual(lostDeeds([...back, renamed(ADA, 4, again, 3)], [ADA, again]), []);
  assert.deepEqual(lostDeeds(back, [ADA, again]), ["Ada has not heard of Ben's 3: knows 2"]);
});

test("a state tells of all that is in it", () => {
  const state = { who: "Ada", kind: "resumed", seq: 9, roster: [shown(BEN, 3)] };
  const all = [...CALM, ...[1, 2, 3].map((number) => acknowledged(BEN, number)), state];
  assert.deepEqual(lostDeeds(all, BOTH), []);
});

test("events that come with a state need not be all", () => {
  const done = [1, 2].map((number) => acknowledged(BEN, number));
  const some = { ...renamed(ADA, 7, BEN, 2), isPart: true };
  const state = { who: "Ada", kind: "resumed", seq: 9, roster: [shown(BEN, 2)] };
  const all = [...CALM, ...done, some, state, told(ADA, 10, "typing", {})];
  assert.deepEqual(lostDeeds(all, BOTH), []);
  assert.deepEqual(brokenSequences(all), []);
});

test("a deed that is told twice is noticed, and a state that goes back", () => {
  const twice = [renamed(ADA, 2, BEN, 1), renamed(ADA, 3, BEN, 1)];
  const all = [...CALM, acknowledged(BEN, 1), ...twice];
  assert.deepEqual(lostDeeds(all, BOTH), ["Ada is told Ben 1 twice or too late"]);
  const old = { who: "Ada", kind: "resumed", seq: 9, roster: [shown(BEN, 0)] };
  assert.deepEqual(lostDeeds([...all.slice(0, 5), old], BOTH), [
    "Ada is shown Ben 0 (b) after Ben 1",
  ]);
});

test("what was told and never acknowledged may be taken back", () => {
  const back = { who: "Ada", kind: "resumed", seq: 9, roster: [shown(BEN, 0)] };
  assert.deepEqual(lostDeeds([...CALM, renamed(ADA, 2, BEN, 1), back], BOTH), []);
});

test("what was told and not acknowledged by then may be taken back by an event, and nothing else", () => {
  const first = [renamed(ADA, 2, BEN, 1), acknowledged(BEN, 1), renamed(ADA, 3, BEN, 2)];
  const back = renamed(ADA, 4, BEN, 1);
  const again = [acknowledged(BEN, 2), renamed(ADA, 5, BEN, 2)];
  assert.deepEqual(lostDeeds([...CALM, ...first, back], BOTH), []);
  assert.deepEqual(lostDeeds([...CALM, ...first, back, ...again], BOTH), []);
  assert.deepEqual(lostDeeds([...CALM, ...first, back, again[0]], BOTH), [
    "Ada has not heard of Ben's 2: knows 1",
  ]);
  assert.deepEqual(lostDeeds([...CALM, ...first, again[0], back], BOTH), [
    "Ada is told Ben 1 twice or too late",
  ]);
});

test("what is acknowledged later may be taken back until then, and is told again", () => {
  const back = { who: "Ada", kind: "resumed", seq: 9, roster: [shown(BEN, 0)] };
  const again = [acknowledged(BEN, 1), renamed(ADA, 10, BEN, 1)];
  assert.deepEqual(lostDeeds([...CALM, renamed(ADA, 2, BEN, 1), back, ...again], BOTH), []);
});

test("who may be behind may be shown what was before, and must catch up", () => {
  const done = [acknowledged(BEN, 1), renamed(ADA, 2, BEN, 1)];
  const back = { who: "Ada", kind: "resumed", seq: 9, roster: [shown(BEN, 0)] };
  const behind = [...CALM, ...done, { kind: "behind" }, back, { kind: "level" }];
  assert.deepEqual(lostDeeds([...behind, renamed(ADA, 10, BEN, 1)], BOTH), []);
  assert.deepEqual(lostDeeds(behind, BOTH), ["Ada has not heard of Ben's 1: knows 0"]);
});

test("numbers without a gap are no complaint, over a resumption neither", () => {
  const resumed = { who: "Ada", kind: "resumed", seq: 2 };
  const all = [...CALM, { who: "Ada", kind: "cut" }, resumed, renamed(ADA, 2, BEN, 1)];
  assert.deepEqual(brokenSequences(all), []);
});

test("a number that is left out, or comes twice, is noticed", () => {
  assert.deepEqual(brokenSequences([...CALM, goes(ADA, 3, BEN)]), [
    "Ada is told participantLeft as number 3 after 1",
  ]);
  assert.deepEqual(brokenSequences([...CALM, goes(ADA, 1, BEN)]), [
    "Ada is told participantLeft as number 1 after 1",
  ]);
});

const reign = (owner, from, to, room = "r") => ({ room, owner, from, to });

test("an owner after another is none beside it", () => {
  assert.deepEqual(doubleOwners([reign("m1", 0, 1000), reign("m2", 1100, 2000)]), []);
  assert.deepEqual(doubleOwners([reign("m1", 0, 1000), reign("m2", 900, 2000)]), []);
  assert.deepEqual(doubleOwners([reign("m1", 0, 9000), reign("m2", 0, 9000, "other")]), []);
  assert.deepEqual(doubleOwners([reign("m1", 0, 9000), reign("m1", 10, 9000)]), []);
});

test("two owners at a time are noticed, whoever has seen them", () => {
  const reigns = [reign("m1", 0, 5000), reign("m2", 100, 200), reign("m2", 3000, 9000)];
  assert.deepEqual(doubleOwners(reigns), ["r was at m1 and at m2 for 2000 ms"]);
});

test("a listener's gap is the longest within the time", () => {
  const silence = (who, from, to) => ({ who, of: "x", from, to, lost: 1 });
  const silences = [silence("Ada", 0, 900), silence("Ada", 2000, 2500), silence("Ada", 3000, 3300)];
  const listeners = ["Ada", "Ben"];
  assert.deepEqual(gapsOf(silences, { from: 1000, to: 4000, listeners }), [500, 0]);
  assert.deepEqual(gapsOf(silences, { from: 1000, to: 4000, listeners, over: 600 }), [0, 0]);
});

test("what never came is counted from a time on", () => {
  const silence = (to, lost) => ({ who: "Ada", of: "x", from: to - 100, to, lost });
  const silences = [silence(900, 5), silence(1050, 2), silence(1500, 0), silence(2000, -3)];
  assert.equal(lostSince(silences, 1000), 2);
  assert.equal(lostSince(silences, 0), 7);
  assert.equal(lostSince(silences, 1100), 0);
});

test("percentiles are of the nearest rank", () => {
  const numbers = Array.from({ length: 100 }, (_, at) => 100 - at);
  assert.deepEqual(
    [0, 0.5, 0.99, 1].map((share) => percentile(numbers, share)),
    [1, 50, 99, 100],
  );
  assert.equal(percentile([], 0.5), 0);
});
