// API keys and revocations in one PostgreSQL: what the command line or one service does, the others
// know, and a database that is away lets nobody back in.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { Cluster } from "../services/support/cluster.mjs";
import { Guest } from "../services/support/guest.mjs";
import { until } from "../services/support/waiting.mjs";
import { Postgres } from "./support/postgres.mjs";

// A change is read every 5 s.
const KNOWN_MS = 20_000;
const GATEWAYS = ["g1", "g2"];

let folder;
let postgres;
let cluster;
before(async () => {
  folder = mkdtempSync(join(tmpdir(), "confab-keys-"));
  postgres = await Postgres.start(folder);
  const store = { url: postgres.url, password_file: postgres.passwordFile };
  cluster = await Cluster.start({
    names: ["m1", "s1", ...GATEWAYS],
    settings: (name) => (name.startsWith("m") ? {} : { store }),
  });
});
after(async () => {
  await cluster?.stop();
  await postgres?.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** `confab token` on a machine that shares nothing with the services but the database. */
function tokenElsewhere(...args) {
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    CONFAB_STORE_URL: postgres.url,
    CONFAB_STORE_PASSWORD_FILE: postgres.passwordFile,
  };
  const where = ["--data-dir", join(folder, "elsewhere")];
  const options = { encoding: "utf8", env, stdio: ["ignore", "pipe", "pipe"] };
  return execFileSync(process.env.CONFAB_BINARY, ["token", ...args, ...where], options).trim();
}

/** By the services' own keys. */
function ownToken(...args) {
  const where = ["--data-dir", join(cluster.folder, "data")];
  const options = { encoding: "utf8" };
  return execFileSync(process.env.CONFAB_BINARY, ["token", ...args, ...where], options).trim();
}

function newKey() {
  const text = tokenElsewhere("key", "new", "--scope", "rooms:read");
  return { id: text.match(/^id +(\S+)$/m)[1], secret: text.match(/^secret +(\S+)$/m)[1] };
}

function mint({ id, secret }) {
  const encode = (value) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const exp = Math.floor(Date.now() / 1000) + 600;
  const text = `${encode({ alg: "HS256", kid: id })}.${encode({ aud: "confab/api", scope: "rooms:read", exp })}`;
  return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
}

async function ask(name, method, path, token) {
  const headers = { Authorization: `Bearer ${token}` };
  const response = await fetch(`${cluster.url(name)}${path}`, { method, headers });
  await response.arrayBuffer();
  return response.status;
}
const listRooms = (name, token) => ask(name, "GET", "/api/v1/rooms", token);
const turn = (name, token) => ask(name, "POST", "/api/v1/turn-credentials", token);

async function untilAll(condition, what, waitMs = KNOWN_MS) {
  await until(
    async () => (await Promise.all(GATEWAYS.map(condition))).every(Boolean),
    what,
    waitMs,
  );
}

test("a key that was made elsewhere is good at every gateway, until it is removed", async () => {
  const key = newKey();
  const token = mint(key);
  await untilAll(async (name) => (await listRooms(name, token)) === 200, "the key");
  assert.match(tokenElsewhere("key", "list"), new RegExp(key.id));
  assert.match(tokenElsewhere("show", token), /It verifies\.$/);
  assert.throws(() => readFileSync(join(cluster.folder, "data", "api-keys.json")), /ENOENT/);
  tokenElsewhere("key", "remove", key.id);
  await untilAll(async (name) => (await listRooms(name, token)) === 401, "the end of the key");
});

test("who was removed from a call opens nothing at a gateway any more", async () => {
  const guest = await Guest.join(cluster.url("g1"), "revoked");
  const other = await Guest.join(cluster.url("g1"), "revoked");
  for (const name of GATEWAYS) assert.notEqual(await turn(name, guest.resumeToken), 401);
  const moderator = ownToken("api", "--scope", "participants:moderate");
  const path = `/api/v1/rooms/revoked/participants/${guest.id}`;
  assert.equal(await ask("g1", "DELETE", path, moderator), 204);
  await untilAll(async (name) => (await turn(name, guest.resumeToken)) === 401, "the revocation");
  for (const name of GATEWAYS) assert.notEqual(await turn(name, other.resumeToken), 401);
  other.leave();

  await postgres.stop();
  await cluster.kill("g2");
  await cluster.run("g2");
  await cluster.untilReady("g2");
  assert.equal(await turn("g1", guest.resumeToken), 401);
  assert.equal(await turn("g2", guest.resumeToken), 503); // it cannot know
  await postgres.start();
  await untilAll(async (name) => (await turn(name, guest.resumeToken)) === 401, "the revocation");
});

test("a database that is away leaves known keys good, and unknown ones in doubt", async () => {
  const token = mint(newKey());
  await untilAll(async (name) => (await listRooms(name, token)) === 200, "the key");
  await postgres.stop();
  const call = await Guest.join(cluster.url("g1"), "still").catch((error) => error);
  assert.equal(call.code, "unavailable");
  assert.throws(() => tokenElsewhere("key", "list"), /The store of store\.url cannot be used/);
  await cluster.kill("g2");
  await cluster.run("g2");
  await cluster.untilReady("g2");
  assert.equal(await listRooms("g1", token), 200);
  assert.equal(await listRooms("g2", token), 503);
  assert.equal(await listRooms("g2", ownToken("api", "--scope", "rooms:read")), 200);
  const { status, parts } = await cluster.readiness("g2");
  assert.equal(status, 200);
  assert.match(parts.store, /tokens under API keys are refused/);
  await postgres.start();
  await untilAll(async (name) => (await listRooms(name, token)) === 200, "the key, again");
});
