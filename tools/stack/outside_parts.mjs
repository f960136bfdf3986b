// The parts of a stack that are not confab's: nginx, coturn, PostgreSQL, and the fake Consul.
import { mkdirSync, readFileSync } from "node:fs";
import { userInfo } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { httpHealth, stunHealth } from "./health.mjs";
import { ADDRESS } from "./ports.mjs";
import { PostgresFiles, postgresHealth, USER } from "./postgres.mjs";
import { render } from "./rendered.mjs";
import { NAME } from "./secrets.mjs";

const FAKE_CONSUL = fileURLToPath(new URL("../../tests/consul/fake/main.mjs", import.meta.url));

export function consul(name, { ports }) {
  const { http } = ports[name];
  return {
    name,
    ports: ports[name],
    title: "Consul (a fake, for tests)",
    // It takes no configuration but this.
    command: () => [process.execPath, FAKE_CONSUL, "--host", ADDRESS, "--port", String(http)],
    health: () => httpHealth(http, "/v1/status/leader"),
  };
}

export const postgresUrl = ({ sql }) => `postgresql://${USER}@${ADDRESS}:${sql}/${USER}`;

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
      const conf = render("coturn", settings(), join(folder.conf, name));
      // As it is shipped but for this: here media is on loopback, which coturn refuses by itself.
      return ["turnserver", "-c", join(conf, "turnserver.conf"), "--allow-loopback-peers"];
    },
    health: () => stunHealth(turn),
  };
}

export function nginx(name, { ports, folder, secrets, gateways }) {
  const { http, https } = ports[name];
  const state = join(folder.state, name);
  const settings = () => ({
    server_names: NAME,
    certificate: secrets.certificate,
    certificate_key: secrets.certificateKey,
    gateways: gateways.map((gateway) => `${ADDRESS}:${ports[gateway].http}`).join(" "),
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
