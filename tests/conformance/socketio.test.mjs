// Socket.IO 5, clause by clause, with the stock client.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { event, startServer } from "./harness.mjs";

const transports = [
  ["polling", { transports: ["polling"] }],
  ["websocket", { transports: ["websocket"] }],
  ["polling, then websocket", { transports: ["polling", "websocket"] }],
];

for (const [name, options] of transports) {
  describe(`Socket.IO over ${name}`, () => {
    let server;
    before(async () => (server = await startServer()));
    after(() => server.stop());

    it("connects and tells the auth", async () => {
      const socket = server.connect("/", { ...options, auth: { token: "123", list: [1] } });
      assert.deepEqual(await event(socket, "auth"), [{ token: "123", list: [1] }]);
      assert.match(socket.id, /^[a-z2-7]{26}$/);
      assert.notEqual(socket.io.engine.id, socket.id);
    });

    it("echoes events of every JSON kind", async () => {
      const socket = await server.connected("/", options);
      const sent = [1, -2.5, "ü\u2028\u{1f600}", null, true, [], {}, [{ a: [[1]] }], 2 ** 53 - 1];
      socket.emit("message", ...sent);
      assert.deepEqual(await event(socket, "message-back"), sent);
    });

    it("keeps the order of many events", async () => {
      const socket = await server.connected("/test", options);
      const answers = [];
      for (let i = 0; i < 300; ++i) answers.push(socket.emitWithAck("echo", i));
      assert.deepEqual(await Promise.all(answers), [...answers.keys()]);
    });

    it("carries binary both ways, at any depth", async () => {
      const socket = await server.connected("/", options);
      const bytes = Buffer.from([0, 1, 254, 255]);
      socket.emit("message", { a: [bytes, { b: bytes }] }, Buffer.alloc(0));
      const [first, second] = await event(socket, "message-back");
      assert.deepEqual(Buffer.from(first.a[0]), bytes);
      assert.deepEqual(Buffer.from(first.a[1].b), bytes);
      assert.equal(second.length ?? second.byteLength, 0);
    });

    it("acknowledges, with binary too", async () => {
      const socket = await server.connected("/", options);
      const reply = await new Promise((resolve) =>
        socket.emit("message-with-ack", 1, Buffer.from([9]), (...args) => resolve(args)),
      );
      assert.equal(reply[0], 1);
      assert.deepEqual(Buffer.from(reply[1]), Buffer.from([9]));
    });

    it("acknowledges late, and once", async () => {
      const socket = await server.connected("/test", options);
      let calls = 0;
      await new Promise((resolve) => socket.emit("late", 7, () => resolve(++calls)));
      await socket.emitWithAck("echo", 1);
      assert.equal(calls, 1);
    });

    it("asks the client for an acknowledgement", async () => {
      const socket = await server.connected("/test", options);
      socket.on("question", (a, b, answer) => answer(b, a, Buffer.from([1])));
      socket.emit("ask-me", "x", "y");
      const [b, a, bytes] = await event(socket, "answered");
      assert.deepEqual([a, b, Buffer.from(bytes)], ["x", "y", Buffer.from([1])]);
    });

    it("stops waiting for an acknowledgement that does not come", async () => {
      const socket = await server.connected("/test", options);
      socket.emit("ask-me");
      assert.match((await event(socket, "unanswered"))[0], /in time/);
    });

    it("sends a message close to maxPayload", async () => {
      const socket = await server.connected("/test", options);
      const large = "x".repeat(900_000);
      assert.equal((await socket.emitWithAck("echo", large)).length, large.length);
    });

    it("delivers what was queued before it closes the connection", async () => {
      const socket = await server.connected("/test", options);
      const goodbye = event(socket, "goodbye");
      const gone = event(socket, "disconnect");
      socket.emit("close-me");
      await goodbye;
      assert.equal((await gone)[0], "transport close");
    });
  });
}

describe("Socket.IO upgrade", () => {
  let server;
  before(async () => (server = await startServer()));
  after(() => server.stop());

  it("reaches the WebSocket without losing or reordering anything", async () => {
    const socket = server.connect("/test");
    const received = [];
    socket.on("from-all", (i) => received.push(i));
    // Not after "connect": the upgrade may be done by then.
    const upgraded = event(socket.io.engine, "upgrade");
    let sent = 0;
    let done = false;
    upgraded.then(() => (done = true));
    while (!done && sent < 5000) {
      socket.emit("to-all", sent++);
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    await upgraded;
    for (let i = 0; i < 20; ++i) socket.emit("to-all", sent++);
    await socket.emitWithAck("echo", 0);
    assert.equal(socket.io.engine.transport.name, "websocket");
    assert.deepEqual(received, [...Array(sent).keys()]);
  });
});

describe("Socket.IO namespaces", () => {
  let server;
  before(async () => (server = await startServer()));
  after(() => server.stop());

  it("refuses an unknown one", async () => {
    const socket = server.connect("/nowhere");
    const [error] = await event(socket, "connect_error");
    assert.equal(error.message, "Invalid namespace");
  });

  it("multiplexes several over one connection", async () => {
    const main = await server.connected("/test");
    const other = main.io.socket("/custom", { auth: { n: 2 } });
    assert.deepEqual(await event(other, "auth"), [{ n: 2 }]);
    assert.notEqual(main.id, other.id);
    other.disconnect();
    assert.equal(await main.emitWithAck("echo", "still here"), "still here");
  });

  it("refuses with the error's message and data", async () => {
    const socket = server.connect("/secret", { auth: { token: "wrong" } });
    const [error] = await event(socket, "connect_error");
    assert.equal(error.message, "The token does not fit.");
    assert.deepEqual(error.data, { code: "unauthorized", message: "The token does not fit." });
  });

  it("refuses where the check itself fails", async () => {
    const socket = server.connect("/secret", { auth: { throw: 1 } });
    const [error] = await event(socket, "connect_error");
    assert.equal(error.data.code, "internal");
  });

  it("lets in who may, also on a second try over the same connection", async () => {
    const socket = server.connect("/secret", { auth: { token: "wrong" } });
    await event(socket, "connect_error");
    socket.auth = { token: "sesame" };
    socket.connect();
    await event(socket, "connect");
  });

  it("has a handler for every event without one", async () => {
    const socket = await server.connected("/any");
    assert.deepEqual(
      await new Promise((resolve) => socket.emit("what", 1, 2, (...args) => resolve(args))),
      ["what", [1, 2]],
    );
  });
});

describe("Socket.IO failures", () => {
  let server;
  before(async () => (server = await startServer()));
  after(() => server.stop());

  for (const [name, code] of [
    ["throw", "internal"],
    ["throw-later", "internal"],
    ["refuse", "room_full"],
    ["unheard of", "invalid_message"],
  ]) {
    it(`acknowledges "${name}" with the code ${code}`, async () => {
      const socket = await server.connected("/test");
      const reply = await socket.emitWithAck(name);
      assert.equal(reply.error.code, code);
      assert.equal(typeof reply.error.message, "string");
      assert.equal(await socket.emitWithAck("echo", "lives"), "lives");
    });
  }
});

describe("Socket.IO rooms", () => {
  let server;
  before(async () => (server = await startServer()));
  after(() => server.stop());

  it("reach their members, without the sender, and nobody else", async () => {
    const [a, b, c] = await Promise.all([1, 2, 3].map(() => server.connected("/test")));
    const heard = { a: [], b: [], c: [] };
    a.on("from-room", (x) => heard.a.push(x));
    b.on("from-room", (x) => heard.b.push(x));
    c.on("from-room", (x) => heard.c.push(x));
    await a.emitWithAck("join", "red");
    await b.emitWithAck("join", "red");
    await c.emitWithAck("join", "blue");
    await a.emitWithAck("to-room", "red", 1);
    await c.emitWithAck("to-room", "red", 2);
    await b.emitWithAck("leave", "red");
    await a.emitWithAck("to-room", "red", 3);
    await c.emitWithAck("to-room", b.id, 4); // every socket is in the room of its own id
    await Promise.all([a, b, c].map((socket) => socket.emitWithAck("echo", 0)));
    assert.deepEqual(heard, { a: [2], b: [1, 2, 4], c: [] });
  });

  it("carry binary to everyone", async () => {
    const sockets = await Promise.all(
      [["polling"], ["websocket"]].map((transports) => server.connected("/test", { transports })),
    );
    const heard = sockets.map((socket) => event(socket, "from-all"));
    sockets[0].emit("to-all", Buffer.from([5, 6]));
    for (const [bytes] of await Promise.all(heard)) {
      assert.deepEqual(Buffer.from(bytes), Buffer.from([5, 6]));
    }
  });
});

describe("Socket.IO disconnects", () => {
  let server;
  before(
    async () =>
      (server = await startServer({
        "ping-interval-ms": 200,
        "ping-timeout-ms": 200,
        "connect-timeout-ms": 200,
        "max-queued-bytes": 1 << 20,
      })),
  );
  after(() => server.stop());

  // What the server gave as the reason, as soon as it has noticed.
  async function reasonOf(id) {
    const watcher = await server.connected("/test");
    for (let i = 0; i < 300; ++i) {
      const reason = await watcher.emitWithAck("reason-of", id);
      if (reason) return reason;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return "none";
  }

  async function rawConnected() {
    const raw = await server.raw();
    await raw.next();
    raw.send("40/test,");
    const confirmation = await raw.next();
    return { raw, id: JSON.parse(confirmation.substring("40/test,".length)).sid };
  }

  it("of the client, from the namespace", async () => {
    const socket = await server.connected("/test");
    const { id } = socket;
    socket.disconnect();
    assert.equal(await reasonOf(id), "client namespace disconnect");
  });

  it("of the server, from the namespace", async () => {
    const socket = await server.connected("/test");
    const { id } = socket;
    socket.emit("leave-me");
    assert.equal((await event(socket, "disconnect"))[0], "io server disconnect");
    assert.equal(await reasonOf(id), "server namespace disconnect");
  });

  it("by the end of the transport", async () => {
    const { raw, id } = await rawConnected();
    raw.socket.terminate();
    assert.equal(await reasonOf(id), "transport close");
  });

  it("for want of a pong", async () => {
    const { raw, id } = await rawConnected();
    await raw.closed;
    assert.equal(await reasonOf(id), "ping timeout");
  });

  it("for a reader that is too slow", async () => {
    const { raw, id } = await rawConnected();
    raw.send('42/test,["flood"]');
    raw.socket._socket.pause();
    assert.equal(await reasonOf(id), "slow reader");
    raw.socket.terminate();
  });

  it("when no namespace is joined in time", async () => {
    const raw = await server.raw();
    await raw.next();
    const started = Date.now();
    const answer = setInterval(() => raw.send("3"), 50);
    await raw.closed;
    clearInterval(answer);
    assert.ok(Date.now() - started >= 150);
  });

  const malformed = [
    "7", "4", "abc", "2", "2{}", "2[]", "2[1]", "2[null]", '2["a"', '2["a"]x', "3[]", '3"x"',
    '5["a"]', '5-["a"]', '517-["a"]', '51-["a",{"_placeholder":true,"num":1}]', "0[]", '0/test,"x"',
    '2/elsewhere,["a"]', '299999999999999999999["a"]', `2["a",${"[".repeat(40)}${"]".repeat(40)}]`,
    `2["${"x".repeat(200)}"]`, "1[]", "4{}",
  ];
  for (const packet of malformed) {
    it(`on the malformed packet ${packet.substring(0, 50)}`, async () => {
      const raw = await server.raw();
      await raw.next();
      raw.send("40");
      await raw.next();
      raw.send(`4${packet}`);
      assert.equal(await raw.closed, 1000);
    });
  }

  it("on a binary frame that belongs to nothing", async () => {
    const { raw, id } = await rawConnected();
    raw.send(Buffer.from([1]));
    assert.equal(await reasonOf(id), "parse error");
  });

  it("on text where an attachment is due", async () => {
    const { raw, id } = await rawConnected();
    raw.send('451-/test,["echo",{"_placeholder":true,"num":0}]');
    raw.send('42/test,["echo"]');
    assert.equal(await reasonOf(id), "parse error");
  });

  it("not on a stray event after the server has ended the namespace", async () => {
    const socket = await server.connected("/test");
    const other = socket.io.socket("/any");
    await event(other, "connect");
    socket.emit("leave-me");
    socket.emit("echo", "stray"); // arrives behind
    assert.deepEqual(await other.emitWithAck("x"), "x");
  });
});

describe("Socket.IO server end", () => {
  it("says goodbye to everyone", async () => {
    const server = await startServer();
    const socket = await server.connected("/test", { transports: ["websocket"] });
    const gone = event(socket, "disconnect");
    await server.end();
    assert.equal((await gone)[0], "transport close");
  });

  it("is survived by a client that reconnects", async () => {
    const first = await startServer();
    const options = { reconnection: true, reconnectionDelay: 20, reconnectionDelayMax: 50 };
    const socket = await first.connected("/test", options);
    const before = socket.id;
    const gone = event(socket, "disconnect");
    const again = gone.then(() => event(socket, "connect"));
    const port = first.port;
    await Promise.all([gone, first.end()]);
    const second = await startServer({ port });
    await again;
    assert.notEqual(socket.id, before);
    assert.equal(await socket.emitWithAck("echo", "back"), "back");
    socket.disconnect();
    await second.stop();
  });
});
