// Who may read what of the pages and numbers, at every service's HTTP port.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Raw } from "../nginx/support/raw.mjs";
import { Cluster } from "../services/support/cluster.mjs";
import { pageDoors } from "../support/doors.mjs";
import { TokenMaker } from "./support/tokens.mjs";

const SERVICES = ["g1", "s1", "m1"];
const OF_ALL = ["/healthz", "/readyz"];

let cluster;
before(async () => {
  cluster = await Cluster.start({ names: ["m1", "s1", "g1"] });
});
after(() => cluster?.stop());

async function statusOf(name, path, init = {}) {
  return (await fetch(cluster.url(name) + path, { redirect: "manual", ...init })).status;
}

/** fetch() chooses its Host by itself. */
async function statusFor(host, name, path) {
  const raw = await Raw.open(cluster.ports(name).http);
  raw.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
  return Number(/^HTTP\/1\.1 (\d+)/.exec(await raw.all())?.[1]);
}

/** What a row says of its readers, and what is tried. */
const CASES = {
  everyone: (paths) => {
    for (const path of paths) {
      test(path, async () => {
        // The pages of this cluster have no file for rooms.
        const expected = path === "/r/{room}" ? [200, 404] : [200];
        assert.ok(expected.includes(await statusOf("g1", path.replace("{room}", "a"))));
      });
    }
  },
  // Tried by sockets.test.mjs and origins.test.mjs.
  "who has a token, as above; of browsers only pages of this site and of `gateway.origins`":
    () => {},
  "an API token for all rooms with the scope `metrics:read`, and this machine, by `localhost` or its address, without a proxy in between; `gateway.metrics` = `token` takes the token alone, `all` everyone, `off` nobody":
    (paths) => {
      test("of each service, without a proxy and a name of somebody else's", async () => {
        for (const name of SERVICES) {
          assert.equal(await statusOf(name, paths[0]), 200, name);
          for (const headers of [
            { "X-Forwarded-For": "192.0.2.1" },
            { "X-Forwarded-For": "127.0.0.1" },
            { Forwarded: "for=127.0.0.1" },
          ]) {
            const words = `${name} ${JSON.stringify(headers)}`;
            assert.equal(await statusOf(name, paths[0], { headers }), 403, words);
          }
          assert.equal(await statusFor("rebound.example", name, paths[0]), 403, name);
        }
      });
      test("of each service, from behind a proxy by a token with the scope alone", async () => {
        const tokens = new TokenMaker(join(cluster.folder, "data"));
        const statusWith = (name, token) =>
          statusOf(name, paths[0], {
            headers: { "X-Forwarded-For": "192.0.2.1", Authorization: `Bearer ${token}` },
          });
        for (const name of SERVICES) {
          assert.equal(await statusWith(name, tokens.api(["metrics:read"])), 200, name);
          assert.equal(await statusWith(name, tokens.api(["rooms:read"])), 403, name);
          assert.equal(
            await statusWith(name, tokens.api(["metrics:read"], { room: "a" })),
            403,
            name,
          );
          assert.equal(await statusWith(name, tokens.join("a")), 401, name);
        }
      });
    },
};

for (const { paths, readers } of pageDoors) {
  describe(`${paths.join(", ")}: ${readers}`, () => {
    test("has a case in this test", () => assert.ok(CASES[readers], readers));
    CASES[readers]?.(paths);
  });
}

test("signaling and media tell how they are, and nothing that belongs to the gateway", async () => {
  for (const name of ["s1", "m1"]) {
    for (const path of OF_ALL) assert.equal(await statusOf(name, path), 200, name + path);
    for (const path of [
      "/",
      "/api/v1/rooms",
      "/api/docs",
      "/.well-known/jwks.json",
      "/r/a",
      "/keys",
    ]) {
      assert.equal(await statusOf(name, path), 404, name + path);
    }
  }
});

test("no path takes a method that it was not made for", async () => {
  for (const path of [
    "/healthz",
    "/readyz",
    "/metrics",
    "/.well-known/jwks.json",
    "/api/docs",
    "/",
  ]) {
    for (const method of ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"]) {
      assert.equal(await statusOf("g1", path, { method }), 405, `${method} ${path}`);
    }
  }
});
