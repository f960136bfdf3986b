import { connect } from "node:net";
import { parseDuration } from "./durations.mjs";
import { badRequest } from "./http_error.mjs";

export const STATES = ["passing", "warning", "critical"];
/** The documents: "The minimum timeout is 1 minute". */
const LEAST_DEREGISTER_MS = 60_000;
const TIMEOUT_MS = 10_000;
const OUTPUT_BYTES = 4096;

/** What a definition asks for, or a refusal. */
export function readDefinition(raw) {
  const duration = (key) => {
    if (raw[key] === undefined || raw[key] === "") return 0;
    const ms = typeof raw[key] === "number" ? raw[key] / 1e6 : parseDuration(raw[key]);
    if (ms === undefined)
      throw badRequest(`Invalid duration ${JSON.stringify(raw[key])} of ${key}`);
    return ms;
  };
  const deregisterMs = duration("deregistercriticalserviceafter");
  const definition = {
    ttlMs: duration("ttl"),
    intervalMs: duration("interval"),
    timeoutMs: duration("timeout") || TIMEOUT_MS,
    deregisterMs: deregisterMs ? Math.max(deregisterMs, LEAST_DEREGISTER_MS) : 0,
    http: raw.http ?? "",
    method: raw.method || "GET",
    header: raw.header ?? {},
    body: raw.body,
    tcp: raw.tcp ?? "",
    grpc: raw.grpc ?? "",
  };
  const performed = [definition.http, definition.tcp, definition.grpc].filter(Boolean).length;
  if (performed > 1) throw badRequest("Invalid check: only one of HTTP, TCP and GRPC may be given");
  if (performed === 1 && !definition.intervalMs) {
    throw badRequest("Invalid check: Interval must be > 0 for HTTP, TCP and GRPC checks");
  }
  if (performed === 1 && definition.ttlMs) {
    throw badRequest("Invalid check: TTL and Interval must not both be given");
  }
  if (performed === 0 && !definition.ttlMs) {
    throw badRequest("Invalid check: TTL must be > 0 for TTL checks");
  }
  if (raw.status && !STATES.includes(raw.status)) {
    throw badRequest(`Invalid check: Status ${JSON.stringify(raw.status)} is unknown`);
  }
  return definition;
}

export const kindOf = ({ http, tcp, grpc }) =>
  http ? "http" : tcp ? "tcp" : grpc ? "grpc" : "ttl";

/**
 * A check and what moves it: its own clock (TTL), or a probe at each interval. `changed` is called
 * with it whenever status or output have become others.
 */
export class Check {
  status = "critical";
  output = "";
  criticalSince;
  #clock;
  #changed;
  #cancel = () => {};
  #ended = false;

  constructor(clock, { id, name, notes, serviceId, definition, status }, changed) {
    this.id = id;
    this.name = name;
    this.notes = notes ?? "";
    this.serviceId = serviceId ?? "";
    this.definition = definition;
    this.#clock = clock;
    this.#changed = changed;
    this.status = status || "critical";
    if (this.status === "critical") this.criticalSince = clock.now();
  }

  start() {
    if (!this.definition) return;
    if (this.definition.ttlMs) this.#expireLater();
    else this.#probeLater(Math.random() * Math.min(this.definition.intervalMs, 100));
  }

  stop() {
    this.#ended = true;
    this.#cancel();
  }

  /** By the TTL endpoints. */
  report(status, output) {
    this.#expireLater();
    this.#set(status, output);
  }

  #expireLater() {
    this.#cancel();
    this.#cancel = this.#clock.after(this.definition.ttlMs, () =>
      this.#set("critical", `Check TTL expired; last output before timeout: ${this.output}`),
    );
  }

  #probeLater(ms) {
    this.#cancel = this.#clock.after(ms, async () => {
      const [status, output] = await probe(this.definition);
      if (this.#ended) return;
      this.#set(status, output);
      this.#probeLater(this.definition.intervalMs);
    });
  }

  #set(status, output) {
    const text = output.slice(0, OUTPUT_BYTES);
    if (status === this.status && text === this.output) return;
    if (status !== "critical") this.criticalSince = undefined;
    else this.criticalSince ??= this.#clock.now();
    this.status = status;
    this.output = text;
    this.#changed(this);
  }
}

const probe = (definition) => (definition.http ? probeHttp(definition) : probeTcp(definition));

async function probeHttp({ http, method, header, body, timeoutMs }) {
  const headers = Object.entries(header).flatMap(([name, values]) =>
    [values].flat().map((value) => [name, value]),
  );
  try {
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await fetch(http, { method, headers, body, signal, redirect: "manual" });
    const output = `HTTP ${method} ${http}: ${answer.status} Output: ${await answer.text()}`;
    if (answer.ok) return ["passing", output];
    return [answer.status === 429 ? "warning" : "critical", output];
  } catch (error) {
    return ["critical", `${method} ${http}: ${error.cause?.message ?? error.message}`];
  }
}

/** gRPC too: the fake does not speak it, and says so in its README. */
function probeTcp({ tcp, grpc, timeoutMs }) {
  const target = tcp || grpc.replace(/\/.*$/, "");
  const colon = target.lastIndexOf(":");
  const host = target.slice(0, colon).replace(/^\[(.*)\]$/, "$1");
  const port = Number(target.slice(colon + 1));
  return new Promise((resolve) => {
    const end = (status, why) => {
      socket.destroy();
      resolve([status, `${tcp ? "TCP" : "gRPC (as TCP)"} connect ${target}: ${why}`]);
    };
    const socket = connect({ host, port, timeout: timeoutMs });
    socket.on("connect", () => end("passing", "Success"));
    socket.on("timeout", () => end("critical", "time-out"));
    socket.on("error", (error) => end("critical", error.message));
  });
}
