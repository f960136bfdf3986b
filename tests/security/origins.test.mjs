// Pages of other sites: what they may do in their visitors' browsers, by default and where an operator
// has listed them.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { SocketIoClient } from "../hostile/support/socketio_client.mjs";
import { until, within } from "../hostile/support/waiting.mjs";
import { Cluster } from "../services/support/cluster.mjs";

const LISTED = "https://app.example";
const POLL = "/socket.io/?EIO=4&transport=polling";
const WAIT_MS = 10_000;
const FOREIGN = [
  ["Origin: https://elsewhere.example"],
  ["Origin: http://localhost:1"],
  ["Origin: http://localhost.elsewhere.example"],
  ["Origin: null"],
  ["Origin: file://"],
  ["Origin: "],
  ["Sec-Fetch-Site: cross-site"],
  ["Sec-Fetch-Site: same-site"],
  ["Origin: http://localhost", "Sec-Fetch-Site: cross-site"],
];

let cluster;

before(async () => {
  const settings = (name) => (name === "g2" ? { gateway: { origins: [LISTED] } } : {});
  cluster = await Cluster.start({ names: ["m1", "s1", "g1", "g2"], settings });
});
after(() => cluster?.stop());

/** The status with which a WebSocket's handshake ends; SocketIoClient says "Host: localhost". */
async function upgrade(gateway, fields) {
  const client = new SocketIoClient(cluster.ports(gateway).http, { fields });
  try {
    const answered = () => client.status !== undefined;
    await until(answered, { ms: WAIT_MS, pauseMs: 5 }, "an answer to the upgrade");
    return client.status;
  } finally {
    client.close();
  }
}

/** As a browser asks, which sets these fields by itself. */
async function ask(gateway, path, fields, { method = "GET" } = {}) {
  const { port } = new URL(cluster.url(gateway));
  const { request } = await import("node:http");
  const headers = Object.fromEntries(
    ["Host: localhost", ...fields].map((line) => {
      const at = line.indexOf(":");
      return [line.slice(0, at), line.slice(at + 1).trim()];
    }),
  );
  const answer = new Promise((resolve, reject) => {
    const asked = request({ host: "127.0.0.1", port, path, method, headers, agent: false });
    asked.on("response", (response) => {
      response.resume();
      response.on("end", () => resolve(response));
    });
    asked.on("error", reject);
    asked.end();
  });
  return within(answer, WAIT_MS, `an answer to ${path}`);
}

describe("a page of another site", () => {
  for (const fields of FOREIGN) {
    test(`that says ${fields.join(", ")} connects in no way and gets no invitation`, async () => {
      for (const gateway of ["g1", "g2"]) {
        assert.equal(await upgrade(gateway, fields), 403);
        assert.equal((await ask(gateway, POLL, fields)).statusCode, 403);
        assert.equal((await ask(gateway, POLL, fields, { method: "POST" })).statusCode, 403);
        const path = "/api/v1/rooms/a/guest-tokens";
        const invited = await ask(gateway, path, fields, { method: "POST" });
        assert.equal(invited.statusCode, 403);
        assert.equal(invited.headers["access-control-allow-origin"], undefined);
      }
    });
  }

  test("is not told by a preflight that it may", async () => {
    const fields = ["Origin: https://elsewhere.example", "Access-Control-Request-Method: POST"];
    for (const path of ["/api/v1/rooms/a/guest-tokens", "/api/v1/state", POLL]) {
      const { statusCode, headers } = await ask("g2", path, fields, { method: "OPTIONS" });
      assert.ok(statusCode >= 400, `${path}: ${statusCode}`);
      assert.equal(headers["access-control-allow-origin"], undefined, path);
    }
  });
});

describe("comes in", () => {
  for (const [who, fields] of [
    ["a program", []],
    ["our own page", ["Origin: http://localhost"]],
    ["our own page behind TLS", ["Origin: https://localhost"]],
    ["our own page, as browsers say", ["Origin: http://localhost", "Sec-Fetch-Site: same-origin"]],
    ["our own page by polling", ["Sec-Fetch-Site: same-origin"]],
  ]) {
    test(who, async () => {
      assert.equal(await upgrade("g1", fields), 101);
      assert.equal((await ask("g1", POLL, fields)).statusCode, 200);
    });
  }

  test("a page of a listed site, and may read what it is answered", async () => {
    const fields = [`Origin: ${LISTED}`, "Sec-Fetch-Site: cross-site"];
    assert.equal(await upgrade("g2", fields), 101);
    for (const [path, method, status] of [
      [POLL, "GET", 200],
      ["/api/v1/rooms/a/guest-tokens", "POST", 201],
      ["/api/v1/state", "GET", 401],
      ["/api/v1/state", "OPTIONS", 204],
    ]) {
      const { statusCode, headers } = await ask("g2", path, fields, { method });
      assert.equal(statusCode, status, path);
      assert.equal(headers["access-control-allow-origin"], LISTED);
      assert.equal(headers["access-control-allow-credentials"], undefined);
      assert.match(headers.vary, /Origin/);
    }
  });

  test("no page of a site that is listed elsewhere", async () => {
    assert.equal(await upgrade("g1", [`Origin: ${LISTED}`]), 403);
  });
});
