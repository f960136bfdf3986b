// People sign in at an issuer of the tests' own: who they are, what their groups may do, and what is
// refused.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { apiToken, makeKey as makeApiKey } from "../gateway/tokens.mjs";
import { Issuer, makeKey } from "./issuer.mjs";
import { ask, joinRoom, signIn, startServer } from "./server.mjs";

let folder;
let issuer;
let server;
let apiKey;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "confab-openid-"));
  issuer = await Issuer.start();
  issuer.keys.unshift(makeKey("RS256"), makeKey("ES256"));
  server = await startServer(folder, `${issuer.configuration}\n[gateway]\nmetrics = "token"\n`);
  apiKey = makeApiKey(folder, ["tokens:write", "rooms:read", "metrics:read"]);
});

after(async () => {
  await server?.stop();
  await issuer?.goAway();
  rmSync(folder, { recursive: true, force: true });
});

async function refusal(token) {
  const { status, body } = await signIn(server, token);
  return [status, body.error?.code];
}

const UNAUTHORIZED = [401, "unauthorized"];

test("who signed in joins under the issuer's name for them, with what their group may do", async () => {
  const invited = await signIn(server, issuer.token());
  assert.equal(invited.status, 201);
  assert.equal(invited.body.path, "/r/tea");
  const reply = await joinRoom(server, "tea", invited.body.token);
  assert.equal(reply.name, "Ada Lovelace");
  assert.equal(reply.role, "member");
  assert.deepEqual(reply.grants, {
    audio: true,
    video: true,
    screen: true,
    chat: true,
    data: true,
    hidden: false,
    moderate: false,
  });
  await assert.rejects(joinRoom(server, "tea", invited.body.token), { code: "unauthorized" });
});

test("the most important group decides the role, and the body of the request nothing", async () => {
  const { body } = await signIn(server, issuer.token({ groups: ["staff", "/video/admins"] }));
  const moderator = await joinRoom(server, "tea", body.token);
  assert.equal(moderator.role, "moderator");
  assert.equal(moderator.grants.moderate, true);
  const asked = { role: "moderator", name: "Eve", identity: "eve", grants: { moderate: true } };
  const visitor = await signIn(server, issuer.token({ groups: "visitors" }), "tea", asked);
  const guest = await joinRoom(server, "tea", visitor.body.token);
  assert.equal(guest.role, "guest");
  assert.equal(guest.name, "Ada Lovelace");
  assert.deepEqual(
    Object.keys(guest.grants).filter((grant) => guest.grants[grant]),
    ["audio", "chat"],
  );
});

test("who is in no group of the rules is refused", async () => {
  assert.deepEqual(await refusal(issuer.token({ groups: ["cooks"] })), [403, "forbidden"]);
  assert.deepEqual(await refusal(issuer.token({ groups: undefined })), [403, "forbidden"]);
});

test("tokens under RS256 and with several audiences are taken", async () => {
  const [rsa] = issuer.keys;
  assert.equal((await signIn(server, issuer.token({}, { key: rsa }))).status, 201);
  assert.equal((await signIn(server, issuer.token({ aud: ["shop", "confab"] }))).status, 201);
});

test("another audience, another issuer, expired, not begun: refused", async () => {
  const now = Math.floor(Date.now() / 1000);
  for (const changes of [
    { aud: "shop" },
    { aud: ["shop"] },
    { aud: "confab/api" },
    { aud: undefined },
    { iss: `${issuer.name}/` },
    { iss: "https://id.example.com" },
    { iss: "confab" },
    { exp: now - 60 },
    { exp: undefined },
    { nbf: now + 120 },
    { sub: undefined },
  ]) {
    assert.deepEqual(await refusal(issuer.token(changes)), UNAUTHORIZED, JSON.stringify(changes));
  }
});

test("an unknown key, another's key under a known id, and changed claims: refused", async () => {
  const stranger = makeKey();
  assert.deepEqual(await refusal(issuer.token({}, { key: stranger })), UNAUTHORIZED);
  const liar = { ...stranger, kid: issuer.keys.at(-1).kid };
  assert.deepEqual(await refusal(issuer.token({}, { key: liar })), UNAUTHORIZED);
  const [header, , signature] = issuer.token().split(".");
  const changed = JSON.stringify(issuer.claims({ groups: ["/video/admins"] }));
  const forged = [header, Buffer.from(changed).toString("base64url"), signature].join(".");
  assert.deepEqual(await refusal(forged), UNAUTHORIZED);
});

test("the header chooses no algorithm and brings no key", async () => {
  assert.deepEqual(await refusal(issuer.confusedToken()), UNAUTHORIZED);
  assert.deepEqual(await refusal(issuer.unsignedToken()), UNAUTHORIZED);
  const [rsa] = issuer.keys;
  for (const alg of ["PS256", "ES256", "HS256", "none"]) {
    assert.deepEqual(
      await refusal(issuer.token({}, { key: rsa, header: { alg } })),
      UNAUTHORIZED,
      alg,
    );
  }
  const stranger = makeKey();
  const jwk = stranger.publicKey.export({ format: "jwk" });
  const own = issuer.token({}, { key: stranger, header: { jwk } });
  assert.deepEqual(await refusal(own), UNAUTHORIZED);
});

test("a token of another purpose by the same issuer is refused", async () => {
  const logout = issuer.token({}, { header: { typ: "logout+jwt" } });
  assert.deepEqual(await refusal(logout), UNAUTHORIZED);
  assert.equal((await signIn(server, issuer.token({}, { header: { typ: "at+jwt" } }))).status, 201);
});

test("the REST interface opens as far as the role's scopes go", async () => {
  const admin = issuer.token({ groups: ["/video/admins"] });
  assert.equal((await ask(server, "GET", "/api/v1/rooms", admin)).status, 200);
  assert.equal((await ask(server, "GET", "/api/v1/state", admin)).status, 403);
  assert.equal((await ask(server, "POST", "/api/v1/rooms/tea/tokens", admin, {})).status, 403);
  assert.equal((await ask(server, "GET", "/api/v1/rooms", issuer.token())).status, 403);
  const expired = issuer.token({ groups: ["/video/admins"], exp: 1 });
  assert.equal((await ask(server, "GET", "/api/v1/rooms", expired)).status, 401);
});

test("the issuer's token opens no call and no numbers, other tokens sign nobody in", async () => {
  const admin = issuer.token({ groups: ["/video/admins"] });
  await assert.rejects(joinRoom(server, "tea", admin), /token/);
  assert.equal((await ask(server, "POST", "/api/v1/turn-credentials", admin)).status, 401);
  assert.equal((await ask(server, "GET", "/metrics", admin)).status, 401);
  assert.deepEqual(await refusal(apiToken(apiKey, ["tokens:write"])), UNAUTHORIZED);
});

test("the numbers are for API tokens with metrics:read", async () => {
  const read = async (token) => {
    const headers = token ? { authorization: `Bearer ${token}` } : {};
    const response = await fetch(`${server.origin}/metrics`, { headers });
    return [response.status, await response.text()];
  };
  assert.equal((await read())[0], 403);
  assert.equal((await read(apiToken(apiKey, ["rooms:read"])))[0], 403);
  assert.equal((await read(`${apiToken(apiKey, ["metrics:read"])}A`))[0], 401);
  const [status, text] = await read(apiToken(apiKey, ["metrics:read"]));
  assert.equal(status, 200);
  assert.match(text, /^confab_rooms \d/m);
});
