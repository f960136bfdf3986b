// The services' gRPC doors, tried from outside with another implementation of gRPC.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { Authority } from "./support/authority.mjs";
import { Cluster } from "./support/cluster.mjs";
import { Guest } from "./support/guest.mjs";
import { credentials, RpcClient, status } from "./support/rpc_client.mjs";

const CAPABILITIES = "/confab.media.v1.Media/GetRouterCapabilities";
const CREATE = "/confab.media.v1.Media/CreateTransport";

async function withClient(client, act) {
  try {
    return await act(client);
  } finally {
    client.close();
  }
}

describe("in plain text", () => {
  let cluster;
  before(async () => (cluster = await Cluster.start({ names: ["m1", "s1", "g1"] })));
  after(() => cluster.stop());

  const media = (act) => withClient(new RpcClient(cluster.ports("m1").grpc), act);

  test("a call without a token is refused", () =>
    media(async (client) => {
      for (const method of [CAPABILITIES, CREATE]) {
        await assert.rejects(client.call(method), (error) => {
          assert.equal(error.code, status.UNAUTHENTICATED);
          return error.details.startsWith("unauthorized: ");
        });
      }
    }));

  test("a call with a wrong token is refused", () =>
    media(async (client) => {
      const alg = Buffer.from('{"alg":"none"}').toString("base64url");
      const claims = Buffer.from('{"aud":"confab/service","service":"signaling"}');
      const unsigned = `${alg}.${claims.toString("base64url")}.`;
      for (const token of ["Bearer ", "Bearer x", "Basic x", "x", `Bearer ${unsigned}`]) {
        const refused = { code: status.UNAUTHENTICATED };
        await assert.rejects(client.call(CAPABILITIES, { token }), refused, token);
      }
    }));

  test("health is told to everyone, of each service by its name", async () => {
    await media(async (client) => {
      assert.equal(await client.health(), "SERVING");
      assert.equal(await client.health("confab.media.v1.Media"), "SERVING");
      await assert.rejects(client.health("nobody"), { code: status.NOT_FOUND });
    });
    await withClient(new RpcClient(cluster.ports("s1").grpc), async (client) => {
      assert.equal(await client.health(), "SERVING");
    });
  });

  test("a message beyond the limit is refused, and the service goes on", () =>
    media(async (client) => {
      const request = Buffer.alloc(5 * 1024 * 1024);
      const refused = { code: status.RESOURCE_EXHAUSTED };
      await assert.rejects(client.call(CREATE, { request, token: "Bearer x" }), refused);
      assert.equal(await client.health(), "SERVING");
    }));

  test("metrics and health of media and signaling are there for this machine", async () => {
    assert.equal(await cluster.metric("m1", "confab_media_routers"), 0);
    assert.equal(await cluster.metric("s1", "confab_media_up"), 1);
    assert.equal(await cluster.metric("s1", "confab_discovery_up"), 1);
    const behindProxy = { headers: { "X-Forwarded-For": "192.0.2.1" } };
    assert.equal((await fetch(`${cluster.url("m1")}/metrics`, behindProxy)).status, 403);
    assert.equal((await fetch(`${cluster.url("m1")}/elsewhere`)).status, 404);
  });
});

describe("with TLS", () => {
  const folder = mkdtempSync(join(tmpdir(), "confab-authority-"));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const ours = new Authority(join(folder, "ours"));
  const theirs = new Authority(join(folder, "theirs"));
  const channel = (ca, own) =>
    credentials.createSsl(
      readFileSync(ca),
      own ? readFileSync(own.key) : null,
      own ? readFileSync(own.certificate) : null,
    );
  const clusterWith = (keys) =>
    Cluster.start({
      names: ["m1", "s1", "g1"],
      settings: (name) => ({ rpc: { ...ours.issue(name), ...keys } }),
    });

  test("services meet under one authority, and plain text or another authority fails", async () => {
    const cluster = await clusterWith({});
    try {
      const guest = await Guest.join(cluster.url("g1"), "tls");
      await guest.produce();
      guest.leave();
      const { grpc } = cluster.ports("m1");
      await withClient(new RpcClient(grpc, channel(ours.ca)), async (client) => {
        assert.equal(await client.health(), "SERVING");
      });
      const unavailable = { code: status.UNAVAILABLE };
      await withClient(new RpcClient(grpc), (client) =>
        assert.rejects(client.health(), unavailable),
      );
      await withClient(new RpcClient(grpc, channel(theirs.ca)), (client) =>
        assert.rejects(client.health(), unavailable),
      );
    } finally {
      await cluster.stop();
    }
  });

  test("where certificates are required, nobody calls without one of the authority", async () => {
    const cluster = await clusterWith({ client_certificates: "required" });
    try {
      const guest = await Guest.join(cluster.url("g1"), "mtls");
      await guest.produce();
      guest.leave();
      const { grpc } = cluster.ports("m1");
      const own = ours.issue("probe");
      await withClient(new RpcClient(grpc, channel(ours.ca, own)), async (client) => {
        assert.equal(await client.health(), "SERVING");
      });
      const unavailable = { code: status.UNAVAILABLE };
      for (const other of [undefined, theirs.issue("stranger")]) {
        await withClient(new RpcClient(grpc, channel(ours.ca, other)), (client) =>
          assert.rejects(client.health(), unavailable),
        );
      }
    } finally {
      await cluster.stop();
    }
  });
});

test("plain text leaves the machine only if it is told", () => {
  for (const [command, address] of [
    ["media", "MEDIA_GRPC_ADDRESS"],
    ["signaling", "SIGNALING_ADDRESS"],
  ]) {
    const { status: code, stderr } = spawnSync(process.env.CONFAB_BINARY, [command], {
      env: { PATH: process.env.PATH, [`CONFAB_${address}`]: "0.0.0.0" },
      encoding: "utf8",
    });
    assert.equal(code, 2);
    assert.match(stderr, /would travel in plain text: give rpc\.certificate/);
  }
});
