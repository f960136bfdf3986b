import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { httpHealth } from "./health.mjs";
import { ADDRESS } from "./ports.mjs";

const DEPLOY = fileURLToPath(new URL("../../deploy/prometheus/", import.meta.url));
const RULES = ["confab.rules.yml", "confab.alerts.yml"];
/** No API token lives longer: a stack that runs for days has no numbers of the second. */
const TOKEN_MINUTES = "1440";
/** Oftener than operators need it: who tries something wants to see it. */
const INTERVAL = "5s";

/** Debian's Prometheus with the configuration of deploy/, which asks every gateway. */
export function prometheus(name, { ports, folder, plan, gateways }) {
  const { http } = ports[name];
  const conf = join(folder.conf, name);
  return {
    name,
    ports: ports[name],
    title: "Prometheus",
    command() {
      mkdirSync(conf, { recursive: true });
      // Not as copies, which would be as readable as what is shipped.
      for (const file of RULES) writeFileSync(join(conf, file), readFileSync(join(DEPLOY, file)));
      writeFileSync(join(conf, "confab-token"), token(plan.binary, join(folder.state, "confab")));
      const file = join(conf, "prometheus.yml");
      const shipped = readFileSync(join(DEPLOY, "prometheus.yml"), "utf8");
      writeFileSync(
        file,
        configuration(
          shipped,
          gateways.map((gateway) => ports[gateway].http),
        ),
      );
      return [
        "prometheus",
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(folder.state, name)}`,
        "--storage.tsdb.retention.time=2d",
        `--web.listen-address=${ADDRESS}:${http}`,
        "--log.level=warn",
      ];
    },
    health: () => httpHealth(http, "/-/ready"),
  };
}

/** As it is shipped, but for the gateways' ports and the interval. */
export function configuration(shipped, gatewayPorts) {
  const way = /^ {6}- url: .*\n(?: {8}.*\n)+/m.exec(shipped)[0];
  const ways = gatewayPorts.map((port) =>
    way.replace(/http:\/\/[^/]+/, `http://${ADDRESS}:${port}`),
  );
  return shipped
    .replace(way, ways.join(""))
    .replace(/(scrape_interval|evaluation_interval|refresh_interval): \d+s/g, `$1: ${INTERVAL}`);
}

function token(binary, dataDir) {
  const what = ["--scope", "metrics:read", "--subject", "prometheus", "--minutes", TOKEN_MINUTES];
  return execFileSync(binary, ["token", "api", ...what, "--data-dir", dataDir]);
}
