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
  logs: { http: 9000 },
  nginx: { http: 80, https: 443 },
  prometheus: { http: 9090 },
};
/** Where a system does not give the former to whoever asks, or something else has them. */
const NGINX_OTHERWISE = { http: 8080, https: 8443 };

// Below the range from which Linux gives ports to clients (32768 and up): what is free now is still
// free when a part is started again. Relays have a range of their own.
// CONFAB_PORTS, such as "10100-14999", gives each of several stacks that run beside each other a range of
// its own: a gate that refuses gives its port away for a moment.
const [first, last] = (process.env.CONFAB_PORTS ?? "10100-19999").split("-").map(Number);
const FREE = { first, last };
const FREE_RELAYS = { first: 20_000, last: 31_900, each: 64 };
const FREE_PLAIN = { ...FREE_RELAYS, each: 600 };
const TRIES = 1000;

/**
 * @typedef {object} Extras
 * @property {string[]} [ways] that get gates: see gates.mjs
 * @property {boolean} [plainRtp] whether media gives plain RTP to this machine
 */

/**
 * @param {Extras} extras
 * @returns {Promise<typeof DOCUMENTED>}
 */
export async function documentedPorts(extras = {}) {
  const { http, https } = DOCUMENTED.nginx;
  const mayTake = (await isFreeTcp(http)) && (await isFreeTcp(https));
  const ports = { ...DOCUMENTED, nginx: mayTake ? DOCUMENTED.nginx : NGINX_OTHERWISE };
  return withExtras(ports, extras, new Set());
}

/** As documentedPorts, but ports that nobody uses. */
export async function freePorts(extras = {}) {
  const chosen = new Set();
  const ports = {};
  for (const [part, names] of Object.entries(DOCUMENTED)) {
    ports[part] = {};
    for (const name of Object.keys(names)) {
      if (!isBound(name)) ports[part][name] = await freePort(chosen);
    }
    if (names.firstRelay) {
      const [firstRelay, lastRelay] = await freeRange(chosen, FREE_RELAYS);
      Object.assign(ports[part], { firstRelay, lastRelay });
    }
  }
  return withExtras(ports, extras, chosen);
}

/** Ports that are never documented: of gates, of Consul's views, of plain RTP. */
async function withExtras(given, { ways = [], plainRtp = false }, chosen) {
  const ports = { ...given };
  for (const media of Object.keys(ports).filter((name) => plainRtp && name.startsWith("media"))) {
    const [firstPlain, lastPlain] = await freeRange(chosen, FREE_PLAIN);
    ports[media] = { ...ports[media], firstPlain, lastPlain };
  }
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
    if (!isBound(name) && !(await isFree(port))) taken.push(`${port} (${name})`);
  }
  if (taken.length === 0) return null;
  return (
    `${part} cannot have its ports: taken or not given to you are ${taken.join(", ")}. End what ` +
    "has them, or give --free-ports"
  );
}

/** One of two that bound many. */
const isBound = (name) => /^(first|last)/.test(name);

/**
 * One that nobody uses now, for TCP and UDP, and none of `chosen`, to which it is added. The next after
 * the one before: of two who choose at the same time, and bind later, each has a stretch of its own.
 */
export async function freePort(chosen) {
  const last = [...chosen].findLast((port) => port <= FREE.last);
  let port = last ?? randomBetween(FREE.first, FREE.last);
  for (let i = 0; i < TRIES; ++i) {
    port = port < FREE.last ? port + 1 : FREE.first;
    if (chosen.has(port) || !(await isFree(port))) continue;
    chosen.add(port);
    return port;
  }
  throw new Error(`no port is free from ${FREE.first} to ${FREE.last}: end what has them`);
}

/** The first and the last of so many in a row, for UDP; the first is even, as RTP wants it. */
async function freeRange(chosen, { first, last, each }) {
  for (let i = 0; i < TRIES; ++i) {
    const begin = 2 * Math.ceil(randomBetween(first, last - each - 1) / 2);
    const block = Array.from({ length: each }, (_, at) => begin + at);
    if (block.some((port) => chosen.has(port))) continue;
    if ((await Promise.all(block.map(isFreeUdp))).includes(false)) continue;
    for (const port of block) chosen.add(port);
    return [begin, block.at(-1)];
  }
  throw new Error(`no ${each} ports in a row are free for UDP: end what has them`);
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
