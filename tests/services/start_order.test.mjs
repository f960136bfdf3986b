// Services may be started in any order; /readyz says what is missing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Cluster } from "./support/cluster.mjs";
import { Guest } from "./support/guest.mjs";
import { until } from "./support/waiting.mjs";

async function withCluster(act) {
  const cluster = await Cluster.make({ names: ["m1", "s1", "g1"] });
  try {
    await act(cluster);
  } finally {
    await cluster.stop();
  }
}

async function untilMissing(cluster, name, part, reason) {
  let last;
  await until(
    async () => {
      last = await cluster.readiness(name);
      return last.status === 503 && reason.test(last.parts[part]);
    },
    () => `${name} to miss ${part}: ${JSON.stringify(last)}`,
  );
}

test("gateway, then signaling, then media", () =>
  withCluster(async (cluster) => {
    await cluster.run("g1");
    await untilMissing(cluster, "g1", "signaling", /No signaling instance answers/);
    await cluster.run("s1");
    await untilMissing(cluster, "s1", "media", /No media instance is reached/);
    await untilMissing(cluster, "g1", "media", /No signaling instance reaches a media/);
    assert.equal((await cluster.readiness("g1")).parts.signaling, "ready");
    await cluster.run("m1");
    for (const name of ["m1", "s1", "g1"]) await cluster.untilReady(name);
    const guest = await Guest.join(cluster.url("g1"), "order");
    await guest.produce();
    guest.leave();
  }));

test("media, then gateway, then signaling", () =>
  withCluster(async (cluster) => {
    await cluster.run("m1");
    await cluster.untilReady("m1");
    await cluster.run("g1");
    await untilMissing(cluster, "g1", "signaling", /No signaling instance answers/);
    await cluster.run("s1");
    for (const name of ["s1", "g1"]) await cluster.untilReady(name);
    (await Guest.join(cluster.url("g1"), "order")).leave();
  }));

test("a room that was asked for too early is refused with a code, and works later", () =>
  withCluster(async (cluster) => {
    await cluster.run("m1");
    await cluster.run("s1");
    await cluster.run("g1");
    await cluster.untilReady("g1");
    await cluster.kill("m1");
    await untilMissing(cluster, "s1", "media", /No media instance is reached/);
    const guest = new Guest("early");
    await guest.connect(cluster.url("g1"));
    await assert.rejects(guest.join(), { code: "media_unavailable" });
    await cluster.run("m1");
    await cluster.untilReady("s1");
    await guest.join();
    guest.leave();
  }));
