// Two signaling services with one PostgreSQL: an invitation is good at one of them, and a database
// that goes away for a while takes nothing from calls nor from what is recorded of them.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Cluster } from "../services/support/cluster.mjs";
import { Guest } from "../services/support/guest.mjs";
import { until } from "../services/support/waiting.mjs";
import { invitation } from "../support/invitation.mjs";
import { Postgres } from "./support/postgres.mjs";

const BACK_MS = 30_000;
const SIGNALING = ["s1", "s2"];

let folder;
let postgres;
let cluster;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "confab-store-"));
  postgres = await Postgres.start(folder);
  const store = { url: postgres.url, password_file: postgres.passwordFile };
  cluster = await Cluster.start({
    names: ["m1", ...SIGNALING, "g1"],
    settings: (name) => (name.startsWith("s") ? { store } : {}),
  });
});
after(async () => {
  await cluster?.stop();
  await postgres?.remove();
  rmSync(folder, { recursive: true, force: true });
});

const gateway = () => cluster.url("g1");

/** At that signaling service itself, or wherever the gateway sends it. */
async function enter(room, { at = gateway(), token } = {}) {
  const guest = new Guest(room);
  await guest.connect(at, { token: token ?? (await invitation(gateway(), room)) });
  await guest.join();
  return guest;
}

async function refusal(room, options) {
  const guest = await enter(room, options).catch((error) => error);
  if (!(guest instanceof Guest)) return guest.code;
  guest.leave();
  return "let in";
}

async function closeRoom(room) {
  const data = join(cluster.folder, "data");
  const args = ["token", "api", "--scope", "rooms:write", "--data-dir", data];
  const token = execFileSync(process.env.CONFAB_BINARY, args, { encoding: "utf8" }).trim();
  const headers = { Authorization: `Bearer ${token}` };
  const url = `${gateway()}/api/v1/rooms/${room}`;
  assert.equal((await fetch(url, { method: "DELETE", headers })).status, 200);
}

async function untilRecorded() {
  await until(
    async () => {
      const waiting = SIGNALING.map((name) => cluster.metric(name, "confab_store_records_waiting"));
      return (await Promise.all(waiting)).every((count) => count === 0);
    },
    "the record of calls",
    BACK_MS,
  );
}

test("an invitation that was used at one service is refused at the other", async () => {
  const token = await invitation(gateway(), "once");
  const guest = await enter("once", { at: cluster.url("s1"), token });
  assert.equal(await refusal("once", { at: cluster.url("s2"), token }), "unauthorized");
  assert.equal(await refusal("once", { at: cluster.url("s1"), token }), "unauthorized");
  guest.leave();
});

test("of many at the same moment with one invitation, one comes in", async () => {
  const token = await invitation(gateway(), "race");
  const outcomes = await Promise.all(
    Array.from({ length: 8 }, (_, i) =>
      refusal("race", { at: cluster.url(SIGNALING[i % 2]), token }),
    ),
  );
  assert.equal(outcomes.filter((outcome) => outcome === "let in").length, 1, outcomes.join());
});

test("while PostgreSQL is away calls go on, nobody new comes in, and nothing is lost", async () => {
  const ada = await enter("away");
  const ben = await enter("away");
  const cleo = await enter("away");
  const token = await invitation(gateway(), "away");
  await enter("closed");
  await postgres.stop();

  const impatient = new Guest("impatient");
  await impatient.connect(gateway());
  impatient.join().catch(() => {}); // who goes while the token is looked up
  impatient.leave();
  await ada.request("setName", { name: "Augusta" });
  assert.equal((await ben.next("participantUpdated")).name, "Augusta");
  await ada.produce();
  await ben.next("newConsumers");
  assert.equal(await refusal("away", { token }), "unavailable");
  await cleo.request("leaveRoom", {});
  assert.equal((await ada.next("participantLeft")).participantId, cleo.id);
  await closeRoom("closed");
  for (const name of SIGNALING) {
    const { status, parts } = await cluster.readiness(name);
    assert.equal(status, 200);
    if (name === ada.signaling) assert.match(parts.store, /Calls go on, but nobody new is let in/);
  }

  await postgres.start();
  await until(async () => (await refusal("away", { token })) === "let in", "the way in", BACK_MS);
  const again = { token: impatient.token };
  await until(
    async () => (await refusal("impatient", again)) === "let in",
    "the way in for who had gone",
    BACK_MS,
  );
  for (const guest of [ada, ben]) await guest.request("leaveRoom", {});
  await untilRecorded();
  const stays = postgres.ask(
    "SELECT id, end_reason FROM sessions WHERE room = 'away' AND id <> ''",
  );
  const reasons = new Map(stays);
  for (const { id } of [ada, ben, cleo]) assert.equal(reasons.get(id), "left");
  assert.equal(stays.length, 4); // with the one who came in afterwards
  const deeds = postgres.ask("SELECT action, actor FROM audit WHERE room = 'closed'");
  assert.equal(deeds.length, 1);
  assert.equal(deeds[0][0], "room.close");
  assert.match(deeds[0][1], /^api:/);
});

test("a service that starts before its database is ready, and lets people in once that is there", async () => {
  await postgres.stop();
  await cluster.end("s2");
  await cluster.run("s2");
  await cluster.untilReady("s2");
  assert.equal(await refusal("early", { at: cluster.url("s2") }), "unavailable");
  await postgres.start();
  await until(
    async () => (await refusal("early", { at: cluster.url("s2") })) === "let in",
    "the way in",
    BACK_MS,
  );
});
