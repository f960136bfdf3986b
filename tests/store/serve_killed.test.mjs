// `confab serve` with SQLite, killed with -9 while people come in: what it has acknowledged holds.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { ConfabServer } from "../e2e/support/confab_server.mjs";
import { Guest } from "../services/support/guest.mjs";
import { invitation } from "../support/invitation.mjs";
import { askSqlite } from "./support/sqlite.mjs";

const GUESTS = 12;
const ROUNDS = 3;

let folder;
let server;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "confab-store-"));
  server = await ConfabServer.start(folder);
});
after(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (sql) => askSqlite(join(folder, "data", "confab.db"), sql);

/** Guests of one room, each with a token, connected and not in it yet. */
async function guestsAtTheDoor(room) {
  const guests = [];
  for (let i = 0; i < GUESTS; i++) {
    const guest = new Guest(room);
    await guest.connect(server.origin, { token: await invitation(server.origin, room) });
    guests.push(guest);
  }
  return guests;
}

/** The code of the refusal, or "let in". */
async function attempt(room, token) {
  const guest = new Guest(room);
  try {
    await guest.connect(server.origin, { token });
    await guest.join();
    return "let in";
  } catch (error) {
    return error.code ?? error.message;
  } finally {
    guest.leave();
  }
}

for (let round = 1; round <= ROUNDS; round++) {
  test(`used invitations are still used after kill -9, round ${round}`, async () => {
    const room = `killed-${round}`;
    const guests = await guestsAtTheDoor(room);
    const acknowledged = [];
    const enough = new Promise((done) => {
      for (const guest of guests) {
        guest.join().then(
          () => {
            acknowledged.push(guest.token);
            if (acknowledged.length === round * 3) done();
          },
          () => {}, // the server has gone
        );
      }
    });
    await enough;
    const known = [...acknowledged];
    await server.kill();
    for (const guest of guests) guest.leave();
    await server.start();
    for (const token of known) assert.equal(await attempt(room, token), "unauthorized");
    assert.equal(await attempt(room, await invitation(server.origin, room)), "let in");
  });
}

test("nobody is in a call for ever in the record", async () => {
  await server.kill();
  await server.start();
  const deadline = Date.now() + 10_000;
  let open;
  do [[open]] = ask("SELECT count(*) FROM sessions WHERE ended_at_us = 0");
  while (open > 0 && Date.now() < deadline);
  assert.equal(open, 0);
  const [[lost]] = ask("SELECT count(*) FROM sessions WHERE end_reason = 'instance_lost'");
  assert.ok(lost > 0);
});
