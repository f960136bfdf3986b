// `confab serve` with SQLite, killed with -9 while people come in and write: what it has acknowledged holds.
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
const WRITERS = 4;
const MESSAGES = 18; // of each at once; more would be told to wait

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

/** Everything that somebody in that room may read, page by page. */
async function history(room) {
  const reader = await Guest.join(server.origin, room);
  let all = [];
  try {
    for (let more = true; more; ) {
      const before = all.length > 0 ? { before: all[0].number } : {};
      const page = await reader.request("getMessages", { limit: 20, ...before });
      all = [...page.messages, ...all];
      more = page.more;
    }
  } finally {
    reader.leave();
  }
  return all;
}

for (let round = 1; round <= ROUNDS; round++) {
  test(`what was written is there, once, after kill -9, round ${round}`, async () => {
    const room = `written-${round}`;
    const writers = [];
    for (let i = 0; i < WRITERS; i++) writers.push(await Guest.join(server.origin, room));
    const acknowledged = new Map();
    const enough = new Promise((done) => {
      const write = async (writer, id) => {
        const { message } = await writer.request("sendMessage", { id, text: id });
        acknowledged.set(id, message.number);
        if (acknowledged.size === round * 15) done();
      };
      for (let i = 0; i < WRITERS * MESSAGES; i++) {
        write(writers[i % WRITERS], crypto.randomUUID()).catch(() => {}); // the server has gone
      }
    });
    await enough;
    const known = [...acknowledged];
    await server.kill();
    for (const writer of writers) writer.leave();
    await server.start();
    const kept = await history(room);
    for (const [id, number] of known) {
      const found = kept.filter(({ text }) => text === id).map((message) => message.number);
      assert.deepEqual(found, [number]);
    }
    assert.equal(new Set(kept.map(({ text }) => text)).size, kept.length);
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
