// The fake, as npm's `consul` sees it: a client that nobody here wrote.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import Consul from "consul";
import { FakeConsul } from "./fake/server.mjs";
import { Asker } from "./support/asker.mjs";
import { until } from "./support/waiting.mjs";

const SOON_MS = 10_000;

let fake;
let client;

before(async () => {
  fake = await FakeConsul.start({ token: "t" });
  client = new Consul({ host: "127.0.0.1", port: fake.port, defaults: { token: "t" } });
});
after(() => fake.stop());
afterEach(() => new Asker(fake.url).fault("forget"));

const healthy = async () =>
  (await client.health.service({ service: "web", passing: true })).map(({ Service }) => Service.ID);

test("registers, renews and deregisters a service", async () => {
  const check = { ttl: "10s", deregistercriticalserviceafter: "1m" };
  await client.agent.service.register({ id: "web-1", name: "web", port: 80, tags: ["a"], check });
  assert.deepEqual(await healthy(), []);
  await client.agent.check.pass({ id: "service:web-1" });
  assert.deepEqual(await healthy(), ["web-1"]);
  await client.agent.check.warn("service:web-1");
  assert.deepEqual(await healthy(), []);
  const list = await client.agent.service.list();
  assert.equal(list["web-1"].Port, 80);
  assert.deepEqual((await client.catalog.service.list()).web, ["a"]);
  assert.equal((await client.catalog.service.nodes("web"))[0].ServiceID, "web-1");
  assert.equal((await client.health.checks("web"))[0].Status, "warning");
  await client.agent.service.deregister("web-1");
  assert.deepEqual(await client.health.service("web"), []);
});

test("puts a service into maintenance", async () => {
  await client.agent.service.register({ name: "web" });
  await client.agent.service.maintenance({ id: "web", enable: true, reason: "r" });
  assert.deepEqual(await healthy(), []);
  await client.agent.service.maintenance({ id: "web", enable: false });
  assert.deepEqual(await healthy(), ["web"]);
});

test("watches a service by blocking queries", async () => {
  const watch = client.watch({
    method: client.health.service,
    options: { service: "web", passing: true },
  });
  try {
    const seen = [];
    watch.on("change", (entries) => seen.push(entries.map(({ Service }) => Service.ID).join()));
    watch.on("error", (error) => seen.push(`error: ${error.message}`));
    const sees = (ids) => until(() => seen.at(-1) === ids, SOON_MS, `the watch to see '${ids}'`);
    await client.agent.service.register({ id: "1", name: "web" });
    await sees("1");
    await client.agent.service.register({ id: "2", name: "web" });
    await sees("1,2");
    await client.agent.service.deregister("1");
    await sees("2");
  } finally {
    watch.end();
  }
});

test("stores, lists, checks and deletes keys", async () => {
  await client.kv.set("a/b", "value");
  assert.equal((await client.kv.get("a/b")).Value, "value");
  assert.deepEqual(await client.kv.keys("a"), ["a/b"]);
  // The client makes nothing of a refusal.
  assert.ok(!(await client.kv.set({ key: "a/b", value: "x", cas: "1" })));
  await client.kv.del({ key: "a", recurse: true });
  assert.equal(await client.kv.get("a/b"), undefined);
});

test("locks with a session", async () => {
  const one = (await client.session.create({ ttl: "10s", lockdelay: "0s" })).ID;
  const other = (await client.session.create({ ttl: "10s" })).ID;
  assert.equal(await client.kv.set({ key: "l", value: "1", acquire: one }), true);
  assert.ok(!(await client.kv.set({ key: "l", value: "2", acquire: other })));
  assert.equal((await client.session.renew(one))[0].ID, one);
  await client.session.destroy(one);
  assert.equal(await client.kv.set({ key: "l", value: "2", acquire: other }), true);
  assert.equal((await client.session.list()).length, 1);
});

test("tells who it is and who leads", async () => {
  assert.match((await client.agent.self()).Config.Version, /fake/);
  assert.match(await client.status.leader(), /^127\.0\.0\.1:\d+$/);
  assert.equal((await client.agent.members()).length, 1);
});

test("hears that its token is wrong", async () => {
  const stranger = new Consul({ host: "127.0.0.1", port: fake.port });
  await assert.rejects(stranger.agent.service.list(), (error) => error.statusCode === 403);
});
