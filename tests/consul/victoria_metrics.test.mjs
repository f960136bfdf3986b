// The fake, as VictoriaMetrics' consul_sd_configs sees it: a client that nobody here wrote.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { FakeConsul } from "./fake/server.mjs";
import { Asker } from "./support/asker.mjs";
import { until, within } from "./support/waiting.mjs";

const SOON_MS = 30_000;
const END_MS = 10_000;

let folder;
let fake;
let consul;
let metrics;
let program;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), "confab-consul-"));
  fake = await FakeConsul.start({ token: "t" });
  consul = new Asker(fake.url, { "X-Consul-Token": "t" });
  metrics = createServer((_, response) => response.end("confab_something 42\n"));
  metrics.listen(0, "127.0.0.1");
  await once(metrics, "listening");
  const config = join(folder, "scrape.yaml");
  writeFileSync(
    config,
    `scrape_configs:
  - job_name: confab
    scrape_interval: 1s
    consul_sd_configs:
      - server: 127.0.0.1:${fake.port}
        token: t
        services: [confab-gateway]
    relabel_configs:
      - source_labels: [__meta_consul_service_metadata_region]
        target_label: region
`,
  );
  const port = await freePort();
  program = spawn(
    "victoria-metrics",
    [
      `-httpListenAddr=127.0.0.1:${port}`,
      `-storageDataPath=${join(folder, "data")}`,
      `-promscrape.config=${config}`,
      "-promscrape.consulSDCheckInterval=1s",
      "-search.latencyOffset=1ms",
    ],
    { stdio: "ignore" },
  );
  program.url = `http://127.0.0.1:${port}`;
});
after(async () => {
  if (program && program.exitCode === null) {
    program.kill("SIGTERM");
    await within(once(program, "exit"), END_MS, "the end of victoria-metrics").catch(() =>
      program.kill("SIGKILL"),
    );
  }
  metrics?.close();
  metrics?.closeAllConnections();
  await fake?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** It cannot choose one itself and say which. */
async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

async function targets() {
  const answer = await fetch(`${program.url}/api/v1/targets`).catch(() => undefined);
  return answer?.ok ? (await answer.json()).data.activeTargets : undefined;
}

async function samples() {
  const query = "/api/v1/query?query=confab_something";
  return (await (await fetch(program.url + query)).json()).data.result;
}

test("a registered instance becomes a target, is scraped, and is gone when deregistered", async () => {
  await until(targets, SOON_MS, "victoria-metrics to answer");
  assert.deepEqual(await targets(), []);
  const { port } = metrics.address();
  const meta = { instance: "g1", http_port: String(port), region: "eu-north" };
  await consul.put("/v1/agent/service/register", {
    ...{ ID: "confab-gateway-g1", Name: "confab-gateway", Address: "127.0.0.1", Port: port },
    ...{ Meta: meta, Tags: ["eu-north"], Check: { TTL: "1m", Status: "passing" } },
  });
  const appears = async () => (await targets()).find(({ health }) => health === "up");
  const target = await until(appears, SOON_MS, "the target to be up");
  assert.equal(target.labels.instance, `127.0.0.1:${port}`);
  assert.equal(target.labels.region, "eu-north");
  assert.equal(target.discoveredLabels.__meta_consul_service_id, "confab-gateway-g1");
  assert.equal(target.discoveredLabels.__meta_consul_dc, "dc1");
  const [sample] = await until(
    async () => {
      const found = await samples();
      return found.length > 0 && found;
    },
    SOON_MS,
    "a sample",
  );
  assert.equal(sample.value[1], "42");
  await consul.put("/v1/agent/service/deregister/confab-gateway-g1");
  await until(async () => (await targets()).length === 0, SOON_MS, "the target to vanish");
  const blocked = Object.entries((await consul.get("/fake/requests")).json);
  assert.ok(blocked.some(([line]) => line === "GET /v1/health/service/confab-gateway"));
});
