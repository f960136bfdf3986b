// Connections that only cost: who never reads, who never ends, who never begins. A call is in
// progress meanwhile, and others get in.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, test } from "node:test";
import { SocketIoClient } from "./support/socketio_client.mjs";
import { Target } from "./support/target.mjs";
import { sleep, until, within } from "./support/waiting.mjs";

const CONNECTIONS = "confab_http_connections";
const REFUSED = "confab_http_refused_connections_total";
const TIMEOUTS = "confab_http_timeouts_total";
const SLOW_READERS = "confab_signaling_slow_readers_total";
/** The server's time limit for a header is 10 s, for a body 30 s. */
const SLOW_MS = 45_000;
/** To fill the queues of two sockets, the gateway's and signaling's. */
const DEAF_MS = 30_000;
const CONNECT_MS = 5000;
const SLOW_ONES = 50;
const IDLE = 5000;
/** A coroutine, a buffer of 4 KB and timers each; with the sanitizers' red zones around them. */
const GROWTH_OF_IDLE_KB = IDLE * 30;

let target;
let slowOnes;

before(async () => {
  // A shell's limit: the server has to raise it by itself.
  target = await Target.start({ softDescriptors: 1024 });
  // They take half a minute: meanwhile there is other mischief.
  slowOnes = Promise.all([
    slowly(SLOW_ONES, "GET / HTTP/1.1\r\nX: "),
    slowly(SLOW_ONES, "POST /socket.io/ HTTP/1.1\r\nHost: x\r\nContent-Length: 9999\r\n\r\n"),
  ]);
});
after(() => target?.stop());

function open({ pagePort }) {
  const socket = connect({ port: pagePort, host: "127.0.0.1" });
  socket.on("error", () => {});
  return socket;
}

/** Its end, be it a reset: an octet may arrive after the server has closed. */
const ended = (socket) => new Promise((resolve) => socket.once("close", resolve));

/** Connections that say `begin`, then an octet a second, until the server has enough of them. */
async function slowly(count, begin) {
  const sockets = Array.from({ length: count }, () => open(target));
  for (const socket of sockets) {
    socket.write(begin);
    socket.resume();
  }
  const dribble = () => {
    for (const socket of sockets) if (socket.writable) socket.write("x");
  };
  const timer = setInterval(dribble, 1000);
  try {
    await Promise.all(sockets.map(ended));
  } finally {
    clearInterval(timer);
    for (const socket of sockets) socket.destroy();
  }
}

async function joins(room) {
  const client = await SocketIoClient.connect(target.pagePort, room);
  const reply = await client.ask("joinRoom", { room, name: "Alice" });
  assert.ok(reply.participantId, JSON.stringify(reply));
  client.close();
}

test("a WebSocket that is written to and never reads is closed", async () => {
  await target.whileCalling(
    async (call, before) => {
      const client = await SocketIoClient.connect(target.pagePort, call.room);
      await client.ask("joinRoom", { room: call.room, name: "Deaf" });
      client.socket.pause();
      // Each is answered, if only with a refusal.
      const questions = Array.from({ length: 200 }, (_, i) => `42${i}["fly",{}]`);
      const isClosed = async () =>
        (await target.metrics()).get(SLOW_READERS) > before.get(SLOW_READERS);
      await until(
        async () => {
          if (!client.socket.writableNeedDrain) for (const text of questions) client.send(text);
          return isClosed();
        },
        { ms: DEAF_MS, pauseMs: 1 },
        "the server to close a connection that is not read",
      );
      client.close();
    },
    { moved: { [SLOW_READERS]: 1 } },
  );
});

test("five thousand connections that say nothing leave room for those who do", async (t) => {
  const idle = [];
  try {
    await target.whileCalling(
      async () => {
        while (idle.length < IDLE) {
          const batch = Array.from({ length: 100 }, () => open(target));
          idle.push(...batch);
          const connected = Promise.all(batch.map((socket) => once(socket, "connect")));
          await within(connected, CONNECT_MS, "a hundred connections");
        }
        await target.until(
          (now) => now.get(CONNECTIONS) >= IDLE,
          `${IDLE} connections to be counted`,
        );
        await joins("beside-idle-ones");
      },
      { moved: {}, growthKb: GROWTH_OF_IDLE_KB },
    );
  } catch (error) {
    if (error.code !== "EMFILE") throw error;
    t.skip(`this process may not open ${IDLE} connections: ${error.message}`);
  } finally {
    for (const socket of idle) socket.destroy();
  }
});

test("beyond its limit connections are closed, and the log says why", async () => {
  const small = await Target.start({ descriptors: 512 });
  const sockets = [];
  try {
    await small.whileCalling(
      async () => {
        for (let i = 0; i < 400; ++i) {
          sockets.push(open(small));
        }
        await sleep(1000);
        for (const socket of sockets) socket.destroy();
      },
      { moved: { [REFUSED]: 200, confab_http_failed_accepts_total: 0 } },
    );
    assert.match(small.log(), /"event":"connections\.refused".*"all 128 connections are in use/);
    assert.match(small.log(), /the system allows 512 open files, enough for 128 connections/);
  } finally {
    await small.stop();
  }
});

test("headers and bodies that come octet by octet are waited for a bounded time", async () => {
  await target.whileCalling(
    async () => {
      await joins("beside-slow-ones");
      await within(slowOnes, SLOW_MS, "the end of slow headers and bodies");
    },
    { moved: {} },
  );
  await target.until((now) => now.get(TIMEOUTS) >= 2 * SLOW_ONES, "the time-outs to be counted");
});
