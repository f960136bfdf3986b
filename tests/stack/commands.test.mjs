// What ./dev stack up, status and down say and do.
import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { after, test } from "node:test";
import { Stack } from "./support/stack.mjs";

const PARTS = [
  ...[
    "consul",
    "postgres",
    "redis",
    "turn-1",
    "turn-2",
    "media-1",
    "media-2",
    "signaling-1",
    "signaling-2",
  ],
  ...["gateway-1", "gateway-2", "logs", "nginx", "prometheus"],
];

const stack = new Stack("commands");
after(() => stack.down());

function filesBelow(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((it) => it.isFile());
}

/** Who has ended and waits for whoever adopted it to notice is not. */
function isAlive(pid) {
  if (!existsSync(`/proc/${pid}/stat`)) return false;
  return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
}

function mayListen(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

test("where there is no stack, status and down say so", async () => {
  const { said, status } = await stack.say("status");
  assert.match(said, /There is no stack in .*: \.\/dev stack up starts one/);
  assert.equal(status, 1);
  assert.equal((await stack.say("down")).status, 0);
});

test("a folder with other things in it is left alone", async () => {
  const other = new Stack("other");
  mkdirSync(other.folder);
  writeFileSync(join(other.folder, "letter"), "");
  const { said, status } = await other.say("up", "--free-ports", ...other.program);
  assert.match(said, /holds other things: name a folder that is empty or new/);
  assert.equal(status, 1);
  await other.say("down");
  assert.deepEqual(readdirSync(other.folder), ["letter"]);
});

test("up tells of each part, and where everything is", async () => {
  const said = await stack.up();
  for (const part of PARTS) assert.match(said, new RegExp(`${part}: healthy after`));
  assert.ok(said.includes(`${stack.origin}/`), said);
  assert.match(said, /Consul .*a fake, for tests; not Consul/);
  assert.equal((await fetch(stack.origin)).status, 200);
});

test("nobody else may read what it writes", () => {
  for (const { parentPath, path, name } of filesBelow(stack.folder)) {
    const file = join(parentPath ?? path, name);
    assert.equal(statSync(file).mode & 0o077, 0, file);
  }
});

test("status has a healthy line for each part", async () => {
  const { said, status } = await stack.say("status");
  assert.equal(status, 0, said);
  for (const part of PARTS) {
    assert.match(said, new RegExp(`^${part}.* ${stack.pid(part)} .*healthy$`, "m"));
  }
});

test("a second up says that it is up, and changes nothing", async () => {
  const pids = PARTS.map((part) => stack.pid(part));
  assert.match(await stack.up(), /the stack is up already/);
  assert.deepEqual(
    PARTS.map((part) => stack.pid(part)),
    pids,
  );
});

test("status names what is missing and whom that hurts; up starts that alone", async () => {
  const lost = ["media-1", "media-2", "nginx"];
  const kept = PARTS.filter((part) => !lost.includes(part));
  const pids = kept.map((part) => stack.pid(part));
  for (const part of lost) await stack.kill(part);
  const { said, status } = await stack.say("status");
  assert.equal(status, 1);
  for (const part of lost) assert.match(said, new RegExp(`^${part} .*not running$`, "m"));
  assert.match(said, /^signaling-1 .*No media instance is reached/m);
  const told = await stack.up();
  assert.match(told, new RegExp(`missing: ${lost.join(", ")}`));
  for (const part of lost) assert.match(told, new RegExp(`${part}: healthy after`));
  assert.deepEqual(
    kept.map((part) => stack.pid(part)),
    pids,
  );
  // A gateway may just have asked signaling before that had found media again.
  let again;
  const end = performance.now() + 10_000;
  do again = await stack.say("status");
  while (again.status !== 0 && performance.now() < end);
  assert.equal(again.status, 0, again.said);
});

test("down leaves no process, no port and no file", async () => {
  const pids = PARTS.map((part) => stack.pid(part));
  const { said, status } = await stack.say("down");
  assert.equal(status, 0, said);
  for (const part of PARTS) assert.match(said, new RegExp(`${part}: ended`));
  assert.deepEqual(pids.filter(isAlive), []);
  assert.ok(!existsSync(stack.folder));
  for (const port of Object.values(stack.ports).flatMap((ports) => Object.values(ports))) {
    assert.ok(await mayListen(port), `${port} is taken`);
  }
});
