import { createServer } from "node:http";
import { Agent } from "./agent.mjs";
import { agentRoutes } from "./agent_routes.mjs";
import { answerWhenChanged } from "./blocking.mjs";
import { catalogRoutes } from "./catalog_routes.mjs";
import { Clock } from "./clock.mjs";
import { Faults } from "./faults.mjs";
import { badRequest, HttpError } from "./http_error.mjs";
import { Journal } from "./journal.mjs";
import { KeyValues } from "./kv.mjs";
import { kvRoutes } from "./kv_routes.mjs";
import { Routes } from "./routes.mjs";
import { Sessions } from "./sessions.mjs";
import { Views } from "./views.mjs";

const MOST_BODY_BYTES = 1024 * 1024;
const SERVER = "fake-consul (for tests; not Consul)";

/** A fake Consul agent over HTTP. One data center, one node, nothing on disk. */
export class FakeConsul {
  #servers = [];
  #views;
  #routes;
  #token;
  #requests = {};
  #clock = new Clock();
  #journal = new Journal();
  #faults = new Faults();
  #log;

  /**
   * @param {{ port?: number, host?: string, token?: string, dataCenter?: string, views?: object, log?: (line: string) => void }} options
   *   views: see Views
   */
  static async start({
    port = 0,
    host = "127.0.0.1",
    token = "",
    dataCenter = "dc1",
    views,
    log,
  } = {}) {
    const fake = new FakeConsul({
      address: host,
      token,
      dataCenter,
      views,
      log: log ?? (() => {}),
    });
    fake.port = await fake.#listen(port, host);
    for (const view of fake.#views.ports) await fake.#listen(view, host);
    const shown = host.includes(":") ? `[${host}]` : host;
    fake.url = `http://${shown}:${fake.port}`;
    return fake;
  }

  constructor({ address, token, dataCenter, views, log }) {
    const [clock, journal] = [this.#clock, this.#journal];
    this.#token = token;
    this.#views = new Views(views);
    this.#log = log;
    this.agent = new Agent({ clock, journal, address, dataCenter, log });
    this.kv = new KeyValues({ clock, journal });
    const onEnd = (session) => this.kv.giveBack(session);
    this.sessions = new Sessions({ agent: this.agent, clock, journal, onEnd });
    this.kv.sessions = this.sessions;
    this.#routes = new Routes([
      ...agentRoutes(this.agent),
      ...catalogRoutes(this.agent, journal),
      ...kvRoutes(this.kv, this.sessions, this.agent, journal),
      ["GET", "/fake/faults", () => ({ json: this.#faults.inForce ?? {} })],
      ["PUT", "/fake/faults", ({ body }) => this.#setFault(JSON.parse(body.toString() || "{}"))],
      ["DELETE", "/fake/faults", () => ({ json: this.#faults.clear() ?? true })],
      ["PUT", "/fake/clock", ({ body }) => this.#advance(JSON.parse(body.toString() || "{}"))],
      ["GET", "/fake/requests", () => ({ json: this.#requests })],
    ]);
  }

  /** Lets `ms` pass at once: what expires meanwhile has expired. */
  advance(ms) {
    this.#clock.advance(ms);
  }

  async stop() {
    this.#clock.stop();
    this.agent.forget();
    this.#cutAll();
    await Promise.all(this.#servers.map((server) => new Promise((done) => server.close(done))));
  }

  async #listen(port, host) {
    const server = createServer((request, response) => this.#serve(request, response));
    server.listen(port, host);
    await new Promise((resolve, reject) => {
      server.once("listening", resolve);
      server.once("error", reject);
    });
    this.#servers.push(server);
    return server.address().port;
  }

  #cutAll() {
    for (const server of this.#servers) server.closeAllConnections();
  }

  async #serve(request, response) {
    const url = new URL(request.url, "http://fake");
    try {
      const body = await readBody(request);
      if (url.pathname.startsWith("/v1/")) this.#count(request.method, url.pathname);
      if (await this.#sabotaged(url.pathname, request)) return;
      this.#authorise(request, url);
      const answer = await this.#answer(request, response, url, body);
      this.#send(response, url, this.#views.of(request.socket.localPort, url.pathname, answer));
    } catch (error) {
      if (response.destroyed) return;
      if (!(error instanceof HttpError)) this.#log(`failed: ${error.stack}`);
      const status = error instanceof HttpError ? error.status : 500;
      this.#send(response, url, { status, text: error.message });
    }
  }

  #answer(request, response, url, body) {
    const { call, id } = this.#routes.find(request.method, url.pathname);
    const query = url.searchParams;
    if (query.has("stale") && query.has("consistent")) {
      throw badRequest("Cannot specify ?stale with ?consistent, conflicting semantics.");
    }
    const ask = { id, query, body };
    if (request.method !== "GET") return call(ask);
    const gone = new AbortController();
    response.once("close", () => gone.abort());
    const look = () => call(ask);
    const context = { clock: this.#clock, journal: this.#journal };
    return answerWhenChanged({ query, look, signal: gone.signal }, context);
  }

  #send(response, url, { status = 200, json, text, raw, index }) {
    if (response.destroyed) return;
    const query = url.searchParams;
    const spaces = query.has("pretty") ? 4 : undefined;
    let body =
      raw ?? Buffer.from(json === undefined ? (text ?? "") : JSON.stringify(json, null, spaces));
    const type = json === undefined ? "text/plain; charset=utf-8" : "application/json";
    const headers = {
      Server: SERVER,
      "Content-Type": type,
      Vary: "Accept-Encoding",
      "X-Consul-Default-Acl-Policy": this.#token ? "deny" : "allow",
    };
    if (index !== undefined) Object.assign(headers, staleness(query), { "X-Consul-Index": index });
    if (this.#faults.meets(url.pathname, "error")) {
      response.writeHead(500, { Server: SERVER });
      return response.end("rpc error: No cluster leader");
    }
    if (this.#faults.meets(url.pathname, "garbage")) body = Buffer.from('[{"Service": nonsense');
    response.writeHead(status, { ...headers, "Content-Length": body.length });
    if (this.#faults.meets(url.pathname, "cut")) {
      return response.write(body.subarray(0, body.length / 2), () => response.destroy());
    }
    response.end(body);
  }

  /** Whether a fault has taken the request. */
  async #sabotaged(path, request) {
    const fault = this.#faults.meets(path, "refuse", "hang", "delay");
    if (fault?.kind === "refuse") request.socket.resetAndDestroy();
    if (fault?.kind === "delay") await new Promise((resolve) => setTimeout(resolve, fault.ms));
    return fault !== undefined && fault.kind !== "delay";
  }

  #authorise(request, url) {
    if (!this.#token || !url.pathname.startsWith("/v1/")) return;
    if (url.pathname.startsWith("/v1/status/")) return;
    const bearer = /^Bearer (.*)$/i.exec(request.headers.authorization ?? "")?.[1];
    const token =
      request.headers["x-consul-token"] ?? bearer ?? url.searchParams.get("token") ?? "";
    if (token === this.#token) return;
    if (token) throw new HttpError(403, "ACL not found");
    throw new HttpError(
      403,
      "Permission denied: anonymous token lacks permission. The anonymous token is used implicitly " +
        "when a request does not specify a token.",
    );
  }

  #setFault(options) {
    const now = this.#faults.set(options);
    this.#log(`fault: ${JSON.stringify(options)}`);
    if (now === "reset-index" || now === "forget") {
      if (now === "forget") for (const each of [this.agent, this.kv, this.sessions]) each.forget();
      this.#journal.reset();
    }
    // After the answer to this very request.
    if (now === "close") setImmediate(() => this.#cutAll());
    return { json: true };
  }

  #advance({ advanceMs = 0 }) {
    this.advance(advanceMs);
    return { json: true };
  }

  #count(method, path) {
    const key = `${method} ${path}`;
    this.#requests[key] = (this.#requests[key] ?? 0) + 1;
  }
}

const staleness = (query) => ({
  "X-Consul-Knownleader": "true",
  "X-Consul-Lastcontact": query.has("stale") ? "1" : "0",
  "X-Consul-Effective-Consistency": query.has("stale")
    ? "stale"
    : query.has("consistent")
      ? "consistent"
      : "leader",
});

async function readBody(request) {
  const chunks = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES)
      throw new HttpError(413, `Request body too large, max ${MOST_BODY_BYTES}`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
