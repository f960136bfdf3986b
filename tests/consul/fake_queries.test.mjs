// The fake itself: blocking queries, tokens, faults, and the program.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { after, beforeEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { FakeConsul } from "./fake/server.mjs";
import { Asker } from "./support/asker.mjs";
import { runProgram } from "./support/run_program.mjs";
import { until, within } from "./support/waiting.mjs";

const MAIN = fileURLToPath(new URL("./fake/main.mjs", import.meta.url));
const SOON_MS = 5000;
const HEALTH = "/v1/health/service/web";

let fake;
let consul;

beforeEach(async () => {
  await fake?.stop();
  fake = await FakeConsul.start();
  consul = new Asker(fake.url);
});
after(() => fake.stop());

const register = (id, name = "web") =>
  consul.put("/v1/agent/service/register", { ID: id, Name: name });
/** A query that has arrived, and may be held: its answer, and whether that is there. */
async function asking(path) {
  const line = `GET ${path.split("?")[0]}`;
  const arrived = async () => (await consul.get("/fake/requests")).json[line] ?? 0;
  const before = await arrived();
  const answer = { done: false };
  const promise = consul.get(path).then((given) => Object.assign(answer, given, { done: true }));
  promise.catch(() => {});
  await until(async () => (await arrived()) > before, SOON_MS, "the query's arrival");
  return { answer, promise };
}

test("answers at once without an index and above zero", async () => {
  const { index, headers } = await consul.get(`${HEALTH}?stale`);
  assert.ok(index > 0);
  assert.equal(headers.get("x-consul-knownleader"), "true");
  assert.equal(headers.get("x-consul-effective-consistency"), "stale");
  assert.match(headers.get("x-consul-lastcontact"), /^\d+$/);
  const consistent = await consul.get(`${HEALTH}?consistent`);
  assert.equal(consistent.headers.get("x-consul-effective-consistency"), "consistent");
});

test("holds a query until there is something newer", async () => {
  const { index } = await consul.get(HEALTH);
  const { answer, promise } = await asking(`${HEALTH}?index=${index}&wait=1m`);
  await register("other", "elsewhere");
  assert.equal(answer.done, false);
  await register("1");
  const { json, index: next } = await within(promise, SOON_MS, "the answer");
  assert.equal(json[0].Service.ID, "1");
  assert.ok(next > index);
});

test("ends a query with its wait and up to a sixteenth more", async () => {
  const { index } = await consul.get(HEALTH);
  const { answer, promise } = await asking(`${HEALTH}?index=${index}&wait=160s`);
  fake.advance(159_000);
  assert.equal(answer.done, false);
  fake.advance(11_500);
  assert.equal((await within(promise, SOON_MS, "the answer")).index, index);
});

test("bounds the wait by ten minutes, five where none is given", async () => {
  const { index } = await consul.get(HEALTH);
  const { promise } = await asking(`${HEALTH}?index=${index}&wait=1000h`);
  fake.advance(638_000);
  await within(promise, SOON_MS, "the answer");
  const next = await asking(`${HEALTH}?index=${index}`);
  fake.advance(319_000);
  await within(next.promise, SOON_MS, "the answer");
});

test("refuses an index or a wait that is none", async () => {
  assert.equal((await consul.get(`${HEALTH}?index=x`)).text, "Invalid index");
  assert.equal((await consul.get(`${HEALTH}?index=1&wait=x`)).text, "Invalid wait time");
});

test("lets who waits with an index from before a restart wait", async () => {
  for (let i = 0; i < 20; ++i) await register(String(i));
  const { index } = await consul.get(HEALTH);
  const held = await asking(`${HEALTH}?index=${index}&wait=1m`);
  await consul.fault("forget");
  const answer = await within(held.promise, SOON_MS, "the answer");
  assert.ok(answer.index < index);
  assert.deepEqual(answer.json, []);
  const late = await asking(`${HEALTH}?index=${index}&wait=1m`);
  await register("new");
  assert.equal(late.answer.done, false);
  fake.advance(64_000);
  assert.equal((await within(late.promise, SOON_MS, "the answer")).json.length, 1);
});

test("wants the token in one of its three places", async () => {
  const guarded = await FakeConsul.start({ token: "right" });
  const ask = (headers, query = "") => new Asker(guarded.url, headers).get(HEALTH + query);
  try {
    assert.equal((await ask({})).status, 403);
    assert.match((await ask({})).text, /Permission denied/);
    const wrong = await ask({ "X-Consul-Token": "wrong" });
    assert.equal(wrong.status, 403);
    assert.equal(wrong.text, "ACL not found");
    for (const [headers, query] of [
      [{ "X-Consul-Token": "right" }],
      [{ Authorization: "Bearer right" }],
      [{}, "?token=right"],
    ]) {
      assert.equal((await ask(headers, query)).status, 200);
    }
    assert.equal((await new Asker(guarded.url).get("/v1/status/leader")).status, 200);
  } finally {
    await guarded.stop();
  }
});

test("goes wrong as it is told, and only then", async () => {
  await register("1");
  const get = (signal) => fetch(fake.url + HEALTH, { signal });
  await consul.fault("error");
  assert.equal((await get()).status, 500);
  await consul.fault("refuse");
  await assert.rejects(get());
  await consul.fault("cut");
  await assert.rejects(async () => (await get()).text());
  await consul.fault("garbage");
  await assert.rejects(async () => (await get()).json());
  await consul.fault("hang");
  await assert.rejects(get(AbortSignal.timeout(200)), { name: "TimeoutError" });
  await consul.fault("delay", { ms: 300 });
  await assert.rejects(get(AbortSignal.timeout(100)), { name: "TimeoutError" });
  await consul.fault("error", { path: "/v1/kv/" });
  assert.equal((await get()).status, 200);
  await consul.fault("error", { times: 1 });
  assert.equal((await get()).status, 500);
  assert.equal((await get()).status, 200);
  await consul.fault("error");
  await consul.ask("DELETE", "/fake/faults");
  assert.equal((await get()).status, 200);
  assert.equal((await consul.fault("nonsense")).status, 400);
});

test("runs as a program that says where it listens", async () => {
  const child = spawn(process.execPath, [MAIN, "--port", "0", "--data-center", "north"]);
  const [line] = await within(once(createInterface(child.stdout), "line"), SOON_MS, "its line");
  const [, url] = /fake consul .*-fake .*not Consul.* listens on (http:\S+)$/.exec(line);
  const { json } = await new Asker(url).get("/v1/agent/self");
  assert.equal(json.Config.Datacenter, "north");
  child.kill("SIGTERM");
  assert.deepEqual(await within(once(child, "exit"), SOON_MS, "its end"), [0, null]);
});

test("refuses flags that it cannot use", async () => {
  for (const args of [["--port", "x"], ["--nonsense"]]) {
    const { code, err } = await runProgram(process.execPath, [MAIN, ...args], { ms: SOON_MS });
    assert.equal(code, 1);
    assert.match(err, /--port P/);
  }
});
