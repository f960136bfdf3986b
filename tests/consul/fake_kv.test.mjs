// The fake itself: keys, values, sessions, locks.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { FakeConsul } from "./fake/server.mjs";
import { Asker } from "./support/asker.mjs";

let fake;
let consul;

before(async () => {
  fake = await FakeConsul.start();
  consul = new Asker(fake.url);
});
after(() => fake.stop());
afterEach(() => consul.fault("forget"));

const put = async (key, value, query = "") =>
  (await consul.put(`/v1/kv/${key}${query}`, value)).json;
const entry = async (key) => (await consul.get(`/v1/kv/${key}`)).json?.[0];
const session = async (options = {}) =>
  (await consul.put("/v1/session/create", { LockDelay: "0s", ...options })).json.ID;

test("keeps values of any bytes with their flags", async () => {
  assert.equal(await put("a/b", "hällo", "?flags=42"), true);
  const { Value, Flags, Key, LockIndex, CreateIndex, ModifyIndex } = await entry("a/b");
  assert.equal(Buffer.from(Value, "base64").toString(), "hällo");
  assert.equal(Flags, 42);
  assert.equal(Key, "a/b");
  assert.equal(LockIndex, 0);
  assert.equal(CreateIndex, ModifyIndex);
  assert.equal((await consul.get("/v1/kv/a/b?raw")).text, "hällo");
  assert.equal((await consul.get("/v1/kv/none")).status, 404);
  assert.equal((await consul.put("/v1/kv/big", "x".repeat(512 * 1024 + 1))).status, 413);
});

test("lists what is below a prefix", async () => {
  for (const key of ["web/bar", "web/foo", "web/subdir/one", "web/subdir/two", "other"]) {
    await put(key, "x");
  }
  const keys = (await consul.get("/v1/kv/web/?keys&separator=/")).json;
  assert.deepEqual(keys, ["web/bar", "web/foo", "web/subdir/"]);
  assert.equal((await consul.get("/v1/kv/web/?recurse")).json.length, 4);
  assert.equal((await consul.get("/v1/kv/none?recurse")).status, 404);
});

test("checks and sets", async () => {
  assert.equal(await put("k", "1", "?cas=0"), true);
  assert.equal(await put("k", "2", "?cas=0"), false);
  const { ModifyIndex } = await entry("k");
  assert.equal(await put("k", "2", `?cas=${ModifyIndex + 1}`), false);
  assert.equal(await put("k", "2", `?cas=${ModifyIndex}`), true);
  const remove = async (query) => (await consul.ask("DELETE", `/v1/kv/k${query}`)).json;
  assert.equal(await remove("?cas=0"), false);
  assert.equal(await remove(`?cas=${ModifyIndex}`), false);
  assert.equal(await remove(`?cas=${(await entry("k")).ModifyIndex}`), true);
  assert.equal(await entry("k"), undefined);
});

test("deletes all below a prefix", async () => {
  for (const key of ["a/1", "a/2", "b"]) await put(key, "x");
  assert.equal((await consul.ask("DELETE", "/v1/kv/a/?recurse")).json, true);
  assert.deepEqual((await consul.get("/v1/kv/?keys")).json, ["b"]);
});

test("holds a query for a key until it changes or is deleted", async () => {
  await put("k", "1");
  const { index } = await consul.get("/v1/kv/k");
  assert.equal(index, (await entry("k")).ModifyIndex);
  const changed = consul.get(`/v1/kv/k?index=${index}&wait=1m`);
  await put("elsewhere", "x");
  await put("k", "2");
  const after = await changed;
  assert.equal(after.json[0].Value, Buffer.from("2").toString("base64"));
  const deleted = consul.get(`/v1/kv/k?index=${after.index}&wait=1m`);
  await consul.ask("DELETE", "/v1/kv/k");
  const gone = await deleted;
  assert.equal(gone.status, 404);
  assert.ok(gone.index > after.index);
});

test("gives a lock to one session at a time", async () => {
  const [one, other] = [await session(), await session()];
  assert.equal(await put("lock", "1", `?acquire=${one}`), true);
  assert.equal(await put("lock", "2", `?acquire=${other}`), false);
  assert.equal(await put("lock", "3", `?acquire=${one}`), true);
  assert.equal((await entry("lock")).LockIndex, 1);
  assert.equal((await entry("lock")).Session, one);
  assert.equal(await put("lock", "4", `?release=${other}`), false);
  assert.equal(await put("lock", "5", `?release=${one}`), true);
  assert.equal((await entry("lock")).Session, undefined);
  assert.equal(await put("lock", "6", `?acquire=${other}`), true);
  assert.equal((await entry("lock")).LockIndex, 2);
  const unknown = "00000000-0000-0000-0000-000000000000";
  assert.equal((await consul.put(`/v1/kv/lock?acquire=${unknown}`, "")).status, 500);
});

test("gives locks back, or deletes them, with their session", async () => {
  const release = await session();
  const remove = await session({ Behavior: "delete" });
  await put("released", "x", `?acquire=${release}`);
  await put("deleted", "x", `?acquire=${remove}`);
  for (const id of [release, remove]) await consul.put(`/v1/session/destroy/${id}`);
  assert.equal((await entry("released")).Session, undefined);
  assert.equal(await entry("deleted"), undefined);
});

test("ends a session that is not renewed within twice its TTL", async () => {
  const id = await session({ TTL: "10s", Name: "mine" });
  assert.equal((await consul.get(`/v1/session/info/${id}`)).json[0].Name, "mine");
  fake.advance(19_000);
  const [renewed] = (await consul.put(`/v1/session/renew/${id}`)).json;
  assert.equal(renewed.TTL, "10s");
  fake.advance(19_000);
  assert.equal((await consul.get("/v1/session/list")).json.length, 1);
  fake.advance(2_000);
  assert.deepEqual((await consul.get(`/v1/session/info/${id}`)).json, []);
  assert.equal((await consul.put(`/v1/session/renew/${id}`)).status, 404);
  assert.equal((await consul.put(`/v1/session/destroy/${id}`)).json, true);
});

test("delays a lock whose session has ended", async () => {
  const [lost, next] = [await session({ LockDelay: "15s" }), await session()];
  await put("lock", "x", `?acquire=${lost}`);
  await consul.put(`/v1/session/destroy/${lost}`);
  assert.equal(await put("lock", "x", `?acquire=${next}`), false);
  fake.advance(15_001);
  assert.equal(await put("lock", "x", `?acquire=${next}`), true);
});

test("refuses sessions that cannot be", async () => {
  for (const options of [{ TTL: "1s" }, { TTL: "x" }, { Behavior: "x" }, { LockDelay: "x" }]) {
    assert.equal((await consul.put("/v1/session/create", options)).status, 400);
  }
  const elsewhere = await consul.put("/v1/session/create", { Node: "elsewhere" });
  assert.equal(elsewhere.status, 500);
  assert.equal((await consul.get("/v1/session/info/x")).status, 400);
});
