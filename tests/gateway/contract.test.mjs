// The OpenAPI document against the running server: every operation is asked, and what it answers is
// what the document says.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import Ajv from "ajv/dist/2020.js";
import { ConfabServer } from "../e2e/support/confab_server.mjs";
import { hashedRoom } from "../logs/support/log_viewer.mjs";
import { Issuer } from "../openid/issuer.mjs";
import { until } from "../services/support/waiting.mjs";
import { apiToken, makeKey } from "./tokens.mjs";

const SCOPES = [
  "rooms:read",
  "rooms:write",
  "tokens:write",
  "participants:moderate",
  "state:read",
  "metrics:read",
  "logs",
];
const BODIES = {
  createToken: { name: "Ada", role: "moderator", lifetime_s: 60 },
  muteParticipant: { source: "camera" },
};

let folder;
let issuer;
let server;
let key;
let document;
const ajv = new Ajv({ strict: false });

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "confab-gateway-"));
  key = makeKey(folder, SCOPES);
  issuer = await Issuer.start();
  const file = join(folder, "confab.toml");
  writeFileSync(file, issuer.configuration);
  server = await ConfabServer.start(folder, ["--media-address", "127.0.0.1", "--config", file]);
  document = await (await fetch(`${server.origin}/api/v1/openapi.json`)).json();
  ajv.addSchema(document, "api");
});

after(async () => {
  await server?.stop();
  await issuer?.goAway();
  rmSync(folder, { recursive: true, force: true });
});

/** Every operation of the document. */
function operations() {
  return Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
}

function pointer(...parts) {
  const token = (part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));
  return `api#/${parts.map(token).join("/")}`;
}

/** Asks; the answer must be one that the document has for this operation. */
async function ask({ path, method, operation }, { token, body, room = "contract-room" } = {}) {
  const filled = path.replace("{room}", room).replace("{participant}", "nobody");
  const response = await fetch(`${server.origin}/api/v1${filled}`, {
    method: method.toUpperCase(),
    headers: {
      ...(token ? { authorization: `Bearer ${token}` } : {}),
      ...(body ? { "content-type": "application/json" } : {}),
    },
    body: body ? JSON.stringify(body) : undefined,
  });
  const { status } = response;
  const described = operation.responses[String(status)];
  assert.ok(described, `${operation.operationId} answers ${status}, which the document lacks`);
  if (!described.content) {
    assert.equal(await response.text(), "", operation.operationId);
    return { status, body: null };
  }
  assert.match(response.headers.get("content-type"), /^application\/json/);
  const answer = await response.json();
  const keys = ["paths", path, method, "responses", String(status), "content", "application/json"];
  const validate = ajv.getSchema(pointer(...keys, "schema"));
  assert.ok(validate(answer), `${operation.operationId}: ${JSON.stringify(validate.errors)}`);
  return { status, body: answer };
}

function find(operationId) {
  return operations().find(({ operation }) => operation.operationId === operationId);
}

/** Made by whoever holds the key, by the issuer or by the server: what the operation wants. */
async function tokenFor({ operation }) {
  const scope = operation["x-scope"];
  if (scope === "guest" || scope === "open") return undefined;
  if (scope === "signed-in") return issuer.token();
  if (scope !== "joined") return apiToken(key, [scope]);
  return (await ask(find("createGuestToken"))).body.token;
}

test("is a document of OpenAPI 3.1 in which every operation has a name and a summary", () => {
  assert.match(document.openapi, /^3\.1\./);
  const names = operations().map(({ operation }) => operation.operationId);
  assert.equal(new Set(names).size, names.length);
  assert.ok(names.length >= 12);
  for (const { operation } of operations()) assert.ok(operation.summary, operation.operationId);
});

test("every operation answers as it says, with the token that it wants", async () => {
  for (const each of operations()) {
    const body = BODIES[each.operation.operationId];
    const { status } = await ask(each, { token: await tokenFor(each), body });
    assert.ok(status < 500, `${each.operation.operationId}: ${status}`);
    assert.notEqual(status, 401, each.operation.operationId);
    assert.notEqual(status, 403, each.operation.operationId);
  }
});

test("every operation that wants a token refuses one without, and one of another scope", async () => {
  for (const each of operations()) {
    if (each.operation.security.length === 0) continue;
    assert.equal((await ask(each)).status, 401, each.operation.operationId);
    const other = apiToken(key, [
      each.operation["x-scope"] === "rooms:read" ? "state:read" : "rooms:read",
    ]);
    const { status } = await ask(each, { token: other });
    assert.ok(status === 403 || status === 401, `${each.operation.operationId}: ${status}`);
  }
});

test("the state tells of each instance what it is, and of signaling which media it reaches", async () => {
  const token = apiToken(key, ["state:read"]);
  const { body } = await ask(find("readState"), { token });
  const [signaling] = body.signaling;
  assert.equal(signaling.version, document.info.version);
  assert.ok(signaling.uptime_ms > 0);
  assert.equal(signaling.media.length, 1);
  assert.equal(signaling.media[0].is_up, true);
  const [media] = body.media;
  assert.equal(media.id, signaling.media[0].id);
  assert.equal(media.is_up, true);
  assert.equal(media.version, document.info.version);
  assert.equal(media.ports.length, media.workers);
});

test("a call is explained by the lines of its room", async () => {
  const line = (event, more) => ({
    time: new Date().toISOString(),
    level: "info",
    service: "signaling",
    instance: "s1",
    event,
    room: hashedRoom("explained-room"),
    participant: "p1",
    ...more,
  });
  const lines = [line("participant.joined", { media: "m1", took_us: 900 }), line("client.report")];
  const text = lines.map((each) => `${JSON.stringify(each)}\n`).join("");
  writeFileSync(join(folder, "data", "logs", "signaling-s1.20261129T064413.1Z.jsonl"), text);
  const token = apiToken(key, ["logs"]);
  let answer;
  await until(
    async () => {
      answer = await ask(find("explainRoom"), { token, room: "explained-room" });
      return answer.status === 200;
    },
    () => `an explanation: ${JSON.stringify(answer)}`,
  );
  assert.equal(answer.body.live, true);
  assert.deepEqual(
    answer.body.participants.map(({ id }) => id),
    ["p1"],
  );
  assert.deepEqual(answer.body.findings, []);
});

test("names of rooms that are none are refused everywhere", async () => {
  for (const each of operations()) {
    if (!each.path.includes("{room}")) continue;
    const { status } = await ask(each, { token: await tokenFor(each), room: "no%20room" });
    assert.equal(status, 400, each.operation.operationId);
  }
});

test("an invitation names the room's page, and its token is a JSON Web Token", async () => {
  const { body } = await ask(find("createGuestToken"));
  assert.equal(body.path, "/r/contract-room");
  const [header, payload] = body.token
    .split(".", 2)
    .map((part) => JSON.parse(Buffer.from(part, "base64url")));
  assert.equal(header.alg, "ES256");
  assert.equal(payload.aud, "confab/join");
  assert.equal(payload.room, "contract-room");
  const { keys } = await (await fetch(`${server.origin}/.well-known/jwks.json`)).json();
  assert.ok(keys.some(({ kid }) => kid === header.kid));
  for (const { d } of keys) assert.equal(d, undefined, "a private key was published");
});

test("what is public answers without a token, everything else below /api does not", async () => {
  for (const path of ["/healthz", "/.well-known/jwks.json", "/api/v1/openapi.json", "/api/docs"]) {
    assert.equal((await fetch(server.origin + path)).status, 200, path);
  }
  for (const path of ["/api", "/api/", "/api/v1", "/api/v2/rooms", "/api/v1/room"]) {
    assert.equal((await fetch(server.origin + path)).status, 404, path);
  }
});
