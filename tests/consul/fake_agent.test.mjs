// The fake itself: services and checks, by what Consul's documents say of them.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { after, afterEach, before, test } from "node:test";
import { FakeConsul } from "./fake/server.mjs";
import { Asker } from "./support/asker.mjs";
import { until } from "./support/waiting.mjs";

const SOON_MS = 5000;
const MINUTE_MS = 60_000;
const REGISTER = "/v1/agent/service/register";

let fake;
let consul;

before(async () => {
  fake = await FakeConsul.start();
  consul = new Asker(fake.url);
});
after(() => fake.stop());
afterEach(() => consul.fault("forget"));

const register = (definition, query = "") => consul.put(REGISTER + query, definition);
const checkOf = async (id) => (await consul.get("/v1/agent/checks")).json[id];

test("says that it is a fake wherever it can", async () => {
  const { headers, json } = await consul.get("/v1/agent/self");
  assert.match(headers.get("server"), /fake/);
  assert.match(json.Config.Version, /-fake$/);
  assert.equal(json.Config.Datacenter, "dc1");
});

test("gives a service back as it was registered", async () => {
  const meta = { http_port: "80", Mixed_Case: "Kept" };
  const service = { ID: "web-1", Name: "web", Tags: ["a", "b"], Address: "192.0.2.1", Port: 80 };
  assert.equal((await register({ ...service, Meta: meta })).status, 200);
  const [entry] = (await consul.get("/v1/health/service/web")).json;
  assert.equal(entry.Service.ID, "web-1");
  assert.equal(entry.Service.Service, "web");
  assert.deepEqual(entry.Service.Tags, ["a", "b"]);
  assert.equal(entry.Service.Address, "192.0.2.1");
  assert.equal(entry.Service.Port, 80);
  assert.deepEqual(entry.Service.Meta, meta);
  assert.deepEqual(
    entry.Checks.map(({ CheckID }) => CheckID),
    ["serfHealth"],
  );
  assert.equal(entry.Node.Datacenter, "dc1");
  assert.deepEqual((await consul.get("/v1/catalog/services")).json, {
    consul: [],
    web: ["a", "b"],
  });
  const [listed] = (await consul.get("/v1/catalog/service/web")).json;
  assert.equal(listed.ServiceID, "web-1");
  assert.equal(listed.ServiceAddress, "192.0.2.1");
  assert.equal((await consul.get("/v1/agent/services")).json["web-1"].Port, 80);
  assert.equal((await consul.get("/v1/agent/service/web-1")).json.Service, "web");
});

test("takes keys in snake_case too, and the name for the id", async () => {
  const check = { ttl: "5s", deregister_critical_service_after: "2m" };
  assert.equal((await register({ name: "web", enable_tag_override: true, check })).status, 200);
  const [entry] = (await consul.get("/v1/health/service/web")).json;
  assert.equal(entry.Service.ID, "web");
  assert.equal(entry.Service.EnableTagOverride, true);
  assert.equal(entry.Checks[0].CheckID, "service:web");
});

test("finds by all tags that are asked for", async () => {
  await register({ ID: "1", Name: "web", Tags: ["a", "b"] });
  await register({ ID: "2", Name: "web", Tags: ["a"] });
  const ids = async (query) =>
    (await consul.get(`/v1/health/service/web?${query}`)).json.map(({ Service }) => Service.ID);
  assert.deepEqual(await ids("tag=a"), ["1", "2"]);
  assert.deepEqual(await ids("tag=a&tag=b"), ["1"]);
  assert.deepEqual(await ids("tag=c"), []);
  assert.deepEqual(await ids("near=_agent"), ["1", "2"]);
});

test("refuses what it cannot take", async () => {
  const cases = [
    [{}, /Missing service name/],
    [{ Name: "web", Port: 70000 }, /Invalid port/],
    [{ Name: "web", Meta: { "a b": "x" } }, /Invalid Service Meta/],
    [{ Name: "web", Check: { HTTP: "http://h" } }, /Interval must be/],
    [{ Name: "web", Check: {} }, /TTL must be/],
    [{ Name: "web", Check: { TTL: "5x" } }, /Invalid duration/],
    ["{", /decode failed/],
    ["[]", /decode failed/],
  ];
  for (const [definition, why] of cases) {
    const { status, text } = await register(definition);
    assert.equal(status, 400);
    assert.match(text, why);
  }
  assert.equal((await consul.get("/v1/health/service/web?filter=x")).status, 400);
  assert.equal((await consul.get("/v1/health/service/web?filter=")).status, 200);
  assert.equal((await consul.get("/v1/health/service/web?stale&consistent")).status, 400);
  assert.equal((await consul.get(REGISTER)).status, 405);
  assert.equal((await consul.get("/v1/nothing")).status, 404);
});

test("deregisters, also what is not there", async () => {
  await register({ Name: "web", Check: { TTL: "10s" } });
  assert.equal((await consul.put("/v1/agent/service/deregister/web")).status, 200);
  assert.deepEqual((await consul.get("/v1/health/service/web")).json, []);
  assert.deepEqual((await consul.get("/v1/agent/checks")).json, {});
  assert.equal((await consul.put("/v1/agent/service/deregister/web")).status, 200);
});

test("begins critical unless the definition says otherwise", async () => {
  await register({ ID: "1", Name: "web", Check: { TTL: "10s" } });
  await register({ ID: "2", Name: "web", Check: { TTL: "10s", Status: "passing" } });
  assert.deepEqual(await consul.healthy("web"), ["2"]);
});

test("moves a TTL check by each endpoint", async () => {
  await register({ Name: "web", Check: { TTL: "10s" } });
  for (const [path, body, status, output] of [
    ["pass/service:web?note=fine", undefined, "passing", "fine"],
    ["warn/service:web?note=hm", undefined, "warning", "hm"],
    ["fail/service:web", undefined, "critical", ""],
    ["update/service:web", { Status: "passing", Output: "back" }, "passing", "back"],
  ]) {
    assert.equal((await consul.put(`/v1/agent/check/${path}`, body)).status, 200);
    const check = await checkOf("service:web");
    assert.equal(check.Status, status);
    assert.equal(check.Output, output);
  }
  const { status, text } = await consul.put("/v1/agent/check/pass/web");
  assert.equal(status, 404);
  assert.match(text, /Unknown check ID "web"/);
});

test("takes a TTL check that is not renewed for critical, and deregisters it later", async () => {
  const check = { TTL: "10s", Status: "passing", DeregisterCriticalServiceAfter: "1m" };
  await register({ Name: "web", Check: check });
  fake.advance(9_900);
  assert.deepEqual(await consul.healthy("web"), ["web"]);
  await consul.put("/v1/agent/check/pass/service:web");
  fake.advance(9_900);
  assert.deepEqual(await consul.healthy("web"), ["web"]);
  fake.advance(200);
  assert.deepEqual(await consul.healthy("web"), []);
  assert.match((await checkOf("service:web")).Output, /TTL expired/);
  fake.advance(MINUTE_MS - 1000);
  assert.equal((await consul.get("/v1/health/service/web")).json.length, 1);
  // The reaper looks every 30 s.
  fake.advance(31_000);
  assert.deepEqual((await consul.get("/v1/health/service/web")).json, []);
});

test("never deregisters before a minute has passed", async () => {
  const check = { TTL: "1s", DeregisterCriticalServiceAfter: "1s" };
  await register({ Name: "web", Check: check });
  fake.advance(MINUTE_MS - 2000);
  assert.equal((await consul.get("/v1/health/service/web")).json.length, 1);
  fake.advance(32_000);
  assert.equal((await consul.get("/v1/health/service/web")).json.length, 0);
});

test("performs HTTP checks", async () => {
  let status = 200;
  const server = createHttpServer((_, response) => response.writeHead(status).end("so it is"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const http = `http://127.0.0.1:${server.address().port}/health`;
  await register({ Name: "web", Check: { HTTP: http, Interval: "20ms" } });
  for (const [given, expected] of [
    [204, "passing"],
    [429, "warning"],
    [500, "critical"],
    [200, "passing"],
  ]) {
    status = given;
    const is = async () => (await checkOf("service:web")).Status === expected;
    await until(is, SOON_MS, `${given} to be ${expected}`);
  }
  assert.match((await checkOf("service:web")).Output, /200 Output: so it is/);
  server.close();
  server.closeAllConnections();
  const fails = async () => (await checkOf("service:web")).Status === "critical";
  await until(fails, SOON_MS, "a closed port to be critical");
});

test("performs TCP checks, and gRPC ones as such", async () => {
  const server = createServer((socket) => socket.destroy());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const at = `127.0.0.1:${server.address().port}`;
  await register({
    Name: "web",
    Checks: [
      { TCP: at, Interval: "20ms" },
      { GRPC: `${at}/confab`, Interval: "20ms" },
    ],
  });
  const passes = async () => (await consul.healthy("web")).length === 1;
  await until(passes, SOON_MS, "both checks to pass");
  assert.match((await checkOf("service:web:2")).Output, /gRPC \(as TCP\)/);
  server.close();
  const fails = async () => (await consul.healthy("web")).length === 0;
  await until(fails, SOON_MS, "a closed port to be critical");
});

test("keeps checks that are registered by themselves", async () => {
  await register({ Name: "web" });
  const more = { Name: "memory", TTL: "10s", ServiceID: "web" };
  assert.equal((await consul.put("/v1/agent/check/register", more)).status, 200);
  assert.deepEqual(await consul.healthy("web"), []);
  assert.equal((await consul.get("/v1/health/checks/web")).json[0].Name, "memory");
  assert.equal((await consul.get("/v1/health/state/critical")).json.length, 1);
  await consul.put("/v1/agent/check/deregister/memory");
  assert.deepEqual(await consul.healthy("web"), ["web"]);
  const lost = await consul.put("/v1/agent/check/register", { ...more, ServiceID: "none" });
  assert.equal(lost.status, 404);
});

test("replaces the checks of a service where it is asked to", async () => {
  const [first, second] = ["one", "two"].map((CheckID) => ({ CheckID, TTL: "10s" }));
  await register({ Name: "web", Check: first });
  await register({ Name: "web", Check: second });
  assert.deepEqual(Object.keys((await consul.get("/v1/agent/checks")).json), ["one", "two"]);
  await register({ Name: "web", Check: second }, "?replace-existing-checks=true");
  assert.deepEqual(Object.keys((await consul.get("/v1/agent/checks")).json), ["two"]);
});

test("hides what is in maintenance", async () => {
  await register({ Name: "web" });
  const service = "/v1/agent/service/maintenance/web";
  assert.equal((await consul.put(service)).status, 400);
  assert.equal((await consul.put(`${service}?enable=true&reason=new+disk`)).status, 200);
  assert.deepEqual(await consul.healthy("web"), []);
  assert.equal((await checkOf("_service_maintenance:web")).Notes, "new disk");
  await consul.put(`${service}?enable=false`);
  assert.deepEqual(await consul.healthy("web"), ["web"]);
  await consul.put("/v1/agent/maintenance?enable=true");
  assert.deepEqual(await consul.healthy("web"), []);
  await consul.put("/v1/agent/maintenance?enable=false");
  assert.deepEqual(await consul.healthy("web"), ["web"]);
  const unknown = await consul.put("/v1/agent/service/maintenance/none?enable=true");
  assert.equal(unknown.status, 404);
});
