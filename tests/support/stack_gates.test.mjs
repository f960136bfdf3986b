// Where gates are between the parts of a stack, and who is told of which.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { logs } from "../../tools/stack/confab_parts.mjs";
import { consulPort, gateNames, gatePlan, viewPlan, wayTo } from "../../tools/stack/gates.mjs";
import { freePorts } from "../../tools/stack/ports.mjs";

const PARTS = ["consul", "postgres", "media-1", "media-2", "signaling-1", "signaling-2"];

test("a way has a gate for each pair of its parts", () => {
  assert.deepEqual(gateNames(["signaling-media"], PARTS), [
    "signaling-1>media-1.grpc",
    "signaling-1>media-2.grpc",
    "signaling-2>media-1.grpc",
    "signaling-2>media-2.grpc",
  ]);
  assert.deepEqual(gateNames([], PARTS), []);
});

test("a way that is none is refused with those that there are", () => {
  assert.throws(() => gateNames(["media-media"], PARTS), /no gate fits in media-media: .*nginx-g/);
});

test("without gates everyone goes to the parts themselves", async () => {
  const ports = await freePorts();
  assert.equal(ports.gates, undefined);
  assert.equal(wayTo(ports, "signaling-1", "postgres", "sql"), ports.postgres.sql);
  assert.equal(consulPort(ports, "media-1"), ports.consul.http);
  assert.deepEqual(gatePlan(ports), []);
  assert.deepEqual(viewPlan(ports), {});
});

test("a part that is told of another goes to the gate, and the gate to the other", async () => {
  const ports = await freePorts({ ways: ["signaling-postgres"] });
  const gate = wayTo(ports, "signaling-1", "postgres", "sql");
  assert.equal(gate, ports.gates["signaling-1>postgres.sql"]);
  assert.deepEqual(gatePlan(ports)[0], {
    name: "signaling-1>postgres.sql",
    listen: gate,
    target: ports.postgres.sql,
  });
});

test("the log viewer is told of the store, whose API keys it reads, by its gate", async (t) => {
  const ports = await freePorts({ ways: ["logs-postgres"] });
  const folder = mkdtempSync(join(tmpdir(), "confab-parts-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const part = logs("logs", {
    ports,
    folder: { conf: folder, state: folder, lines: folder },
    plan: { binary: "confab", webDir: folder },
    secrets: { postgresPassword: "/password" },
  });
  const text = readFileSync(part.command().at(-1), "utf8");
  const [, store] = text.split("\n[store]\n");
  assert.match(store, new RegExp(`^url = "postgresql://.*:${ports.gates["logs>postgres.sql"]}/`));
  assert.match(store, /^password_file = "\/password"$/m);
});

test("a part that finds another by Consul is shown the gate, and nobody else is", async () => {
  const ports = await freePorts({ ways: ["signaling-media"] });
  const one = consulPort(ports, "signaling-1");
  assert.notEqual(one, ports.consul.http);
  assert.equal(consulPort(ports, "gateway-1"), ports.consul.http);
  const gate = ports.gates["signaling-1>media-2.grpc"];
  assert.deepEqual(viewPlan(ports)[one]["confab-media-media-2"], { grpc_port: String(gate) });
});

test("a gate before Consul leads to what its part is shown", async () => {
  const ports = await freePorts({ ways: ["signaling-media", "signaling-consul"] });
  const gate = consulPort(ports, "signaling-1");
  assert.equal(gate, ports.gates["signaling-1>consul.http"]);
  const { target } = gatePlan(ports).find(({ listen }) => listen === gate);
  assert.ok(viewPlan(ports)[target]["confab-media-media-1"]);
});

test("plain RTP has ports of its own, an even one first", async () => {
  const ports = await freePorts({ plainRtp: true });
  const { firstPlain, lastPlain } = ports["media-2"];
  assert.equal(firstPlain % 2, 0);
  assert.ok(lastPlain > firstPlain);
  assert.equal((await freePorts())["media-2"].firstPlain, undefined);
});
