// A gate passes on what it is not told to spoil, and spoils what it is told to.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { afterEach, beforeEach, test } from "node:test";
import { TcpGate } from "./gate/tcp_gate.mjs";

let echo;
let gate;
let clients;
let echoed;

beforeEach(async () => {
  clients = [];
  echoed = [];
  echo = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => {});
    socket.pipe(socket);
    echoed.push(socket);
  });
  echo.listen(0, "127.0.0.1");
  await once(echo, "listening");
  gate = await TcpGate.open({ target: echo.address().port });
});
afterEach(async () => {
  for (const client of clients) client.destroy();
  await gate.close();
  echo.close();
});

async function client() {
  const socket = connect(gate.port, "127.0.0.1");
  clients.push(socket);
  socket.received = Buffer.alloc(0);
  socket.on("data", (octets) => (socket.received = Buffer.concat([socket.received, octets])));
  const failed = once(socket, "error").then(([error]) => Promise.reject(error));
  socket.lost = failed.catch((error) => error);
  await Promise.race([once(socket, "connect"), failed]);
  return socket;
}

async function hears(socket, octets) {
  while (socket.received.length < octets) await once(socket, "data");
  return socket.received;
}

async function says(socket, text) {
  const before = socket.received.length;
  socket.write(text);
  return (await hears(socket, before + text.length)).subarray(before).toString();
}

/** Whatever the system had to do is done: what was sent has been taken from the sockets. */
const isQuiet = async () => {
  const mark = performance.now();
  while (performance.now() - mark < 100) await new Promise(setImmediate);
};

test("it passes everything in both directions, and the ends", async () => {
  const one = await client();
  const much = Buffer.alloc(3_000_000, "0123456789");
  one.end(much);
  await once(one, "end");
  assert.ok(one.received.equals(much));
  assert.deepEqual(gate.counters, { connections: 1, there: much.length, back: much.length });
});

test("refusing, it is a closed port; who is connected goes on", async () => {
  const one = await client();
  await says(one, "before");
  await gate.set({ door: "refuse" });
  await assert.rejects(client(), { code: "ECONNREFUSED" });
  assert.equal(await says(one, "still"), "still");
  await gate.set({});
  assert.equal(await says(await client(), "again"), "again");
});

test("cut, both ends are reset", async () => {
  const one = await client();
  await says(one, "before");
  assert.equal(gate.connections, 1);
  const [served] = await new Promise((resolve) =>
    echo.getConnections((_, count) => resolve([count])),
  );
  assert.equal(served, 1);
  gate.cut();
  assert.equal((await one.lost).code, "ECONNRESET");
  assert.equal(gate.connections, 0);
});

test("held, nothing passes, and afterwards everything does", async () => {
  const one = await client();
  await says(one, "before");
  await gate.set({ door: "hold" });
  one.write("held");
  const two = await client(); // the system takes it
  two.write("new");
  await isQuiet();
  assert.equal(one.received.toString(), "before");
  assert.equal(two.received.length, 0);
  await gate.set({});
  assert.equal((await hears(one, 10)).toString(), "beforeheld");
  assert.equal((await hears(two, 3)).toString(), "new");
});

test("delayed in one direction, it comes so much later and in order", async () => {
  const one = await client();
  await gate.set({ delayMs: { there: 200 } });
  const begin = performance.now();
  one.write("a");
  one.write("b");
  assert.equal((await hears(one, 2)).toString(), "ab");
  assert.ok(performance.now() - begin >= 195, "it is not earlier");
});

test("what waits is let go by the next rules only when it is due", async () => {
  const one = await client();
  await gate.set({ delayMs: { back: 150 } });
  const begin = performance.now();
  one.write("late");
  await isQuiet();
  await gate.set({});
  await hears(one, 4);
  assert.ok(performance.now() - begin >= 145);
});

test("limited, a second takes no more than it is given", async () => {
  const one = await client();
  await gate.set({ octetsPerSecond: { there: 100_000 } });
  const begin = performance.now();
  for (let i = 0; i < 30; ++i) {
    one.write(Buffer.alloc(1000));
    await isSent(one);
  }
  await hears(one, 30_000);
  assert.ok(performance.now() - begin >= 200, "30,000 octets are 300 ms of them");
});

const isSent = (socket) => new Promise((done) => socket.write("", done));

test("corrupting, some octets are others, and the length stays", async () => {
  const one = await client();
  await gate.set({ corruptOneIn: { back: 10 } });
  const sent = Buffer.alloc(1000, "x");
  one.write(sent);
  const received = await hears(one, 1000);
  const changed = received.filter((octet, at) => octet !== sent[at]).length;
  assert.ok(changed > 50 && changed < 200, `${changed} of 1000`);
});

test("who is not behind it is told by a reset", async () => {
  echo.close();
  const one = await client();
  assert.equal((await one.lost).code, "ECONNRESET");
});

test("while the port behind it is closed it refuses, and opens with it", async () => {
  const one = await client();
  await says(one, "before");
  const { port } = echo.address();
  const served = new Promise((done) => echo.once("close", done));
  echo.close();
  for (const socket of echoed) socket.destroy();
  await served;
  await once(one, "end");
  await assert.rejects(client(), { code: "ECONNREFUSED" });
  echo.listen(port, "127.0.0.1");
  for (;;) {
    const again = await client().catch(() => null);
    if (again === null) continue;
    assert.equal(await says(again, "after"), "after");
    break;
  }
});

test("rules that are none are refused in a sentence", () => {
  assert.throws(() => gate.set({ slow: 1 }), /no rule "slow": there are door, delayMs/);
  assert.throws(() => gate.set({ door: "shut" }), /open, refuse or hold, not "shut"/);
  assert.throws(() => gate.set({ delayMs: -1 }), /delayMs.there is a whole number/);
  assert.throws(() => gate.set({ delayMs: { up: 1 } }), /there and back, not "up"/);
});
