// The parts of a stack that are confab's: gateway, signaling, media and the log viewer, each with a
// configuration file of its own.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { consulPort, wayTo } from "./gates.mjs";
import { httpHealth } from "./health.mjs";
import { postgresUrl } from "./outside_parts.mjs";
import { ADDRESS } from "./ports.mjs";
import { busKeys } from "./redis.mjs";

export function gateway(name, context) {
  const { ports, secrets, plan, turnServers } = context;
  return confabPart("gateway", name, context, () => ({
    gateway: {
      address: ADDRESS,
      port: ports[name].http,
      port_tries: 1, // nginx knows this one
      web_dir: plan.webDir,
      trusted_proxies: [ADDRESS],
    },
    turn: {
      servers: turnServers.map((turn) => turnUrls(ports[turn].turn)),
      secret_file: secrets.turnSecret,
    },
  }));
}

export function signaling(name, context) {
  const { http, grpc } = context.ports[name];
  return confabPart("signaling", name, context, () => ({
    signaling: { address: ADDRESS, port: http, grpc_port: grpc },
    bus: busKeys(context, name),
    store: storeKeys(context, name),
  }));
}

export function media(name, context) {
  const { http, grpc, media: port, firstPlain, lastPlain } = context.ports[name];
  const plain = {
    plain_rtp_networks: ["127.0.0.0/8"],
    plain_rtp_first_port: firstPlain,
    plain_rtp_last_port: lastPlain,
  };
  return confabPart("media", name, context, () => ({
    media: {
      address: ADDRESS,
      announce: [context.plan.announce?.[name] ?? ADDRESS],
      port,
      grpc_address: ADDRESS,
      grpc_port: grpc,
      http_port: http,
      ...(firstPlain ? plain : {}),
    },
  }));
}

/** Shows what all of them have logged. */
export function logs(name, context) {
  const { http } = context.ports[name];
  return confabPart("logs", name, context, () => ({
    gateway: { web_dir: context.plan.webDir },
    logs: { address: ADDRESS, port: http },
    store: storeKeys(context, name), // for API keys
  }));
}

const storeKeys = ({ ports, secrets }, name) => ({
  url: postgresUrl(wayTo(ports, name, "postgres", "sql")),
  password_file: secrets.postgresPassword,
});

function confabPart(service, name, { ports, folder, plan }, sections) {
  const configuration = () => ({
    log: { format: "json", folder: folder.lines },
    instance: { id: name },
    discovery: { backend: "consul", consul_url: `http://${ADDRESS}:${consulPort(ports, name)}` },
    ...sections(),
  });
  return {
    name,
    ports: ports[name],
    title: name,
    command() {
      const file = join(folder.conf, `${name}.toml`);
      // All share the keys by which they know each other.
      const dataDir = join(folder.state, "confab");
      writeFileSync(file, toml({ data_dir: dataDir }, configuration()));
      return [plan.binary, service, "--config", file];
    },
    health: () => httpHealth(ports[name].http, "/readyz"),
  };
}

/** One server, by UDP and by TCP. */
const turnUrls = (port) =>
  ["udp", "tcp"].map((over) => `turn:${ADDRESS}:${port}?transport=${over}`).join(" ");

/** Text, numbers, truth and lists of them are written in TOML as they are in JSON. */
function toml(top, sections) {
  const lines = (keys) =>
    Object.entries(keys).map(([key, value]) => `${key} = ${JSON.stringify(value)}\n`);
  const parts = Object.entries(sections).map(([name, keys]) => [`\n[${name}]\n`, ...lines(keys)]);
  return [...lines(top), ...parts.flat()].join("");
}
