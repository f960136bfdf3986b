import { readObject } from "./body.mjs";
import { badRequest } from "./http_error.mjs";
import { entryShape, wholeNumber } from "./kv.mjs";

/** Routes below /v1/kv and /v1/session. */
export const kvRoutes = (kv, sessions, agent, journal) => [
  ["GET", "/v1/kv/{id}", ({ id, query }) => read(kv, id, query)],
  ["PUT", "/v1/kv/{id}", ({ id, query, body }) => ({ json: write(kv, id, query, body) })],
  ["DELETE", "/v1/kv/{id}", ({ id, query }) => ({ json: remove(kv, id, query) })],
  [
    "PUT",
    "/v1/session/create",
    ({ body }) => ({ json: { ID: sessions.create(readObject(body)) } }),
  ],
  ["PUT", "/v1/session/destroy/{id}", ({ id }) => ({ json: end(sessions, id) })],
  ["PUT", "/v1/session/renew/{id}", ({ id }) => ({ json: sessions.renew(id) })],
  ["GET", "/v1/session/info/{id}", ({ id }) => seen(journal, sessions.info(id))],
  ["GET", "/v1/session/list", () => seen(journal, sessions.list())],
  ["GET", "/v1/session/node/{id}", ({ id }) => seen(journal, onNode(sessions, agent, id))],
];

const seen = (journal, json) => ({ index: journal.of("sessions"), json });

const onNode = (sessions, agent, node) => (node === agent.node ? sessions.list() : []);

function end(sessions, id) {
  sessions.destroy(id);
  return true;
}

function read(kv, key, query) {
  if (query.has("keys")) return listKeys(kv, key, query.get("separator") ?? "");
  if (query.has("recurse")) {
    const entries = kv.below(key);
    return found(kv.indexBelow(key), entries.length > 0, () => ({ json: entries.map(entryShape) }));
  }
  if (key === "") throw badRequest("Missing key name");
  const entry = kv.get(key);
  const answer = () => (query.has("raw") ? { raw: entry.value } : { json: [entryShape(entry)] });
  return found(kv.indexOf(key), entry !== undefined, answer);
}

/** What is not there is a 404 that can be waited for. */
const found = (index, isThere, answer) =>
  isThere ? { index, ...answer() } : { index, status: 404, text: "" };

function listKeys(kv, prefix, separator) {
  const keys = kv.below(prefix).map(({ key }) => {
    const end = separator ? key.indexOf(separator, prefix.length) : -1;
    return end < 0 ? key : key.slice(0, end + separator.length);
  });
  const unique = [...new Set(keys)];
  return found(kv.indexBelow(prefix), unique.length > 0, () => ({ json: unique }));
}

function write(kv, key, query, body) {
  if (key === "") throw badRequest("Missing key name");
  const acquire = query.get("acquire") ?? undefined;
  const release = query.get("release") ?? undefined;
  if (acquire !== undefined && release !== undefined) {
    throw badRequest("Conflicting flags: acquire and release");
  }
  const flags = wholeNumber(query, "flags") ?? 0;
  return kv.put(key, body, { flags, cas: wholeNumber(query, "cas"), acquire, release });
}

function remove(kv, key, query) {
  if (query.has("recurse")) return kv.deleteBelow(key);
  if (key === "") throw badRequest("Missing key name");
  return kv.delete(key, { cas: wholeNumber(query, "cas") });
}
