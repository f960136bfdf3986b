// Requests that two servers could read in two ways: what reaches the gateway is one well-formed
// request, or nothing.
import assert from "node:assert/strict";
import { readFileSync, rmSync } from "node:fs";
import { connect as connectHttp2 } from "node:http2";
import { after, before, beforeEach, describe, test } from "node:test";
import { NAME, Nginx, temporaryFolder } from "./support/nginx.mjs";
import { exchange } from "./support/raw.mjs";
import { fieldOf, Recorder } from "./support/recorder.mjs";

const HIDDEN = "GET /hidden HTTP/1.1\r\nHost: localhost\r\n\r\n";
const CHUNK = `${HIDDEN.length.toString(16)}\r\n${HIDDEN}\r\n0\r\n\r\n`;

let folder;
let gateway;
let nginx;

before(async () => {
  folder = temporaryFolder();
  gateway = await Recorder.start();
  nginx = await Nginx.start(folder, [gateway.port]);
});
beforeEach(() => gateway.forget());
after(async () => {
  await nginx?.stop();
  await gateway?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const post = (fields, body = "", path = "/socket.io/") =>
  `POST ${path} HTTP/1.1\r\nHost: localhost\r\n${fields.map((f) => `${f}\r\n`).join("")}\r\n${body}`;
const get = (target, fields = ["Host: localhost"]) =>
  `GET ${target} HTTP/1.1\r\n${fields.map((f) => `${f}\r\n`).join("")}\r\n`;

/** Nothing broken has come, and nothing that was hidden. */
function assertNothingHidden() {
  assert.deepEqual(gateway.broken, []);
  const targets = gateway.requests.map(({ target }) => target);
  assert.ok(!targets.includes("/hidden"), targets.join());
}

describe("refused, and nothing reaches the gateway", () => {
  const both = [`Content-Length: ${HIDDEN.length}`, "Transfer-Encoding: chunked"];
  for (const [name, text] of Object.entries({
    "CL.TE": post([`Content-Length: ${CHUNK.length}`, "Transfer-Encoding: chunked"], CHUNK),
    "TE.CL": post(["Transfer-Encoding: chunked", "Content-Length: 4"], CHUNK),
    "TE.CL, the length first": post(["Content-Length: 4", "Transfer-Encoding: chunked"], CHUNK),
    "TE.TE": post(["Transfer-Encoding: chunked", "Transfer-Encoding: identity"], CHUNK),
    "two encodings in one field": post(["Transfer-Encoding: gzip, chunked"], CHUNK),
    "an encoding that only looks like one": post(["Transfer-Encoding: xchunked"], CHUNK),
    "an encoding with a tab inside": post(["Transfer-Encoding: chun\tked"], CHUNK),
    "an encoding with a form feed before": post(["Transfer-Encoding: \x0cchunked"], CHUNK),
    "a blank before the colon": post(["Content-Length : 3"], HIDDEN),
    "a field that begins with a blank": post([" Content-Length: 3"], HIDDEN),
    "an encoding behind a bare LF": post([`X: a\nTransfer-Encoding: chunked`, both[0]], HIDDEN),
    "an encoding behind a bare CR": post([`X: a\rTransfer-Encoding: chunked`, both[0]], HIDDEN),
    "two lengths": post(["Content-Length: 0", `Content-Length: ${HIDDEN.length}`], HIDDEN),
    "the same length twice": post([both[0], both[0]], HIDDEN),
    "two lengths in one field": post([`Content-Length: 0, ${HIDDEN.length}`], HIDDEN),
    "a length with a sign": post([`Content-Length: +${HIDDEN.length}`], HIDDEN),
    "a negative length": post(["Content-Length: -1"], HIDDEN),
    "a hexadecimal length": post(["Content-Length: 0x2c"], HIDDEN),
    "a length beyond all numbers": post(["Content-Length: 18446744073709551617"], HIDDEN),
    "a chunk's length that is none": post(["Transfer-Encoding: chunked"], `+1\r\na\r\n${HIDDEN}`),
    "a chunk beyond all numbers": post(["Transfer-Encoding: chunked"], `ffffffffffffffff1\r\n`),
    "a NUL in a field": post(["X: a\0b"]),
    "an encoding in HTTP/1.0": `POST / HTTP/1.0\r\nHost: localhost\r\n${both[1]}\r\n\r\n${CHUNK}`,
    "no Host": get("/", []),
    "two Hosts": get("/", ["Host: localhost", "Host: evil.example"]),
    "a Host with a path": get("/", ["Host: localhost/evil"]),
    "a blank in the target": get("/a b"),
    "a control in the target": get("/a\x01b"),
    "a target that is no path": get("evil.example/"),
    "out of the root": get("/../../etc/passwd"),
    "out of the root, encoded": get("/a/%2e%2e/%2e%2e/etc/passwd"),
    CONNECT: "CONNECT evil.example:443 HTTP/1.1\r\nHost: evil.example:443\r\n\r\n",
    TRACE: "TRACE / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a method in small letters": "get / HTTP/1.1\r\nHost: localhost\r\n\r\n",
    "a version that is not there": "GET / HTTP/9.9\r\nHost: localhost\r\n\r\n",
  })) {
    test(name, async () => {
      const { statuses, said } = await exchange(nginx.ports.http, text);
      assert.ok(statuses[0] >= 400 && statuses[0] < 600, said);
      assertNothingHidden();
      assert.deepEqual(gateway.requests, []);
    });
  }
});

describe("made well-formed", () => {
  const only = () => {
    assertNothingHidden();
    assert.equal(gateway.requests.at(-1)?.target, "/last");
    const [first, ...rest] = gateway.requests.slice(0, -1);
    assert.deepEqual(rest, []);
    return first;
  };

  test("a chunked body has a length", async () => {
    await exchange(nginx.ports.http, post(["Transfer-Encoding: chunked"], CHUNK));
    assert.equal(only().body, HIDDEN);
  });

  test("a chunk's extension and trailers are gone", async () => {
    const body = "3;a=b\r\nabc\r\n0\r\nX-Late: 1\r\n\r\n";
    await exchange(nginx.ports.http, post(["Transfer-Encoding: chunked"], body));
    const request = only();
    assert.equal(request.body, "abc");
    assert.equal(fieldOf(request, "X-Late"), undefined);
  });

  test("a field that is folded", async () => {
    const { statuses } = await exchange(
      nginx.ports.http,
      get("/", ["Host: localhost", "X: a", " b"]),
    );
    assertNothingHidden();
    assert.ok(statuses[0] === 400 || fieldOf(only(), "X") === "a");
  });

  test("lines that end with LF alone", async () => {
    await exchange(nginx.ports.http, "GET /lf HTTP/1.1\nHost: localhost\nX: 1\n\n");
    assert.equal(fieldOf(only(), "X"), "1");
  });

  test("a target with a name in it, and another in Host", async () => {
    const target = "http://localhost/absolute";
    await exchange(nginx.ports.http, get(target, ["Host: evil.example"]));
    const request = only();
    assert.equal(request.target, "/absolute");
    assert.equal(fieldOf(request, "Host"), `localhost:${nginx.ports.http}`);
  });

  test("fields with an underscore are gone", async () => {
    const fields = ["Host: localhost", "X_Forwarded_For: 192.0.2.1", "Content_Length: 3"];
    await exchange(nginx.ports.http, get("/", fields));
    assert.deepEqual(
      only().headers.filter(([name]) => name.includes("_")),
      [],
    );
  });

  test("a connection's own fields cannot remove ours", async () => {
    const fields = ["Host: localhost", "Connection: close, X-Forwarded-For, Host"];
    await exchange(nginx.ports.http, get("/", ["Keep-Alive: 9", "TE: trailers", ...fields]));
    assertNothingHidden();
    const [request] = gateway.requests;
    assert.equal(fieldOf(request, "X-Forwarded-For"), "127.0.0.1");
    assert.equal(fieldOf(request, "Keep-Alive"), undefined);
    assert.equal(fieldOf(request, "Connection"), undefined);
  });

  test("no upgrade but to WebSocket", async () => {
    const upgrade = ["Host: localhost", "Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c"];
    await exchange(
      nginx.ports.http,
      get("/", [...upgrade, "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA"]),
    );
    assert.equal(fieldOf(only(), "Upgrade"), undefined);
  });
});

describe("by HTTP/2", () => {
  /** The status, or the code of the error. */
  async function ask(fields, body) {
    const session = connectHttp2(`https://127.0.0.1:${nginx.ports.https}`, {
      ca: readFileSync(nginx.certificates.ca),
      servername: NAME,
    });
    session.on("error", () => {});
    try {
      return await new Promise((resolve) => {
        const stream = session.request(
          { ":authority": NAME, ":path": "/socket.io/", ":method": "POST", ...fields },
          { endStream: !body },
        );
        stream.on("response", (headers) => resolve(headers[":status"]));
        stream.on("error", ({ code }) => resolve(code));
        stream.on("close", () => resolve("closed"));
        stream.resume();
        if (body) stream.end(body);
      });
    } finally {
      session.destroy();
    }
  }

  test("a request arrives, as HTTP/1.1", async () => {
    assert.equal(await ask({}, "abc"), 200);
    assert.deepEqual(gateway.broken, []);
    const [request] = gateway.requests;
    assert.equal(request.body, "abc");
    assert.equal(fieldOf(request, "X-Forwarded-Proto"), "https");
  });

  for (const [name, fields, body] of [
    ["less than was announced", { "content-length": "3" }, "a"],
    ["more than was announced", { "content-length": "3" }, `abc${HIDDEN}`],
    ["a target with a line in it", { ":path": `/ HTTP/1.1\r\nX: 1\r\n\r\n${HIDDEN}` }],
    ["a target with a blank", { ":path": "/a b" }],
    ["another name than the one that was greeted", { ":authority": "evil.example" }],
  ]) {
    test(name, async () => {
      assert.notEqual(await ask(fields, body), 200);
      assert.deepEqual([gateway.requests, gateway.broken], [[], []]);
    });
  }
});
