// What nginx lets through: sizes, times, numbers, and whose.
import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { sleep, until, within } from "../hostile/support/waiting.mjs";
import { Nginx, temporaryFolder } from "./support/nginx.mjs";
import { Raw } from "./support/raw.mjs";
import { Recorder, response, switching } from "./support/recorder.mjs";

const WAIT_MS = 20_000;
/** The limit for a header and for a pause in a body is 10 s. */
const SLOW_MS = 30_000;
/** Longer than nginx waits for a gateway by itself, and than the ping interval of Socket.IO. */
const SILENCE_MS = 63_000;

let folder;
let gateway;
let nginx;
let slowOnes;
let silent;

/** Answers everything but /hang and what upgrades. */
function answer(request) {
  if (request.headers.some(([name]) => name === "Upgrade")) return switching(request);
  return request.target.endsWith("/hang") ? undefined : response("ok");
}

before(async () => {
  folder = temporaryFolder();
  gateway = await Recorder.start((request, socket) => {
    if (request.target.endsWith("/silent")) {
      setTimeout(() => socket.write("\x81\x05hello"), SILENCE_MS).unref();
    }
    return answer(request);
  });
  nginx = await Nginx.start(join(folder, "all"), [gateway.port]);
  // They take a while: meanwhile there is other mischief.
  slowOnes = Object.fromEntries(
    Object.entries(SLOW).map(([name, one]) => [name, slowly(name, one)]),
  );
  silent = webSocket("/socket.io/silent");
});
after(async () => {
  (await silent)?.close();
  await nginx?.stop();
  await gateway?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const ask = (path, options) => fetch(nginx.local + path, options);

async function webSocket(path) {
  const raw = await Raw.open(nginx.ports.http);
  raw.write(
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\n` +
      "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
  );
  await until(() => raw.said.includes("101"), { ms: WAIT_MS }, "the switch to WebSocket");
  return raw;
}

describe("sizes", () => {
  for (const [path, limit] of [
    ["/", 1024],
    ["/r/room", 1024],
    ["/api/v1/rooms", 64 * 1024],
    ["/socket.io/", 1024 * 1024],
  ]) {
    test(`a body for ${path} of ${limit} octets, and of one more`, async () => {
      gateway.requests.length = 0;
      const fits = await ask(path, { method: "POST", body: "x".repeat(limit) });
      assert.equal(fits.status, 200);
      const tooLarge = await ask(path, { method: "POST", body: "x".repeat(limit + 1) });
      assert.equal(tooLarge.status, 413);
      assert.equal((await tooLarge.json()).error.code, "limit_exceeded");
      const arrived = gateway.requests.filter(({ method }) => method === "POST");
      assert.equal(arrived.length, 1);
    });
  }

  test("a chunked body that says no length", async () => {
    const raw = await Raw.open(nginx.ports.http);
    raw.write("POST / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n");
    raw.write(`1000\r\n${"x".repeat(0x1000)}\r\n`);
    assert.match(await raw.all(), /^HTTP\/1\.1 413 /);
  });

  for (const [name, fields, status] of [
    ["one field of 7 KB", { a: "x".repeat(7000) }, 200],
    ["one field of 9 KB", { a: "x".repeat(9000) }, 431],
    ["three of 7 KB", { a: "x".repeat(7000), b: "x".repeat(7000), c: "x".repeat(7000) }, 431],
  ]) {
    test(`a header with ${name}`, async () => {
      assert.equal((await ask("/", { headers: fields })).status, status);
    });
  }

  test("an address of 9 KB", async () => {
    assert.equal((await ask(`/${"x".repeat(9000)}`)).status, 414);
  });
});

const HEAD = "POST /socket.io/slow HTTP/1.1\r\nHost: localhost\r\n";
const SLOW = {
  "a header that stops": { begin: `${HEAD}X` },
  "a header that trickles": { begin: `${HEAD}X: `, every: 500 },
  "a body that stops": { begin: `${HEAD}Content-Length: 9\r\n\r\nx` },
};

/** A connection that is too slow, until it is closed. */
async function slowly(name, { begin, every }) {
  const raw = await Raw.open(nginx.ports.http);
  raw.write(begin);
  const timer = every && setInterval(() => raw.write("x"), every);
  try {
    return await within(raw.closed, SLOW_MS, name);
  } finally {
    clearInterval(timer);
  }
}

describe("times", () => {
  for (const name of Object.keys(SLOW)) {
    test(`${name} is cut off, and does not reach the gateway`, async () => {
      await slowOnes[name];
      assert.ok(!gateway.heard.includes("/slow"));
    });
  }

  test("a body that trickles does not reach the gateway", async () => {
    const raw = await Raw.open(nginx.ports.http);
    raw.write(`${HEAD}Content-Length: 9\r\n\r\n`);
    for (let i = 0; i < 4; ++i) {
      raw.write("x");
      await sleep(100);
    }
    await ask("/"); // something else has arrived since
    raw.close();
    assert.ok(!gateway.heard.includes("/slow"));
  });

  test("a WebSocket that is silent for a minute stays", async () => {
    const socket = await silent;
    const heard = () => socket.said.includes("hello");
    await until(heard, { ms: SILENCE_MS + WAIT_MS }, "what comes after a minute of silence");
  });
});

describe("numbers", () => {
  let small;
  let behind;
  before(async () => {
    const limits = { connections_per_address: "4", api_requests_per_second: "1", api_burst: "2" };
    small = await Nginx.start(join(folder, "small"), [gateway.port], limits);
    const trusting = { ...limits, trusted_proxies: "127.0.0.1 192.0.2.0/24" };
    behind = await Nginx.start(join(folder, "behind"), [gateway.port], trusting);
  });
  after(() => Promise.all([small?.stop(), behind?.stop()]));

  /** Asks what is not answered, `count` times; what ends it. */
  async function hold(nginx, count, headers = {}) {
    const ending = new AbortController();
    const before = gateway.requests.length;
    const options = { headers, signal: ending.signal };
    for (let i = 0; i < count; ++i) nginx.ask("/socket.io/hang", options).catch(() => {});
    const arrived = () => gateway.requests.length >= before + count;
    await until(arrived, { ms: WAIT_MS }, `${count} requests to arrive`);
    return () => ending.abort();
  }

  function assertTooMany({ status, text }) {
    assert.equal(status, 429, text);
    const { error } = JSON.parse(text);
    assert.equal(error.code, "rate_limited");
    assert.equal(error.retry_after_ms, 1000);
  }

  test("connections of one address", async () => {
    const end = await hold(small, 4);
    assertTooMany(await small.ask("/"));
    end();
    const answers = async () => (await small.ask("/")).status === 200;
    await until(answers, { ms: WAIT_MS }, "room for another connection");
  });

  test("requests of one address to the API", async () => {
    const answers = await Promise.all([1, 2, 3].map(() => small.ask("/api/v1/x")));
    assert.deepEqual(
      answers.map(({ status }) => status),
      [200, 200, 200],
    );
    assertTooMany(await small.ask("/api/v1/x"));
    assert.equal((await small.ask("/")).status, 200);
  });

  test("an IPv6 address counts with its neighbours, and no others", async () => {
    const from = (address) => ({ "X-Forwarded-For": address });
    const end = await hold(behind, 4, from("2001:db8:7:8::1"));
    assertTooMany(await behind.ask("/", { headers: from("2001:db8:7:8:ffff::2") }));
    assert.equal((await behind.ask("/", { headers: from("2001:db8:7:9::1") })).status, 200);
    end();
  });
});
