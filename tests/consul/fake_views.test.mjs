// On ports of their own the fake shows services at other ports than they have said.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { freePort } from "../e2e/support/ports.mjs";
import { FakeConsul } from "./fake/server.mjs";

const SERVICE = {
  ID: "store-1",
  Name: "store",
  Port: 7000,
  Meta: { http_port: "7000", grpc_port: "7001" },
};

let fake;
let view;
before(async () => {
  view = await freePort();
  const views = { [view]: { "store-1": { http_port: "9000" }, other: { http_port: "1" } } };
  fake = await FakeConsul.start({ views });
  const url = `${fake.url}/v1/agent/service/register`;
  await fetch(url, { method: "PUT", body: JSON.stringify(SERVICE) });
});
after(() => fake.stop());

async function seenAt(port) {
  const answer = await fetch(`http://127.0.0.1:${port}/v1/health/service/store`);
  const [{ Service }] = await answer.json();
  return [Service.Port, Service.Meta];
}

test("who asks there is shown what the view says", async () => {
  assert.deepEqual(await seenAt(view), [9000, { http_port: "9000", grpc_port: "7001" }]);
});

test("who asks elsewhere is shown what the service has said", async () => {
  assert.deepEqual(await seenAt(fake.port), [7000, { http_port: "7000", grpc_port: "7001" }]);
});

test("a fault is one on every port", async () => {
  const fault = { method: "PUT", body: JSON.stringify({ kind: "refuse" }) };
  await fetch(`${fake.url}/fake/faults`, fault);
  await assert.rejects(seenAt(view));
  await fetch(`${fake.url}/fake/faults`, { method: "DELETE" });
  assert.equal((await seenAt(view))[0], 9000);
});
