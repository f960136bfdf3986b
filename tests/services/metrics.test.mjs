// /metrics of every service: an API token opens it, whichever process it is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { apiToken, makeKey } from "../gateway/tokens.mjs";
import { Cluster } from "./support/cluster.mjs";

const NAMES = ["m1", "s1", "g1"];

test("gateway, signaling and media show their numbers to metrics:read and to nobody else", async () => {
  const settings = () => ({ gateway: { metrics: "token" } });
  const cluster = await Cluster.start({ names: NAMES, settings });
  try {
    const key = makeKey(cluster.folder, ["metrics:read", "rooms:read"]);
    for (const name of NAMES) {
      const status = async (token) => {
        const headers = token ? { authorization: `Bearer ${token}` } : {};
        return (await fetch(`${cluster.url(name)}/metrics`, { headers })).status;
      };
      assert.equal(await status(), 403, name);
      assert.equal(await status(apiToken(key, ["rooms:read"])), 403, name);
      assert.equal(await status(`${apiToken(key, ["metrics:read"])}A`), 401, name);
      assert.equal(await status(apiToken(key, ["metrics:read"], { room: "tea" })), 403, name);
      assert.equal(await status(apiToken(key, ["metrics:read"])), 200, name);
    }
  } finally {
    await cluster.stop();
  }
});
