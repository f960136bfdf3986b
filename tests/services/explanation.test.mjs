// One call explained: a gateway asks the log viewer, which reads what all services have written.
import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { apiToken, makeKey } from "../gateway/tokens.mjs";
import { hashedRoom, line } from "../logs/support/log_viewer.mjs";
import { Cluster } from "./support/cluster.mjs";
import { until } from "./support/waiting.mjs";

const ROOM = "quiet-harbor";

let cluster;
let key;
before(async () => {
  const settings = () => ({ gateway: { requests_per_second: 1000 } });
  cluster = await Cluster.start({ names: ["m1", "s1", "g1", "l1"], settings });
  key = makeKey(cluster.folder, ["logs", "rooms:read", "metrics:read"]);
});
after(() => cluster?.stop());

async function explain(room, { scopes = ["logs"], claims, query = "" } = {}) {
  const path = `/api/v1/rooms/${room}/explanation${query}`;
  const headers = { authorization: `Bearer ${apiToken(key, scopes, claims)}` };
  const response = await fetch(cluster.url("g1") + path, { headers });
  return { status: response.status, body: await response.json() };
}

function write(name, ...lines) {
  mkdirSync(cluster.logs, { recursive: true });
  const text = lines.map((each) => `${JSON.stringify(each)}\n`).join("");
  writeFileSync(join(cluster.logs, name), text);
}

test("a gateway explains what the lines of several services tell", async () => {
  const of = { room: hashedRoom(ROOM), participant: "p1", trace: "t1" };
  write(
    "signaling-s7.20261129T064413.1Z.jsonl",
    line({ ...of, event: "participant.joined", media: "m7", took_us: 12_000 }),
    line({ ...of, participant: "", event: "connection.refused", level: "warning", ...refusal() }),
    line({ ...of, event: "participant.left", reason: "left" }),
  );
  const media = { ...of, service: "media", instance: "m7", transport: "t1" };
  write("media-m7.20261129T064413.1Z.jsonl", line({ ...media, event: "transport.created" }));
  let answer;
  await until(
    async () => {
      answer = await explain(ROOM);
      return answer.status === 200 && answer.body.participants[0]?.transports.length === 1;
    },
    () => `the explanation: ${JSON.stringify(answer)}`,
  );
  const { body } = answer;
  assert.equal(body.live, false);
  assert.equal(body.participants[0].reason, "left");
  assert.deepEqual(
    body.findings.map(({ cause }) => cause),
    ["token_expired"],
  );
  assert.equal(body.failures[0].error_id, "e-1");
  assert.equal((await explain(ROOM, { claims: { room: ROOM } })).status, 200);
});

function refusal() {
  return { reason: "expired", code: "unauthorized", message: "It has expired.", error_id: "e-1" };
}

test("what cannot be explained is said in a sentence", async () => {
  const unknown = await explain("nobody-came-here");
  assert.equal(unknown.status, 404);
  assert.equal(unknown.body.error.code, "room_not_found");
  assert.match(unknown.body.error.message, /No line of a call in this room is kept/);
  for (const query of ["?at=yesterday", "?at=1999", `?at=${"2".repeat(40)}`]) {
    const wrong = await explain(ROOM, { query });
    assert.equal(wrong.status, 400, query);
    assert.match(wrong.body.error.message, /UTC time/);
  }
});

test("another scope or another room's token explains nothing", async () => {
  assert.equal((await explain(ROOM, { scopes: ["rooms:read"] })).status, 403);
  assert.equal((await explain(ROOM, { claims: { room: "another" } })).status, 403);
});

test("Prometheus is told of the log viewer too", async () => {
  const headers = { authorization: `Bearer ${apiToken(key, ["metrics:read"])}` };
  const response = await fetch(`${cluster.url("g1")}/api/v1/prometheus-targets`, { headers });
  const targets = await response.json();
  assert.equal(response.status, 200, JSON.stringify(targets));
  const roles = targets.map(({ labels }) => labels.__meta_confab_role);
  assert.ok(roles.includes("logs"), JSON.stringify(roles));
});

test("a viewer that has gone is named, with what to do", async () => {
  await cluster.kill("l1");
  const answer = await explain(ROOM);
  assert.equal(answer.status, 503);
  assert.equal(answer.body.error.code, "unavailable");
  assert.match(answer.body.error.message, /log viewer l1 does not answer .* `confab logs` runs/);
});
