// Which ways between the parts can have a gate, and where that gate is. `./dev stack up --gates
// signaling-media,…` puts one between each pair of instances; tests/support/gate/main.mjs tells how
// it is told what to do. This table is all there is to a new way, where `wayTo` is asked for it.

/** Who goes there, to whom, and to which of its ports. */
export const WAYS = {
  "signaling-media": { from: "signaling", to: "media", ports: ["grpc"] },
  "gateway-signaling": { from: "gateway", to: "signaling", ports: ["http", "grpc"] },
  "nginx-gateway": { from: "nginx", to: "gateway", ports: ["http"] },
  "signaling-postgres": { from: "signaling", to: "postgres", ports: ["sql"] },
  "logs-postgres": { from: "logs", to: "postgres", ports: ["sql"] },
  "signaling-redis": { from: "signaling", to: "redis", ports: ["redis"] },
  "gateway-consul": { from: "gateway", to: "consul", ports: ["http"] },
  "signaling-consul": { from: "signaling", to: "consul", ports: ["http"] },
  "media-consul": { from: "media", to: "consul", ports: ["http"] },
};

const isOf = (kind) => (name) => name === kind || name.startsWith(`${kind}-`);

/** "signaling-1>media-2.grpc" */
const nameOf = (from, to, port) => `${from}>${to}.${port}`;

/**
 * The names of all gates of these ways between these parts. Throws where there is no such way.
 * @param {string[]} ways of WAYS; "all": every one
 */
export function gateNames(ways, parts) {
  const chosen = ways.includes("all") ? Object.keys(WAYS) : ways;
  return chosen.flatMap((way) => {
    if (!Object.hasOwn(WAYS, way)) {
      throw new Error(`no gate fits in ${way}: there are all, ${Object.keys(WAYS).join(", ")}`);
    }
    const { from, to, ports } = WAYS[way];
    return parts
      .filter(isOf(from))
      .flatMap((one) =>
        parts.filter(isOf(to)).flatMap((other) => ports.map((port) => nameOf(one, other, port))),
      );
  });
}

/** The port at which `from` reaches that one of `to`: the part's own, or the gate's. */
export const wayTo = (ports, from, to, port) => gateOf(ports, from, to, port) ?? ports[to][port];

const gateOf = (ports, from, to, port) => ports.gates?.[nameOf(from, to, port)];

/** The name of the port of Consul's on which it shows that part the way through its gates. */
export const viewName = (from) => `seen by ${from}`;

/** Who finds others by Consul through gates. */
const FOUND = ["media", "signaling"];
export const viewers = (gates) => [
  ...new Set(
    gates
      .map(parse)
      .filter(({ kind }) => FOUND.includes(kind))
      .map(({ from }) => from),
  ),
];

function parse(gate) {
  const [, from, to, port] = /^(.+)>(.+)\.(\w+)$/.exec(gate);
  return { from, to, port, kind: to.split("-")[0] };
}

const namesOf = (ports) => Object.keys(ports.gates ?? {}).filter((name) => name.includes(">"));

/** What the gates' program is told: each with its port and that of the part behind it. */
export function gatePlan(ports) {
  return namesOf(ports).map((name) => {
    const { from, to, port } = parse(name);
    const target = ports[to][to === "consul" ? viewName(from) : port] ?? ports[to][port];
    return { name, listen: ports.gates[name], target };
  });
}

/** What the fake Consul is told (tests/consul/fake/views.mjs). */
export function viewPlan(ports) {
  const views = {};
  for (const name of namesOf(ports)) {
    const { from, to, port, kind } = parse(name);
    if (!FOUND.includes(kind)) continue;
    const service = `confab-${kind}-${to}`;
    const view = ports.consul[viewName(from)];
    const shown = { ...views[view]?.[service], [`${port}_port`]: String(ports.gates[name]) };
    views[view] = { ...views[view], [service]: shown };
  }
  return views;
}

/** The port of Consul's that a part asks, without a gate or behind it. */
export const consulPort = (ports, from) =>
  gateOf(ports, from, "consul", "http") ?? ports.consul[viewName(from)] ?? ports.consul.http;
