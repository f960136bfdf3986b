// Every alert of deploy/prometheus fires for what it is about and for nothing else, as promtool
// evaluates it; a system that is well has none.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { HEALTHY } from "./support/healthy.mjs";

const DEPLOY = fileURLToPath(new URL("../../deploy/prometheus/", import.meta.url));
const RULES = ["confab.rules.yml", "confab.alerts.yml"].map((name) => join(DEPLOY, name));
const OPERATIONS = fileURLToPath(new URL("../../docs/operations.md", import.meta.url));

/** As `le` in HEALTHY, but everything is beyond it. */
const slow = (name, labels, below, beyond) => ({
  [`${name}_bucket{${labels}le="${below}"}`]: "0x80",
  [`${name}_bucket{${labels}le="${beyond}"}`]: "0+30x80",
});
const gone = (role) => ({
  [`up{job="confab",role="${role}",instance="${role}-2"}`]: "1x40 _x40",
});
const down = (name, instance = "signaling-1") => ({
  [`confab_${name}_up{instance="${instance}"}`]: "1x40 0x40",
});

/** What is other than in HEALTHY; null: the series is not there. */
const CASES = {
  ConfabNoTargets: Object.fromEntries(
    Object.keys(HEALTHY)
      .filter((series) => series.startsWith("up{"))
      .map((series) => [series, null]),
  ),
  ConfabServiceDoesNotAnswer: { 'up{job="confab",role="relay",instance="relay-1"}': "0x80" },
  ConfabMediaInstanceAway: gone("media"),
  ConfabSignalingAway: gone("signaling"),
  ConfabGatewayAway: gone("gateway"),
  ConfabNoMediaReached: down("media"),
  ConfabJoinsFailing: { 'confab_joins_total{outcome="internal"}': "0+5x80" },
  ConfabJoinSlow: slow("confab_join_seconds", 'stage="all",', "0.1", "5"),
  ConfabNoMediaFlows: {
    'confab_media_ended_transports_total{instance="media-1",reason="never-reached"}': "0+20x80",
  },
  ConfabLossHigh: { 'confab_media_lost_packets_total{way="down"}': "0+800x80" },
  ConfabForwardingSlow: slow(
    "confab_media_forwarding_seconds",
    'instance="media-1",',
    "0.001",
    "0.05",
  ),
  ConfabLoopLagHigh: slow(
    "confab_loop_lag_seconds",
    'instance="signaling-1",role="signaling",',
    "0.001",
    "0.5",
  ),
  ConfabNodeNearlyFull: { 'confab_media_transports{instance="media-1"}': "9000x80" },
  ConfabPacketsOverflow: {
    'confab_media_udp_overflows_total{instance="media-1",queue="media"}': "0+60x80",
  },
  ConfabStoreAway: down("store"),
  ConfabStoreSlow: slow("confab_store_call_seconds", "", "0.01", "2.5"),
  ConfabRecordsLost: {
    'confab_store_records_dropped_total{instance="signaling-1"}': "0x60 3x20",
  },
  ConfabBusAway: down("bus"),
  ConfabBusSlow: slow("confab_bus_call_seconds", "", "0.01", "1"),
  ConfabDiscoveryAway: down("discovery"),
  ConfabRelayAway: down("relay", "relay-1"),
  ConfabGrpcFailing: { 'confab_grpc_client_calls_total{code="UNAVAILABLE"}': "0+20x80" },
  ConfabNoTurn: {
    'confab_turn_servers{instance="gateway-1"}': "0x80",
    'confab_turn_servers_answering{instance="gateway-1"}': "0x80",
  },
  ConfabTurnAway: { 'confab_turn_servers_answering{instance="gateway-1"}': "2x40 1x40" },
};
/** The same with another cause. */
const MORE_CASES = [
  [
    "ConfabMediaInstanceAway",
    Object.fromEntries(
      ["media-1", "media-2"].map((instance) => [
        `up{job="confab",role="media",instance="${instance}"}`,
        "1x40 _x40",
      ]),
    ),
  ],
  [
    "ConfabLoopLagHigh",
    slow("confab_media_loop_lag_seconds", 'instance="media-1",', "0.001", "0.5"),
  ],
  [
    "ConfabNodeNearlyFull",
    { 'confab_media_worker_cpu_seconds_total{instance="media-1",worker="0"}': "0+14x80" },
  ],
  [
    "ConfabRecordsLost",
    { 'confab_store_records_refused_total{instance="signaling-1"}': "0x60 1x20" },
  ],
];

const alertsOf = () => readFileSync(RULES[1], "utf8").matchAll(/- alert: (\w+)\n/g);

/** Whether exactly this one fires, or none, with these differences from HEALTHY; promtool's words. */
function evaluate(alert, changes) {
  const folder = mkdtempSync(join(tmpdir(), "confab-alerts-"));
  const series = Object.entries({ ...HEALTHY, ...changes }).filter(([, values]) => values !== null);
  const expected = alert ? [{ labels: `{alertname="${alert}"}`, value: 1 }] : [];
  const file = join(folder, "case.json"); // which is YAML, too
  const plan = {
    rule_files: RULES,
    evaluation_interval: "15s",
    tests: [
      {
        interval: "15s",
        input_series: series.map(([name, values]) => ({ series: name, values })),
        promql_expr_test: [
          {
            expr: 'count by (alertname) (ALERTS{alertstate="firing"})',
            eval_time: "18m",
            exp_samples: expected,
          },
        ],
      },
    ],
  };
  writeFileSync(file, JSON.stringify(plan));
  try {
    execFileSync("promtool", ["test", "rules", file], { stdio: "pipe" });
    return "";
  } catch (error) {
    return `${error.stdout}${error.stderr}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test("a system that is well has no alert", () => {
  assert.equal(evaluate(null, {}), "");
});

test("every alert has a case and a runbook", () => {
  const names = [...alertsOf()].map(([, name]) => name);
  assert.deepEqual(Object.keys(CASES).toSorted(), names.toSorted());
  const text = readFileSync(RULES[1], "utf8");
  const links = [...text.matchAll(/runbook_url: docs\/operations\.md#(\S+)/g)].map(([, id]) => id);
  assert.equal(links.length, names.length);
  const sections = [...readFileSync(OPERATIONS, "utf8").matchAll(/^### (\w+)$/gm)];
  const anchors = new Set(sections.map(([, title]) => title.toLowerCase()));
  for (const link of links) assert.ok(anchors.has(link), `${link} has no section`);
});

for (const [alert, changes] of [...Object.entries(CASES), ...MORE_CASES]) {
  test(`${alert} fires, and nothing else: ${Object.keys(changes)[0]}`, () => {
    assert.equal(evaluate(alert, changes), "");
  });
}
