import { readObject } from "./body.mjs";
import { badRequest, notFound } from "./http_error.mjs";
import { agentServiceShape, checkShape, memberShape, selfShape } from "./shapes.mjs";

/** Routes below /v1/agent: [method, path, function]. `{name}` takes the rest of the path. */
export const agentRoutes = (agent) => [
  ["GET", "/v1/agent/self", () => ({ json: selfShape(agent) })],
  ["GET", "/v1/agent/members", () => ({ json: [memberShape(agent)] })],
  ["GET", "/v1/agent/services", ({ query }) => ({ json: services(agent, query) })],
  ["GET", "/v1/agent/service/{id}", ({ id }) => ({ json: oneService(agent, id) })],
  ["GET", "/v1/agent/checks", ({ query }) => ({ json: checks(agent, query) })],
  ["PUT", "/v1/agent/service/register", ({ body, query }) => register(agent, body, query)],
  ["PUT", "/v1/agent/service/deregister/{id}", ({ id }) => done(agent.deregister(id))],
  ["PUT", "/v1/agent/service/maintenance/{id}", ({ id, query }) => maintain(agent, id, query)],
  ["PUT", "/v1/agent/maintenance", ({ query }) => maintain(agent, "", query)],
  ["PUT", "/v1/agent/check/register", ({ body }) => done(agent.registerCheck(readObject(body)))],
  ["PUT", "/v1/agent/check/deregister/{id}", ({ id }) => done(agent.deregisterCheck(id))],
  ["PUT", "/v1/agent/check/pass/{id}", (ask) => report(agent, ask, "passing")],
  ["PUT", "/v1/agent/check/warn/{id}", (ask) => report(agent, ask, "warning")],
  ["PUT", "/v1/agent/check/fail/{id}", (ask) => report(agent, ask, "critical")],
  ["PUT", "/v1/agent/check/update/{id}", ({ id, body }) => update(agent, id, readObject(body))],
];

const done = () => ({ text: "" });

/** Filters are a language of their own, which this fake does not speak. */
export function refuseFilter(query) {
  if (query.get("filter")) throw badRequest("Failed to create filter: this fake knows no filters");
}

function services(agent, query) {
  refuseFilter(query);
  const entries = [...agent.services.values()];
  return Object.fromEntries(entries.map((one) => [one.id, agentServiceShape(agent, one)]));
}

function oneService(agent, id) {
  const service = agent.services.get(id);
  if (!service) throw notFound(`unknown service ID: ${id}`);
  return agentServiceShape(agent, service);
}

function checks(agent, query) {
  refuseFilter(query);
  return Object.fromEntries(
    [...agent.checks.values()].map((one) => [one.id, checkShape(agent, one)]),
  );
}

function register(agent, body, query) {
  const replace = query.get("replace-existing-checks");
  const replaceChecks = replace !== null && replace !== "false";
  return done(agent.register(readObject(body), { replaceChecks }));
}

function maintain(agent, id, query) {
  const enable = query.get("enable");
  if (enable === null) throw badRequest("Missing value for enable");
  if (enable !== "true" && enable !== "false") {
    throw badRequest(`Invalid value for enable: ${JSON.stringify(enable)}`);
  }
  return done(agent.maintain(id, enable === "true", query.get("reason")));
}

const report = (agent, { id, query }, status) =>
  done(agent.report(id, status, query.get("note") ?? ""));

const update = (agent, id, { status, output }) =>
  done(agent.report(id, status || "passing", output ?? ""));
