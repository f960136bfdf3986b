import { randomUUID } from "node:crypto";
import { Check, readDefinition, STATES } from "./check.mjs";
import { badRequest, HttpError, notFound } from "./http_error.mjs";

/** The documents: the process that reaps critical services runs every 30 seconds. */
const REAP_MS = 30_000;
const MOST_SERVICES = 10_000;

/** The one node of this data center: its services and their checks. */
export class Agent {
  services = new Map();
  checks = new Map();
  node = "fake-node";
  nodeId = randomUUID();
  #clock;
  #journal;

  constructor({ clock, journal, address, dataCenter, log }) {
    this.#clock = clock;
    this.#journal = journal;
    this.address = address;
    this.dataCenter = dataCenter;
    this.log = log;
    clock.every(REAP_MS, () => this.#reap());
  }

  register(raw, { replaceChecks }) {
    const service = readService(raw);
    const checks = [raw.check, ...(raw.checks ?? [])].filter(Boolean);
    const definitions = checks.map((check) => readDefinition(check));
    if (!this.services.has(service.id) && this.services.size >= MOST_SERVICES) {
      throw new HttpError(500, `This fake holds ${MOST_SERVICES} services`);
    }
    const before = this.services.get(service.id);
    if (before && replaceChecks) {
      for (const check of this.checksOf(service.id)) this.#dropCheck(check);
    }
    const topics = [before?.name, service.name].filter(Boolean).map((name) => `service:${name}`);
    service.modifyIndex = this.#journal.touch("services", ...topics);
    service.createIndex = before?.createIndex ?? service.modifyIndex;
    this.services.set(service.id, service);
    for (const [i, check] of checks.entries()) {
      const suffix = checks.length > 1 ? `:${i + 1}` : "";
      this.#addCheck({
        id: check.checkid || check.id || `service:${service.id}${suffix}`,
        name: check.name || `Service '${service.name}' check`,
        notes: check.notes,
        status: check.status,
        serviceId: service.id,
        definition: definitions[i],
      });
    }
  }

  /** The documents: "If the service does not exist, no action is taken." */
  deregister(id) {
    const service = this.services.get(id);
    if (!service) return;
    for (const check of this.checksOf(id)) this.#dropCheck(check);
    this.services.delete(id);
    this.#journal.touch("services", "checks", `service:${service.name}`);
  }

  registerCheck(raw) {
    if (!raw.name) throw badRequest("Missing check name");
    if (raw.serviceid && !this.services.has(raw.serviceid)) {
      throw notFound(`ServiceID "${raw.serviceid}" does not exist`);
    }
    const definition = readDefinition(raw);
    const id = raw.id || raw.checkid || raw.name;
    this.#addCheck({ ...raw, id, serviceId: raw.serviceid, definition });
  }

  deregisterCheck(id) {
    const check = this.checks.get(id);
    if (!check) return;
    this.#dropCheck(check);
    this.#checkChanged(check);
  }

  report(id, status, output) {
    const check = this.checks.get(id);
    if (!check) {
      throw notFound(
        `Unknown check ID "${id}". Ensure that the check ID is passed, not the check name.`,
      );
    }
    if (!STATES.includes(status)) throw badRequest(`Invalid check status: '${status}'`);
    if (!check.definition?.ttlMs) {
      throw new HttpError(500, `CheckID "${id}" does not have associated TTL`);
    }
    check.report(status, output);
  }

  /** @param {string} serviceId "" for the whole node */
  maintain(serviceId, enable, reason) {
    if (serviceId && !this.services.has(serviceId)) {
      throw notFound(
        `Unknown service ID "${serviceId}". Ensure that the service ID is passed, not the service name.`,
      );
    }
    const id = serviceId ? `_service_maintenance:${serviceId}` : "_node_maintenance";
    if (!enable) return this.deregisterCheck(id);
    if (this.checks.has(id)) return;
    const name = serviceId ? "Service Maintenance Mode" : "Node Maintenance Mode";
    const notes = reason || "Maintenance mode is enabled, but no reason was provided.";
    this.#addCheck({ id, name, notes, serviceId, status: "critical" });
  }

  /** As an agent that is started anew without what it had written down. */
  forget() {
    for (const check of this.checks.values()) check.stop();
    this.checks.clear();
    this.services.clear();
  }

  checksOf(serviceId) {
    return [...this.checks.values()].filter((check) => check.serviceId === serviceId);
  }

  servicesNamed(name) {
    return [...this.services.values()].filter((service) => service.name === name);
  }

  #addCheck(options) {
    this.checks.get(options.id)?.stop();
    const check = new Check(this.#clock, options, (changed) => this.#checkChanged(changed));
    check.createIndex = this.checks.get(options.id)?.createIndex;
    this.checks.set(check.id, check);
    this.#checkChanged(check);
    check.createIndex ??= check.modifyIndex;
    check.start();
  }

  #dropCheck(check) {
    check.stop();
    this.checks.delete(check.id);
  }

  #checkChanged(check) {
    const service = this.services.get(check.serviceId);
    // A check of the node is one of every service.
    const names = service ? [service.name] : [...this.services.values()].map(({ name }) => name);
    check.modifyIndex = this.#journal.touch("checks", ...names.map((name) => `service:${name}`));
  }

  #reap() {
    for (const check of [...this.checks.values()]) {
      const { criticalSince, definition, serviceId } = check;
      if (!definition?.deregisterMs || criticalSince === undefined || !serviceId) continue;
      if (this.#clock.now() - criticalSince <= definition.deregisterMs) continue;
      this.log(`deregisters ${serviceId}, whose check ${check.id} was critical for too long`);
      this.deregister(serviceId);
    }
  }
}

function readService(raw) {
  if (typeof raw.name !== "string" || raw.name === "") throw badRequest("Missing service name");
  const port = raw.port ?? 0;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw badRequest(`Invalid port ${JSON.stringify(port)}`);
  }
  if ((raw.tags ?? []).some((tag) => typeof tag !== "string")) {
    throw badRequest("Invalid tags: a tag is a text");
  }
  const meta = raw.meta ?? {};
  for (const [key, value] of Object.entries(meta)) {
    if (!/^[A-Za-z0-9_-]{1,128}$/.test(key) || typeof value !== "string" || value.length > 512) {
      throw badRequest(`Invalid Service Meta: '${key}'`);
    }
  }
  return {
    id: raw.id || raw.name,
    name: raw.name,
    tags: raw.tags ?? [],
    address: raw.address ?? "",
    taggedAddresses: raw.taggedaddresses ?? {},
    meta,
    port,
    weights: { Passing: raw.weights?.passing ?? 1, Warning: raw.weights?.warning ?? 1 },
    enableTagOverride: raw.enabletagoverride ?? false,
  };
}
