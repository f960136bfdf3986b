import { randomUUID } from "node:crypto";
import { parseDuration } from "./durations.mjs";
import { badRequest, HttpError, notFound } from "./http_error.mjs";

const LEAST_TTL_MS = 10_000;
const MOST_TTL_MS = 86_400_000;
const LOCK_DELAY_MS = 15_000;
/** The documents: sessions "may not be reaped for up to double this TTL". */
const TTL_GRACE = 2;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Sessions, whose end `onEnd` hears of: locks are given back then. */
export class Sessions {
  #sessions = new Map();
  #agent;
  #clock;
  #journal;
  #onEnd;

  constructor({ agent, clock, journal, onEnd }) {
    this.#agent = agent;
    this.#clock = clock;
    this.#journal = journal;
    this.#onEnd = onEnd;
  }

  create(raw) {
    const session = {
      id: randomUUID(),
      name: raw.name ?? "",
      node: raw.node || this.#agent.node,
      lockDelayMs: lockDelay(raw.lockdelay),
      behavior: raw.behavior || "release",
      ttl: raw.ttl ?? "",
      ttlMs: ttl(raw.ttl),
      nodeChecks: raw.nodechecks ?? raw.checks ?? ["serfHealth"],
      serviceChecks: raw.servicechecks ?? null,
    };
    if (session.node !== this.#agent.node) {
      throw new HttpError(500, `Missing node registration: ${session.node}`);
    }
    if (!["release", "delete"].includes(session.behavior)) {
      throw badRequest(`Invalid Behavior setting '${session.behavior}'`);
    }
    this.#refuseCriticalChecks(session);
    session.createIndex = this.#journal.touch("sessions");
    this.#sessions.set(session.id, session);
    this.#expireLater(session);
    return session.id;
  }

  has(id) {
    return this.#sessions.has(id);
  }

  list() {
    return [...this.#sessions.values()].map(shape);
  }

  /** An array, as the documents have it: of one or none. */
  info(id) {
    const session = this.#sessions.get(readId(id));
    return session ? [shape(session)] : [];
  }

  renew(id) {
    const session = this.#sessions.get(readId(id));
    if (!session) throw notFound(`Session id '${id}' not found`);
    this.#expireLater(session);
    return [shape(session)];
  }

  /** Idempotent. */
  destroy(id) {
    const session = this.#sessions.get(readId(id));
    if (!session) return;
    session.cancel?.();
    this.#sessions.delete(id);
    this.#journal.touch("sessions");
    this.#onEnd(session);
  }

  forget() {
    for (const session of this.#sessions.values()) session.cancel?.();
    this.#sessions.clear();
  }

  #expireLater(session) {
    session.cancel?.();
    if (!session.ttlMs) return;
    const ms = session.ttlMs * TTL_GRACE;
    session.cancel = this.#clock.after(ms, () => this.destroy(session.id));
  }

  #refuseCriticalChecks({ nodeChecks, serviceChecks }) {
    const ids = [...nodeChecks, ...(serviceChecks ?? []).map(({ id }) => id)];
    for (const id of ids) {
      if (id === "serfHealth") continue;
      const check = this.#agent.checks.get(id);
      if (!check) throw new HttpError(500, `Missing check '${id}' registration`);
      if (check.status === "critical")
        throw new HttpError(500, `Check '${id}' is in critical state`);
    }
  }
}

function readId(id) {
  if (!UUID.test(id)) throw badRequest(`Invalid session ID ${JSON.stringify(id)}`);
  return id;
}

function lockDelay(given) {
  if (given === undefined || given === "") return LOCK_DELAY_MS;
  // A number is in seconds where it is small, else in nanoseconds.
  if (typeof given === "number") return given < 1000 ? given * 1000 : given / 1e6;
  const ms = parseDuration(given);
  if (ms === undefined) throw badRequest(`Invalid LockDelay ${JSON.stringify(given)}`);
  return ms;
}

function ttl(given) {
  if (!given) return 0;
  const ms = parseDuration(given);
  if (ms === undefined || ms < LEAST_TTL_MS || ms > MOST_TTL_MS) {
    throw badRequest(`Invalid Session TTL '${given}', must be between [10s=24h0m0s]`);
  }
  return ms;
}

const shape = (session) => ({
  ID: session.id,
  Name: session.name,
  Node: session.node,
  LockDelay: session.lockDelayMs * 1e6,
  Behavior: session.behavior,
  TTL: session.ttl,
  NodeChecks: session.nodeChecks,
  ServiceChecks: session.serviceChecks,
  CreateIndex: session.createIndex,
  ModifyIndex: session.createIndex,
});
