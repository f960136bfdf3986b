// The issuer goes away and comes back with other keys.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { apiToken, makeKey as makeApiKey } from "../gateway/tokens.mjs";
import { Issuer } from "./issuer.mjs";
import { ask, signIn, startServer } from "./server.mjs";

/** Keys are fetched every 30 s at most; the machine may be busy. */
const FETCHED_AGAIN_MS = 60_000;
const POLL_MS = 500;

let folder;
let issuer;
const servers = [];

before(() => {
  folder = mkdtempSync(join(tmpdir(), "confab-openid-outage-"));
});

after(async () => {
  for (const server of servers) await server.stop();
  await issuer?.goAway();
  rmSync(folder, { recursive: true, force: true });
});

async function start(name) {
  mkdirSync(join(folder, name));
  const server = await startServer(join(folder, name), issuer.configuration);
  servers.push(server);
  return server;
}

async function until(is, what) {
  for (const end = performance.now() + FETCHED_AGAIN_MS; performance.now() < end; ) {
    if (await is()) return;
    await wait(POLL_MS);
  }
  assert.fail(what);
}

test("keys that were fetched go on working, new ones are found when the issuer is back", async () => {
  issuer = await Issuer.start();
  const early = await start("early");
  assert.equal((await signIn(early, issuer.token())).status, 201);
  const fetchedBefore = issuer.fetches;

  await issuer.goAway();
  const late = await start("late");
  assert.equal((await signIn(early, issuer.token())).status, 201, "by the keys it has");
  const refused = await signIn(late, issuer.token());
  assert.equal(refused.status, 503);
  assert.equal(refused.body.error.code, "unavailable");
  assert.match(refused.body.error.message, /keys of the issuer cannot be fetched/);
  assert.doesNotMatch(refused.body.error.message, /jwks/, "the URL is the operator's business");
  const log = () => readFileSync(join(folder, "late/server-1.log"), "utf8");
  await until(() => /openid\.keys_lost.*jwks/.test(log()), "the log does not say why");
  const key = makeApiKey(join(folder, "late"), ["rooms:read"]);
  const listed = await ask(late, "GET", "/api/v1/rooms", apiToken(key, ["rooms:read"]));
  assert.equal(listed.status, 200, "confab's own tokens need no issuer");

  const old = issuer.keys.at(-1);
  issuer.rotate();
  await issuer.comeBack();
  const signedIn = async (server) => (await signIn(server, issuer.token())).status === 201;
  await Promise.all(
    [early, late].map((server) => until(() => signedIn(server), "the new keys were not fetched")),
  );
  assert.equal((await signIn(early, issuer.token({}, { key: old }))).status, 401, "withdrawn");
  assert.ok(issuer.fetches - fetchedBefore <= 4, "unknown keys make few fetches");
});
