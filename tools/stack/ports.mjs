// Which ports the parts of a stack take: the documented ones, or free ones. All on loopback.
import { createSocket } from "node:dgram";
import { createServer } from "node:net";
import { gateNames, viewers, viewName } from "./gates.mjs";

export const ADDRESS = "127.0.0.1";

/** What each part listens on by default; docs/operations.md has the same table. */
const DOCUMENTED = {
  consul: { http: 8500 },
  postgres: { sql: 5432 },
  redis: { redis: 6379 },
  "turn-1": { turn: 3478, tls: 5349, firstRelay: 49_152, lastRelay: 49_651 },
  "turn-2": { turn: 3479, tls: 5350, firstRelay: 49_652, lastRelay: 50_151 },
  "media-1": { http: 6000, grpc: 50_051, media: 40_000 },
  "media-2": { http: 6100, grpc: 50_151, media: 40_100 },
  "signaling-1": { http: 5000, grpc: 5001 },
  "signaling-2": { http: 5100, grpc: 5101 },
  "gateway-1": { http: 4000 },
  "gateway-2": { http: 4100 },
  nginx: { http: 80, https: 443 },
};
/** Where a system does not give the former to whoever asks, or something else has them. */
const NGINX_OTHERWISE = { http: 8080, https: 8443 };

// Below the range from which Linux gives ports to clients (32768 and up): what is free now is still
// free when a part is started again. Relays have a range of their own.
const FREE = { first: 10_100, last: 19_999 };
const FREE_RELAYS = { first: 20_000, last: 31_900, each: 64 };
const TRIES = 1000;

/**
 * @param {string[]} ways that get gates: see gates.mjs
 * @returns {Promise<typeof DOCUMENTED>}
 */
export async function documentedPorts(ways = []) {
  const { http, https } = DOCUMENTED.nginx;
  const mayTake = (await isFreeTcp(http)) && (await isFreeTcp(https));
  const ports = { ...DOCUMENTED, nginx: mayTake ? DOCUMENTED.nginx : NGINX_OTHERWISE };
  return withGates(ports, ways, new Set());
}

/** As documentedPorts, but ports that nobody uses. */
export async function freePorts(ways = []) {
  const chosen = new Set();
  const ports = {};
  for (const [part, names] of Object.entries(DOCUMENTED)) {
    ports[part] = {};
    for (const name of Object.keys(names)) {
      if (!isRelay(name)) ports[part][name] = await freePort(chosen);
    }
    if (names.firstRelay) Object.assign(ports[part], await freeRelays(chosen));
  }
  return withGates(ports, ways, chosen);
}

/** Those of gates, and of Consul's views, are never documented. */
async function withGates(ports, ways, chosen) {
  const names = gateNames(ways, Object.keys(ports));
  if (names.length === 0) return ports;
  const gates = { control: await freePort(chosen) };
  for (const name of names) gates[name] = await freePort(chosen);
  const views = {};
  for (const name of viewers(names)) views[viewName(name)] = await freePort(chosen);
  return { ...ports, consul: { ...ports.consul, ...views }, gates };
}

/** The sentence that says which of these ports of a part are taken, or null. */
export async function takenPorts(part, ports) {
  const taken = [];
  for (const [name, port] of Object.entries(ports)) {
    if (!isRelay(name) && !(await isFree(port))) taken.push(`${port} (${name})`);
  }
  if (taken.length === 0) return null;
  return (
    `${part} cannot have its ports: taken or not given to you are ${taken.join(", ")}. End what ` +
    "has them, or give --free-ports"
  );
}

const isRelay = (name) => name.endsWith("Relay");

async function freePort(chosen) {
  for (let i = 0; i < TRIES; ++i) {
    const port = randomBetween(FREE.first, FREE.last);
    if (chosen.has(port) || !(await isFree(port))) continue;
    chosen.add(port);
    return port;
  }
  throw new Error(`no port is free from ${FREE.first} to ${FREE.last}: end what has them`);
}

async function freeRelays(chosen) {
  for (let i = 0; i < TRIES; ++i) {
    const firstRelay = randomBetween(FREE_RELAYS.first, FREE_RELAYS.last - FREE_RELAYS.each);
    const block = Array.from({ length: FREE_RELAYS.each }, (_, at) => firstRelay + at);
    if (block.some((port) => chosen.has(port))) continue;
    if ((await Promise.all(block.map(isFreeUdp))).includes(false)) continue;
    for (const port of block) chosen.add(port);
    return { firstRelay, lastRelay: block.at(-1) };
  }
  throw new Error(`no ${FREE_RELAYS.each} ports in a row are free for relays: end what has them`);
}

const randomBetween = (first, last) => first + Math.floor(Math.random() * (last - first + 1));

const isFree = async (port) => (await isFreeTcp(port)) && (await isFreeUdp(port));

function isFreeTcp(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, ADDRESS, () => server.close(() => resolve(true)));
  });
}

function isFreeUdp(port) {
  return new Promise((resolve) => {
    const socket = createSocket("udp4");
    socket.once("error", () => resolve(false));
    socket.bind(port, ADDRESS, () => socket.close(() => resolve(true)));
  });
}
