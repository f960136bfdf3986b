import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { afterEach, beforeEach, test } from "node:test";
import { UdpGate } from "./gate/udp_gate.mjs";

let echo;
let gate;
let one;

async function bound(onMessage) {
  const socket = createSocket("udp4");
  socket.on("message", onMessage);
  socket.on("error", () => {});
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return socket;
}

beforeEach(async () => {
  echo = await bound((octets, { port }) => echo.send(octets, port, "127.0.0.1"));
  gate = await UdpGate.open({ target: echo.address().port });
  one = await bound(() => {});
});
afterEach(async () => {
  await gate.close();
  for (const socket of [echo, one]) socket.close();
});

const send = (text) => one.send(text, gate.port, "127.0.0.1");
const answer = async () => (await once(one, "message"))[0].toString();

test("it passes datagrams in both directions", async () => {
  send("hello");
  assert.equal(await answer(), "hello");
  assert.deepEqual(gate.counters, { there: 5, back: 5, dropped: 0 });
});

test("clients are kept apart", async () => {
  const two = await bound(() => {});
  two.send("two", gate.port, "127.0.0.1");
  const heard = once(two, "message");
  send("one");
  assert.equal(await answer(), "one");
  assert.equal((await heard)[0].toString(), "two");
  two.close();
});

test("held, what comes meanwhile is lost", async () => {
  await gate.set({ door: "hold" });
  send("lost");
  while (gate.counters.dropped === 0) await new Promise(setImmediate);
  await gate.set({});
  send("kept");
  assert.equal(await answer(), "kept");
});

test("refusing, it is a closed port, and the same one afterwards", async () => {
  await gate.set({ door: "refuse" });
  const two = createSocket("udp4");
  two.connect(gate.port, "127.0.0.1");
  await once(two, "connect");
  two.send("?");
  const [error] = await once(two, "error");
  assert.equal(error.code, "ECONNREFUSED");
  two.close();
  await gate.set({});
  send("again");
  assert.equal(await answer(), "again");
});

test("delayed, it comes so much later", async () => {
  await gate.set({ delayMs: { there: 100, back: 100 } });
  const begin = performance.now();
  send("late");
  await answer();
  assert.ok(performance.now() - begin >= 190);
});

test("limited, what is beyond is lost", async () => {
  await gate.set({ octetsPerSecond: { there: 10_000 } });
  for (let i = 0; i < 50; ++i) send(Buffer.alloc(1000));
  while (gate.counters.dropped < 30) await new Promise(setImmediate);
  assert.ok(gate.counters.there >= 1000);
});

test("corrupting, the length stays", async () => {
  await gate.set({ corruptOneIn: { there: 5 } });
  send("x".repeat(1000));
  const [octets] = await once(one, "message");
  assert.equal(octets.length, 1000);
  assert.ok(octets.some((octet) => octet !== "x".charCodeAt(0)));
});
