// The parts of a stack that are not confab's: nginx, coturn, PostgreSQL, and the fake Consul.
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { viewPlan, wayTo } from "./gates.mjs";
import { httpHealth, stunHealth } from "./health.mjs";
import { ADDRESS } from "./ports.mjs";
import { PostgresFiles, postgresHealth, USER } from "./postgres.mjs";
import { render } from "./rendered.mjs";
import { NAME } from "./secrets.mjs";

const TURN_TABLES = "/usr/share/coturn/schema.sql";
const FAKE_CONSUL = fileURLToPath(new URL("../../tests/consul/fake/main.mjs", import.meta.url));

export function consul(name, { ports, folder }) {
  const { http } = ports[name];
  const views = viewPlan(ports);
  return {
    name,
    ports: ports[name],
    title: "Consul (a fake, for tests)",
    command() {
      const address = ["--host", ADDRESS, "--port", String(http)];
      if (Object.keys(views).length === 0) return [process.execPath, FAKE_CONSUL, ...address];
      const file = join(folder.conf, `${name}.views.json`);
      writeFileSync(file, JSON.stringify(views));
      return [process.execPath, FAKE_CONSUL, ...address, "--views", file];
    },
    health: () => httpHealth(http, "/v1/status/leader"),
  };
}

export const postgresUrl = (port) => `postgresql://${USER}@${ADDRESS}:${port}/${USER}`;

export function postgres(name, { ports, folder, secrets }) {
  const { sql } = ports[name];
  const files = new PostgresFiles(join(folder.state, name));
  return {
    name,
    ports: ports[name],
    title: "PostgreSQL",
    command() {
      files.initialise(readFileSync(secrets.postgresPassword, "utf8").trim());
      return files.command(ADDRESS, sql);
    },
    health: async () => postgresHealth(ADDRESS, sql),
    forget: () => files.remove(),
  };
}

export function coturn(name, { ports, folder, secrets }) {
  const { turn, tls, firstRelay, lastRelay } = ports[name];
  const state = join(folder.state, name);
  const settings = () => ({
    secret: readFileSync(secrets.turnSecret, "utf8").trim(),
    realm: NAME,
    addresses: ADDRESS,
    relay_addresses: ADDRESS,
    media_addresses: ADDRESS,
    certificate: secrets.certificate,
    certificate_key: secrets.certificateKey,
    port: turn,
    tls_port: tls,
    min_port: firstRelay,
    max_port: lastRelay,
    pid_file: join(state, "turnserver.pid"),
    state_dir: state,
  });
  return {
    name,
    ports: ports[name],
    title: name,
    command() {
      makeDatabase(join(state, "turndb"));
      const conf = render("coturn", settings(), join(folder.conf, name));
      // As it is shipped but for this: here media is on loopback, which coturn refuses by itself.
      return ["turnserver", "-c", join(conf, "turnserver.conf"), "--allow-loopback-peers"];
    },
    health: () => stunHealth(turn),
  };
}

/**
 * What Debian's package makes for its own service. Else each thread of coturn makes the tables at its
 * first request, finds the file locked by another one, and refuses.
 */
function makeDatabase(file) {
  if (existsSync(file)) return;
  mkdirSync(dirname(file), { recursive: true });
  execFileSync("sqlite3", [file], { input: readFileSync(TURN_TABLES) });
}

export function nginx(name, { ports, folder, secrets, gateways }) {
  const { http, https } = ports[name];
  const state = join(folder.state, name);
  const settings = () => ({
    server_names: NAME,
    certificate: secrets.certificate,
    certificate_key: secrets.certificateKey,
    gateways: gateways
      .map((gateway) => `${ADDRESS}:${wayTo(ports, name, gateway, "http")}`)
      .join(" "),
    addresses: ADDRESS,
    http_port: http,
    https_port: https,
    public_port: https,
    acme_dir: join(state, "acme"),
    // Everything here belongs to whoever has started it; nobody else could read the folder.
    user: userInfo().username,
    pid_file: join(state, "nginx.pid"),
    log_dir: folder.logs,
    state_dir: state,
  });
  return {
    name,
    ports: ports[name],
    title: name,
    command() {
      mkdirSync(join(state, "acme"), { recursive: true });
      const conf = render("nginx", settings(), join(folder.conf, name));
      const early = join(folder.logs, `${name}.start.log`);
      return ["nginx", "-e", early, "-c", join(conf, "nginx.conf"), "-g", "daemon off;"];
    },
    health: () => httpHealth(http, "/readyz", { host: "localhost" }),
  };
}
