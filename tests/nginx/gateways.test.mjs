// Who is asked, and what they are told of whom.
import assert from "node:assert/strict";
import { rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, beforeEach, describe, test } from "node:test";
import { until } from "../e2e/support/until.mjs";
import { NAME, Nginx, temporaryFolder } from "./support/nginx.mjs";
import { exchange, Raw } from "./support/raw.mjs";
import { fieldOf, Recorder, response, switching } from "./support/recorder.mjs";

let folder;
let gateway;
let nginx;

before(async () => {
  folder = temporaryFolder();
  gateway = await Recorder.start(() => response("ok", { fields: ["X-Request-Id: the-gateway's"] }));
  nginx = await Nginx.start(join(folder, "one"), [gateway.port]);
});
beforeEach(() => gateway.forget());
after(async () => {
  await nginx?.stop();
  await gateway?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const heard = (name) => fieldOf(gateway.requests.at(-1), name);

describe("what the gateway is told", () => {
  const LIES = {
    "X-Forwarded-For": "192.0.2.66",
    "X-Forwarded-Proto": "gopher",
    "X-Forwarded-Host": "evil.example",
    "X-Real-IP": "192.0.2.66",
    "X-Request-Id": "chosen",
    Forwarded: "for=192.0.2.66",
  };

  test("is what nginx has seen, whatever the client says of itself", async () => {
    const host = `${NAME}:${nginx.ports.https}`;
    await nginx.ask("/socket.io/?a=b%20c", { headers: LIES });
    assert.equal(gateway.requests[0].target, "/socket.io/?a=b%20c");
    assert.equal(heard("X-Forwarded-For"), "127.0.0.1");
    assert.equal(heard("X-Forwarded-Proto"), "https");
    assert.equal(heard("X-Forwarded-Host"), host);
    assert.equal(heard("Host"), host);
    for (const name of ["X-Real-IP", "X-Request-Id", "Forwarded"]) {
      assert.equal(heard(name), undefined);
    }
  });

  test("is http where this machine asks without encryption", async () => {
    await fetch(`${nginx.local}/`, { headers: LIES });
    assert.equal(heard("X-Forwarded-Proto"), "http");
    assert.equal(heard("Host"), `localhost:${nginx.ports.http}`);
  });

  test("is what a trusted proxy says, from the end to the first stranger", async (t) => {
    const settings = { trusted_proxies: "127.0.0.1 192.0.2.0/24" };
    const behind = await Nginx.start(join(folder, "behind"), [gateway.port], settings);
    t.after(() => behind.stop());
    const list = "10.9.9.9, 198.51.100.7, 192.0.2.9";
    await behind.ask("/", { headers: { "X-Forwarded-For": list } });
    assert.equal(heard("X-Forwarded-For"), "198.51.100.7");
    gateway.forget();
    const local = "GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 198.51.100.7\r\n\r\n";
    const { statuses } = await exchange(behind.ports.http, local);
    assert.equal(statuses[0], 403, "localhost is for this machine alone");
    assert.ok(gateway.requests.every(({ target }) => target === "/last"));
  });
});

describe("names", () => {
  const get = (host, path = "/") => `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`;

  test("names of others are not answered", async () => {
    for (const host of ["evil.example", `${NAME}.evil.example`, `evil.${NAME}`, "127.0.0.1.evil"]) {
      const { statuses } = await exchange(nginx.ports.http, get(host));
      assert.equal(statuses[0], 421, host);
      const answer = await nginx.ask("/", { headers: { Host: host } });
      assert.equal(answer.status, 421, host);
      assert.ok(gateway.requests.every(({ target }) => target === "/last"));
    }
  });

  test("ours leads from http to https, with the address", async () => {
    const { said } = await exchange(nginx.ports.http, get(NAME, "/r/a%20b?c=d"));
    assert.match(said, /^HTTP\/1\.1 308 /);
    assert.ok(said.includes(`\r\nLocation: https://${NAME}:${nginx.ports.https}/r/a%20b?c=d\r\n`));
  });

  test("a port in Host, and a line in the address, lead nowhere else", async () => {
    for (const [host, path] of [
      [`${NAME}:8888`, "/"],
      [NAME, "//evil.example/"],
      [NAME, "/%0d%0aX-Evil:%201"],
    ]) {
      const { said } = await exchange(nginx.ports.http, get(host, path));
      const [, to] = /\r\nLocation: (\S+)\r\n/.exec(said);
      assert.equal(new URL(to).host, `${NAME}:${nginx.ports.https}`);
      assert.doesNotMatch(said, /^X-Evil/m);
    }
  });

  test("the answer to an ACME challenge is a file, and nothing beside it is", async () => {
    const path = "/.well-known/acme-challenge/";
    writeFileSync(join(nginx.state, "acme", path, "token"), "the answer");
    const { said } = await exchange(nginx.ports.http, get(NAME, `${path}token`));
    assert.match(said, /the answer/);
    for (const target of ["../../../nginx.pid", "%2e%2e/%2e%2e/%2e%2e/nginx.pid"]) {
      const other = await exchange(nginx.ports.http, get(NAME, path + target));
      assert.notEqual(other.statuses[0], 200);
    }
  });

  test("the rest of /.well-known/ is the gateway's", async () => {
    await nginx.ask("/.well-known/jwks.json");
    assert.equal(gateway.requests.at(-1).target, "/.well-known/jwks.json");
  });
});

describe("what people are told", () => {
  test("HTTPS is for good, over HTTPS alone, and no version", async () => {
    const answer = await nginx.ask("/");
    assert.equal(answer.headers["strict-transport-security"], "max-age=31536000");
    assert.equal(answer.headers.server, "nginx");
    assert.equal(answer.headers["x-request-id"], "the-gateway's");
    const plain = await fetch(`${nginx.local}/`);
    assert.equal(plain.headers.get("strict-transport-security"), null);
  });

  test("refusals, too, carry no version and no way back from HTTPS", async () => {
    const answer = await nginx.ask("/", { method: "POST", body: "x".repeat(2000) });
    assert.equal(answer.headers["strict-transport-security"], "max-age=31536000");
    assert.doesNotMatch(JSON.stringify(answer), /nginx\/\d/);
  });

  for (const path of ["/metrics", "//metrics", "/%6detrics", "/a/../metrics", "/./metrics"]) {
    test(`${path} is not there`, async () => {
      const { statuses } = await exchange(
        nginx.ports.http,
        `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`,
      );
      assert.equal(statuses[0], 404);
      assert.equal(gateway.requests.length, 1); // the last
    });
  }

  test("the log has the gateway's id, and nobody's address or room", async () => {
    await nginx.ask("/r/secret-room?token=abc");
    const line = JSON.parse(nginx.log().trim().split("\n").at(-1));
    assert.equal(line.id, "the-gateway's");
    assert.equal(line.route, "page");
    assert.equal(line.status, 200);
    assert.doesNotMatch(nginx.log(), /secret-room|token|"client|127\.0\.0\.1"/);
  });
});

describe("one gateway fails", () => {
  const REQUESTS = 30;
  const WEBSOCKET =
    "GET /socket.io/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n" +
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
  let pairs = 0;
  let good;
  let bad;
  let pair;

  /** @param {() => undefined} failure what the bad one does with a request */
  async function withPair(t, failure) {
    good = await Recorder.start();
    bad = await Recorder.start((request, socket) => failure(request, socket));
    pair = await Nginx.start(join(folder, `pair-${++pairs}`), [bad.port, good.port]);
    t.after(() => Promise.all([good, bad, pair].map((each) => each.stop())));
  }
  const hangUp = (_, socket) => void socket.destroy();

  async function statuses(method, path = "/") {
    const seen = [];
    for (let i = 0; i < REQUESTS; ++i) seen.push((await pair.ask(path, { method })).status);
    return seen;
  }

  test("and is not there: every request goes on", async (t) => {
    await withPair(t, hangUp);
    await bad.stop();
    for (const path of ["/", "/socket.io/"]) {
      for (const method of ["GET", "POST"]) {
        assert.deepEqual(new Set(await statuses(method, path)), new Set([200]));
      }
    }
  });

  test("and comes back: it is given WebSockets at once, though none of them ends", async (t) => {
    let isMended = false;
    await withPair(t, (request, socket) =>
      isMended ? switching(request) : hangUp(request, socket),
    );
    await statuses("GET", "/socket.io/");
    isMended = true;
    await good.stop();
    for (let i = 0; i < REQUESTS; ++i) {
      const raw = await Raw.open(pair.ports.http);
      t.after(() => raw.close());
      raw.write(WEBSOCKET);
      await until("an answer", async () => (raw.said ? null : "nothing"));
      assert.match(raw.said, /^HTTP\/1\.1 101 /);
    }
  });

  test("and hangs up: what may be repeated goes on, and it is left alone", async (t) => {
    await withPair(t, hangUp);
    assert.deepEqual(new Set(await statuses("GET")), new Set([200]));
    assert.ok(bad.requests.length <= 4, `asked ${bad.requests.length} times`);
  });

  test("and hangs up: what may not be repeated is not", async (t) => {
    await withPair(t, hangUp);
    const all = await statuses("POST");
    const failed = all.filter((status) => status === 502).length;
    assert.equal(failed, bad.requests.length);
    assert.ok(failed >= 1 && failed <= 4, `${failed}`);
    assert.equal(good.requests.length, REQUESTS - failed);
  });

  test("both fail: that is said in a sentence", async (t) => {
    await withPair(t, hangUp);
    await Promise.all([good.stop(), bad.stop()]);
    const answer = await pair.ask("/api/v1/x");
    assert.equal(answer.status, 502);
    assert.equal(JSON.parse(answer.text).error.code, "unavailable");
  });
});
