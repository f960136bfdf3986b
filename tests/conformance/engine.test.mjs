// Engine.IO 4, clause by clause, with raw requests.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, describe, it } from "node:test";
import WebSocket from "ws";
import { startServer } from "./harness.mjs";

describe("Engine.IO handshake", () => {
  let server;
  before(async () => (server = await startServer({ "max-sessions": 40 })));
  after(() => server.stop());

  const errors = [
    ["unknown transport", "EIO=4&transport=abc", "GET", 400, 0],
    ["no transport", "EIO=4", "GET", 400, 0],
    ["unknown session", "EIO=4&transport=polling&sid=local.abc", "GET", 400, 1],
    ["bad method", "EIO=4&transport=polling", "POST", 400, 2],
    ["websocket without upgrade", "EIO=4&transport=websocket", "GET", 400, 3],
    ["old protocol", "EIO=3&transport=polling", "GET", 400, 5],
    ["no protocol", "transport=polling", "GET", 400, 5],
  ];
  for (const [name, query, method, status, code] of errors) {
    it(`refuses: ${name}`, async () => {
      const response = await fetch(`${server.url}/socket.io/?${query}`, { method });
      assert.equal(response.status, status);
      assert.equal((await response.json()).code, code);
    });
  }

  it("begins the session id with the instance id", async () => {
    assert.match((await server.handshake()).sid, /^local\.[a-z2-7]{26}$/);
  });

  it("answers CORS and its preflight", async () => {
    const headers = { Origin: "https://a.example" };
    const response = await server.poll(undefined, { headers });
    assert.equal(response.headers.get("access-control-allow-origin"), "https://a.example");
    assert.equal(response.headers.get("cache-control"), "no-store");
    const preflight = await server.poll(undefined, { method: "OPTIONS", headers });
    assert.equal(preflight.status, 204);
    assert.match(preflight.headers.get("access-control-allow-methods"), /POST/);
  });

  it("refuses a WebSocket to an unknown session", async () => {
    const raw = await server.raw("EIO=4&transport=websocket&sid=local.abc");
    assert.equal(await raw.closed, "error");
  });

  it("keeps to its number of sessions", async () => {
    let refused;
    for (let i = 0; i < 60 && !refused; ++i) {
      const response = await server.poll();
      if (response.status !== 200) refused = response;
    }
    assert.equal(refused.status, 503);
    assert.equal((await refused.json()).error.code, "unavailable");
  });
});

describe("Engine.IO polling", () => {
  let server;
  before(async () => (server = await startServer({ "max-payload": 10000 })));
  after(() => server.stop());

  it("closes on a second poll at the same time", async () => {
    const { sid } = await server.handshake();
    const first = server.poll(sid);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const second = await server.poll(sid);
    assert.equal(second.status, 400);
    assert.equal(await (await first).text(), "1");
    assert.equal((await server.poll(sid)).status, 400);
  });

  for (const body of ["", "abc", "4a\x1e", "b***", "bAQ=", "9", "2", "5", "0{}"]) {
    it(`closes on the malformed payload ${JSON.stringify(body)}`, async () => {
      const { sid } = await server.handshake();
      await server.post(sid, body);
      assert.equal((await server.poll(sid)).status, 400);
    });
  }

  it("refuses a payload over maxPayload", async () => {
    const { sid, maxPayload } = await server.handshake();
    assert.equal(maxPayload, 10000);
    assert.equal((await server.post(sid, "4".repeat(maxPayload + 1))).status, 413);
    assert.equal((await server.poll(sid)).status, 400);
  });

  it("refuses other methods", async () => {
    const { sid } = await server.handshake();
    assert.equal((await server.poll(sid, { method: "DELETE" })).status, 400);
  });

  it("notices a client that gives up its poll", async () => {
    const { sid } = await server.handshake();
    const abort = new AbortController();
    const poll = server.poll(sid, { signal: abort.signal }).catch(() => "gone");
    await new Promise((resolve) => setTimeout(resolve, 20));
    abort.abort();
    assert.equal(await poll, "gone");
    for (let i = 0; i < 50; ++i) {
      // OPTIONS does not touch the session; a POST tells whether it is there.
      const response = await server.post(sid, "3");
      if (response.status === 400) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.fail("the session is still there");
  });
});

describe("Engine.IO WebSocket", () => {
  let server;
  before(async () => (server = await startServer({ "max-payload": 10000 })));
  after(() => server.stop());

  for (const message of ["", "abc", "9", "2", "5", "0{}"]) {
    it(`closes on the malformed message ${JSON.stringify(message)}`, async () => {
      const raw = await server.raw();
      await raw.next();
      raw.send(message);
      assert.equal(await raw.closed, 1000);
    });
  }

  it("closes with 1009 on a message over maxPayload", async () => {
    const raw = await server.raw();
    await raw.next();
    raw.send("4".repeat(10001));
    assert.equal(await raw.closed, 1009);
  });

  it("drops a connection that breaks WebSocket framing", async () => {
    const socket = connect(server.port, "127.0.0.1");
    socket.write(
      "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\n" +
        "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n" +
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
    );
    const [head] = await once(socket, "data");
    assert.match(head.toString(), /^HTTP\/1\.1 101/);
    socket.write(Buffer.from([0x81, 0x01, 0x34])); // not masked
    socket.resume();
    await once(socket, "close");
  });

  it("carries binary messages", async () => {
    const raw = await server.raw("EIO=4&transport=websocket", "/engine.io/");
    await raw.next();
    raw.send(Buffer.from([0, 255, 7]));
    assert.deepEqual(await raw.next(), Buffer.from([0, 255, 7]));
    raw.socket.close();
  });
});

describe("Engine.IO upgrade", () => {
  let server;
  before(async () => (server = await startServer()));
  after(() => server.stop());

  it("answers the poll that waits when the probe comes", async () => {
    const { sid } = await server.handshake();
    const poll = server.poll(sid);
    const raw = await server.raw(`EIO=4&transport=websocket&sid=${sid}`);
    await once(raw.socket, "open");
    raw.send("2probe");
    assert.equal(await raw.next(), "3probe");
    assert.equal(await (await poll).text(), "6");
    raw.send("5");
    raw.send("40");
    assert.match(await raw.next(), /^40\{/);
    raw.socket.close();
  });

  it("goes on polling when the probe fails", async () => {
    const { sid } = await server.handshake();
    const raw = await server.raw(`EIO=4&transport=websocket&sid=${sid}`);
    await once(raw.socket, "open");
    raw.send("2nonsense");
    await raw.closed;
    await server.post(sid, "40");
    assert.match(await (await server.poll(sid)).text(), /^40\{/);
  });

  it("closes a second WebSocket of the session", async () => {
    const { sid } = await server.handshake();
    const first = new WebSocket(`${server.wsUrl}/socket.io/?EIO=4&transport=websocket&sid=${sid}`);
    await once(first, "open");
    const second = await server.raw(`EIO=4&transport=websocket&sid=${sid}`);
    assert.equal(await second.closed, 1008);
    first.close();
  });
});

describe("Engine.IO heartbeat", () => {
  let server;
  before(
    async () =>
      (server = await startServer({ "ping-interval-ms": 100, "ping-timeout-ms": 100 })),
  );
  after(() => server.stop());

  it("pings, and lives as long as pongs come", async () => {
    const raw = await server.raw("EIO=4&transport=websocket", "/engine.io/");
    await raw.next();
    for (let i = 0; i < 4; ++i) {
      assert.equal(await raw.next(), "2");
      raw.send("3");
    }
    assert.equal(raw.socket.readyState, WebSocket.OPEN);
    raw.socket.close();
  });

  it("drops a WebSocket without a pong", async () => {
    const raw = await server.raw();
    assert.equal(await raw.closed, 1006);
  });

  it("forgets a polling session without a pong", async () => {
    const { sid } = await server.handshake();
    assert.equal(await (await server.poll(sid)).text(), "2");
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.equal((await server.poll(sid)).status, 400);
  });
});
