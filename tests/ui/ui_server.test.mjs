// The pages by Next's own server, without a proxy: what it serves, and what it passes on.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { until } from "../e2e/support/until.mjs";
import { Raw } from "../nginx/support/raw.mjs";
import { fieldOf, Recorder } from "../nginx/support/recorder.mjs";
import { invitation } from "../support/invitation.mjs";
import { startGateway } from "./support/gateway.mjs";
import { startUi, UiProcess } from "./support/ui_process.mjs";

const require = createRequire(new URL("../e2e/package.json", import.meta.url));
const { io } = require("socket.io-client");
const WAIT_MS = 20_000;
const SECURITY_HEADERS = [
  "content-security-policy",
  "permissions-policy",
  "x-content-type-options",
  "x-frame-options",
  "referrer-policy",
  "cross-origin-opener-policy",
  "cross-origin-resource-policy",
];

let folder;
let gateway;
let ui;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "confab-ui-"));
  gateway = await startGateway(folder);
  ui = await UiProcess.start(gateway.origin);
});
after(async () => {
  await ui?.stop();
  await gateway?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const get = (path, init) => fetch(ui.origin + path, { redirect: "manual", ...init });

/** What is answered to a request of these lines. */
async function say(line, fields) {
  const raw = await Raw.open(ui.port);
  raw.write(`${[`${line} HTTP/1.1`, ...fields, "Connection: close"].join("\r\n")}\r\n\r\n`);
  return raw.all();
}

async function aScript() {
  const page = await (await get("/")).text();
  return /\/_next\/static\/[^"]+\.js/.exec(page)[0];
}

describe("the pages", () => {
  test("carry the gateway's security headers, whatever is asked for", async () => {
    const { headers: wanted } = await fetch(`${gateway.origin}/`);
    const paths = ["/", "/r/quiet-harbor", "/nowhere", "/icon.svg", "//evil.example/"];
    for (const path of [...paths, await aScript()]) {
      const { headers } = await get(path);
      for (const name of SECURITY_HEADERS) {
        assert.ok(wanted.get(name), name);
        assert.equal(headers.get(name), wanted.get(name), `${path}: ${name}`);
      }
      assert.equal(headers.get("x-powered-by"), null, path);
    }
  });

  test("have nothing in them that their policy forbids", async () => {
    for (const path of ["/", "/r/quiet-harbor", "/nowhere"]) {
      const page = await (await get(path)).text();
      const scripts = [...page.matchAll(/<script\b([^>]*)>/g)].map(([, attributes]) => attributes);
      assert.ok(scripts.length > 0, path);
      for (const attributes of scripts) {
        const isData = attributes.includes('type="application/json"');
        assert.ok(isData || / src="\/_next\/static\//.test(attributes), attributes);
      }
      assert.doesNotMatch(
        page,
        /<style|<[^>]+ on[a-z]+=|javascript:|https?:\/\/(?!www\.w3\.org\/)/,
      );
    }
  });

  test("are one for every room, and none for other addresses", async () => {
    const room = await get("/r/quiet-harbor");
    assert.equal(room.status, 200);
    assert.match(await room.text(), /"page":"\/r"/);
    for (const path of ["/nowhere", "/r/a/b", "/server/main.mjs", "/package.json", "/metrics"]) {
      assert.equal((await get(path)).status, 404, path);
    }
    const nowhere = await (await get("/nowhere")).text();
    assert.match(nowhere, /<title[^>]*>There is no such page · confab</);
    assert.match(nowhere, /<h1[^>]*>There is no such page</);
  });

  test("are asked for again each time, and their files never", async () => {
    for (const path of ["/", "/r/a"]) {
      assert.equal((await get(path)).headers.get("cache-control"), "no-cache", path);
    }
    const script = await get(await aScript());
    assert.match(script.headers.get("cache-control"), /max-age=31536000, immutable/);
  });

  test("fetch nothing for anybody", async () => {
    for (const url of ["/icon.svg", `${gateway.origin}/icon.svg`, "http://169.254.169.254/"]) {
      const path = `/_next/image?url=${encodeURIComponent(url)}&w=64&q=75`;
      assert.equal((await get(path)).status, 404, url);
    }
  });

  test("lead nowhere by a foreign Host, and out of their folder by no address", async () => {
    for (const target of [
      "/",
      "//evil.example/",
      "/r/",
      "/../package.json",
      "/_next/static/../../package.json",
      "/_next/static/%2e%2e/%2e%2e/package.json",
      "/..%2f..%2f..%2fetc%2fpasswd",
    ]) {
      const said = await say(`GET ${target}`, ["Host: evil.example"]);
      const [, to = "/"] = /^location: (\S+)/im.exec(said) ?? [];
      assert.match(to, /^\/(?!\/)/, target);
      assert.doesNotMatch(said, /root:|"dependencies"/, target);
    }
  });
});

describe("is refused", () => {
  for (const [name, line, fields, status] of [
    ["two Hosts", "GET /", ["Host: localhost", "Host: evil.example"], 400],
    ["no Host", "GET /", [], 400],
    ["a name in the target", "GET http://evil.example/", ["Host: localhost"], 400],
    ["another method", "DELETE /", ["Host: localhost"], 405],
    ["a body for a page", "POST /r/a", ["Host: localhost", "Content-Length: 0"], 405],
    [
      "a WebSocket elsewhere",
      "GET /r/a",
      ["Host: a", "Connection: Upgrade", "Upgrade: websocket"],
      400,
    ],
    ["a header without end", "GET /", ["Host: localhost", `X: ${"x".repeat(20_000)}`], 431],
  ]) {
    test(name, async () => {
      const said = await say(line, fields);
      assert.equal(Number(/^HTTP\/1\.1 (\d+)/.exec(said)?.[1]), status, said);
    });
  }

  test("a setting that cannot be used, with a sentence", async () => {
    for (const [name, value] of [
      ["CONFAB_UI_GATEWAY", "localhost:4000"],
      ["CONFAB_UI_GATEWAY", "http://a/path"],
      ["CONFAB_UI_PORT", "x"],
      ["CONFAB_UI_PORT", "65536"],
    ]) {
      const server = startUi({ [name]: value });
      await until("the end", async () => (server.how ? null : "it runs"));
      assert.equal(server.how, "it ended with 2");
      assert.match(
        server.lastWords,
        new RegExp(`^confab-web: ${name} = "${value}" cannot be used: give`),
      );
    }
  });
});

describe("the gateway's", () => {
  test("health, keys, documents and invitations come from the gateway", async () => {
    for (const path of ["/healthz", "/readyz", "/.well-known/jwks.json", "/api/v1/openapi.json"]) {
      const [ours, its] = [await get(path), await fetch(gateway.origin + path)];
      assert.equal(ours.status, 200, path);
      assert.equal(await ours.text(), await its.text(), path);
      assert.match(ours.headers.get("x-request-id"), /^[a-z2-7]{26}$/);
    }
    assert.ok(await invitation(ui.origin, "by-the-ui"));
  });

  test("numbers stay with the gateway, however they are asked for", async () => {
    for (const path of [
      "/metrics",
      "/api/../metrics",
      "/api/%2e%2e/metrics",
      "/socket.io/../metrics",
    ]) {
      assert.doesNotMatch(await say(`GET ${path}`, ["Host: localhost"]), /confab_http/, path);
    }
  });

  for (const transport of ["websocket", "polling"]) {
    test(`a call is joined by ${transport}`, async (t) => {
      const room = `by-${transport}`;
      const token = await invitation(ui.origin, room);
      const socket = io(ui.origin, {
        auth: { protocol: { min: 1, max: 1 }, token },
        transports: [transport],
        forceNew: true,
        // As the pages do.
        extraHeaders: { origin: ui.origin },
      });
      t.after(() => socket.close());
      const reply = await socket.timeout(WAIT_MS).emitWithAck("joinRoom", { room, name: "Ada" });
      assert.ok(reply.participantId, JSON.stringify(reply));
    });
  }

  test("pages of other sites are the gateway's to refuse", async () => {
    const path = "/socket.io/?EIO=4&transport=polling";
    const foreign = { headers: { origin: "https://elsewhere.example" } };
    assert.equal((await get(path, foreign)).status, 403);
    const upgrade = ["Host: localhost", "Connection: Upgrade", "Upgrade: websocket"];
    const asked = [...upgrade, "Origin: https://elsewhere.example"];
    const raw = await Raw.open(ui.port);
    raw.write(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n${asked.join("\r\n")}\r\n\r\n`,
    );
    assert.match(await raw.all(), /^HTTP\/1\.1 403 .*gateway\.origins/s);
  });

  test("is told of each request what the UI server has seen, whatever the client says", async (t) => {
    const recorder = await Recorder.start();
    const other = await UiProcess.start(`http://127.0.0.1:${recorder.port}`);
    t.after(() => Promise.all([other.stop(), recorder.stop()]));
    const lies = {
      "X-Forwarded-For": "192.0.2.66",
      "X-Forwarded-Proto": "https",
      "X-Forwarded-Host": "evil.example",
      Forwarded: "for=192.0.2.66",
      "X-Real-IP": "192.0.2.66",
      TE: "trailers",
    };
    const init = { method: "POST", headers: lies, body: "abc" };
    await fetch(`${other.origin}/api/v1/x?a=b%20c`, init);
    const [request] = recorder.requests;
    assert.deepEqual(recorder.broken, []);
    assert.equal(`${request.method} ${request.target}`, "POST /api/v1/x?a=b%20c");
    assert.equal(request.body, "abc");
    assert.equal(fieldOf(request, "Host"), `localhost:${other.port}`);
    assert.match(fieldOf(request, "X-Forwarded-For"), /^(127\.0\.0\.1|::1)$/);
    assert.equal(fieldOf(request, "X-Forwarded-Proto"), "http");
    for (const name of ["X-Forwarded-Host", "Forwarded", "X-Real-IP", "TE"]) {
      assert.equal(fieldOf(request, name), undefined, name);
    }
  });
});

test("without a gateway the pages are there, and the rest says so", async (t) => {
  const alone = await UiProcess.start("http://127.0.0.1:9");
  t.after(() => alone.stop());
  assert.equal((await fetch(`${alone.origin}/r/a`)).status, 200);
  for (const path of ["/healthz", "/api/v1/state", "/socket.io/?EIO=4&transport=polling"]) {
    const answer = await fetch(alone.origin + path);
    assert.equal(answer.status, 502, path);
    assert.equal((await answer.json()).error.code, "unavailable");
  }
});
