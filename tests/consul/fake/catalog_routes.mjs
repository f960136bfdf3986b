import { refuseFilter } from "./agent_routes.mjs";
import { STATES } from "./check.mjs";
import { badRequest } from "./http_error.mjs";
import { catalogServiceShape, checkShape, nodeShape, serfShape, serviceShape } from "./shapes.mjs";

/**
 * Routes below /v1/health, /v1/catalog and /v1/status. What can be waited for answers with an index.
 */
export function catalogRoutes(agent, journal) {
  const of = (topic, look) => (ask) => {
    refuseFilter(ask.query);
    return { index: journal.of(topic(ask)), json: look(ask) };
  };
  const about = ({ id }) => `service:${id}`;
  return [
    ["GET", "/v1/health/service/{id}", of(about, (ask) => instances(agent, ask))],
    ["GET", "/v1/health/checks/{id}", of(about, ({ id }) => serviceChecks(agent, id))],
    [
      "GET",
      "/v1/health/node/{id}",
      of(
        () => "checks",
        ({ id }) => nodeChecks(agent, id),
      ),
    ],
    [
      "GET",
      "/v1/health/state/{id}",
      of(
        () => "checks",
        ({ id }) => checksInState(agent, id),
      ),
    ],
    [
      "GET",
      "/v1/catalog/services",
      of(
        () => "services",
        () => names(agent),
      ),
    ],
    ["GET", "/v1/catalog/service/{id}", of(about, (ask) => catalogEntries(agent, ask))],
    [
      "GET",
      "/v1/catalog/nodes",
      of(
        () => "nodes",
        () => [nodeShape(agent)],
      ),
    ],
    ["GET", "/v1/catalog/datacenters", () => ({ json: [agent.dataCenter] })],
    ["GET", "/v1/status/leader", () => ({ json: `${agent.address}:8300` })],
    ["GET", "/v1/status/peers", () => ({ json: [`${agent.address}:8300`] })],
  ];
}

const hasTags = (service, query) =>
  query.getAll("tag").every((tag) => tag === "" || service.tags.includes(tag));

const ofNode = (agent) => agent.checksOf("").map((check) => checkShape(agent, check));

const checksFor = (agent, id) => [
  ...agent.checksOf(id).map((check) => checkShape(agent, check)),
  ...ofNode(agent),
  serfShape(agent),
];

function instances(agent, { id, query }) {
  const passing = query.get("passing");
  const onlyPassing = passing !== null && passing !== "false" && passing !== "0";
  return agent
    .servicesNamed(id)
    .filter((service) => hasTags(service, query))
    .map((service) => ({
      Node: nodeShape(agent),
      Service: serviceShape(service),
      Checks: checksFor(agent, service.id),
    }))
    .filter(({ Checks }) => !onlyPassing || Checks.every(({ Status }) => Status === "passing"));
}

const serviceChecks = (agent, name) =>
  agent
    .servicesNamed(name)
    .flatMap((service) => agent.checksOf(service.id).map((check) => checkShape(agent, check)));

const everyCheck = (agent) => [
  ...[...agent.checks.values()].map((check) => checkShape(agent, check)),
  serfShape(agent),
];

const nodeChecks = (agent, node) =>
  node === agent.node || node === agent.nodeId ? everyCheck(agent) : [];

function checksInState(agent, state) {
  if (state !== "any" && !STATES.includes(state)) throw badRequest(`Unknown state '${state}'`);
  return everyCheck(agent).filter(({ Status }) => state === "any" || Status === state);
}

function names(agent) {
  const tags = new Map([["consul", new Set()]]);
  for (const service of agent.services.values()) {
    const known = tags.get(service.name) ?? new Set();
    for (const tag of service.tags) known.add(tag);
    tags.set(service.name, known);
  }
  return Object.fromEntries([...tags].map(([name, known]) => [name, [...known].sort()]));
}

const catalogEntries = (agent, { id, query }) =>
  agent
    .servicesNamed(id)
    .filter((service) => hasTags(service, query))
    .map((service) => catalogServiceShape(agent, service));
