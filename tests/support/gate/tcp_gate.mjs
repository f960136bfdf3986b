import { once } from "node:events";
import { connect, createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { Corruption } from "./corruption.mjs";
import { Lane } from "./lane.mjs";
import { PASS, rulesFrom } from "./rules.mjs";

const ADDRESS = "127.0.0.1";
const LOOK_EVERY_MS = 50;

/**
 * Stands between whoever connects and a port: passes everything on, or does to it what it is told.
 * Loopback alone. While the port behind it is closed, so is the gate: who connects is refused, not
 * taken and dropped, and whoever was connected hears of it when that is so.
 */
export class TcpGate {
  #target;
  #rules = PASS;
  #server = null;
  #connections = new Set();
  #corruption;
  #probe = null;
  #isClosed = false;
  #settings = Promise.resolve();
  /** How many connections it has taken, and what has passed. */
  counters = { connections: 0, there: 0, back: 0 };

  /** @param {{ listen?: number, target: number, seed?: number }} options ports; listen 0: a free one */
  static async open({ listen = 0, target, seed = 1 }) {
    const gate = new TcpGate(target, seed);
    await gate.#open(listen);
    return gate;
  }

  constructor(target, seed) {
    this.#target = target;
    this.#corruption = new Corruption(seed);
  }

  /** Of those who are connected now. */
  get connections() {
    return this.#connections.size;
  }

  get rules() {
    return this.#rules;
  }

  /** From now on these rules, also for what waits; one call after another. Throws where they are none. */
  set(given) {
    const rules = rulesFrom(given);
    this.#settings = this.#settings.then(() => this.#apply(rules));
    return this.#settings;
  }

  /** Ends all connections that are there, with RST to both ends. */
  cut() {
    for (const connection of [...this.#connections]) connection.reset();
  }

  async close() {
    this.#isClosed = true;
    await this.#settings;
    this.cut();
    this.#shut();
  }

  async #apply(rules) {
    this.#rules = rules;
    if (rules.door === "refuse") this.#shut();
    else if (this.#server === null) await this.#open(this.port);
    for (const connection of this.#connections) connection.apply(rules);
  }

  async #open(port) {
    // What comes from a client is not to wait for its end before the other direction ends.
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) =>
      this.#take(socket),
    );
    server.listen(port, ADDRESS);
    await once(server, "listening");
    this.#server = server;
    this.port = server.address().port;
  }

  /** Those that are connected stay. */
  #shut() {
    // Its "close" would wait for the connections; the port is free at once.
    this.#server?.close();
    this.#server = null;
  }

  /** The other end has hung up: resolves when the gate is as open as the port behind it. */
  #look() {
    this.#probe ??= isOpen(this.#target).then((open) => {
      this.#probe = null;
      if (open || this.#isClosed) return;
      this.#shut();
      this.#untilOpen();
    });
    return this.#probe;
  }

  async #untilOpen() {
    while (!this.#isClosed && !(await isOpen(this.#target))) await pause(LOOK_EVERY_MS);
    this.#settings = this.#settings.then(async () => {
      const mayOpen = !this.#isClosed && this.#rules.door !== "refuse" && this.#server === null;
      if (mayOpen) await this.#open(this.port);
    });
  }

  #take(socket) {
    this.counters.connections += 1;
    const connection = new Connection(socket, {
      target: this.#target,
      rules: this.#rules,
      corruption: this.#corruption,
      counters: this.counters,
      look: () => this.#look(),
      onEnd: () => this.#connections.delete(connection),
    });
    this.#connections.add(connection);
  }
}

function isOpen(port) {
  return new Promise((resolve) => {
    const socket = connect({ host: ADDRESS, port });
    socket.once("connect", () => resolve(socket.resetAndDestroy() && true));
    socket.once("error", ({ code }) => resolve(code !== "ECONNREFUSED"));
  });
}

class Connection {
  #client;
  #server = null;
  #lanes = [];
  #options;

  constructor(client, options) {
    this.#client = client;
    this.#options = options;
    client.setNoDelay(true);
    client.on("error", () => this.reset());
    client.on("close", () => this.#closed());
    this.apply(options.rules);
  }

  apply(rules) {
    this.#options.rules = rules;
    if (rules.door === "hold" && this.#server === null) return; // connects when it is open again
    if (this.#server === null) this.#connect();
    for (const lane of this.#lanes) lane.rules = rules;
  }

  reset() {
    this.#client.resetAndDestroy();
    this.#server?.resetAndDestroy();
    for (const lane of this.#lanes) lane.stop();
    this.#options.onEnd();
  }

  #connect() {
    const { target, rules, corruption, counters, look } = this.#options;
    const server = connect({ host: ADDRESS, port: target, allowHalfOpen: true, noDelay: true });
    this.#server = server;
    server.on("error", () => look().then(() => this.reset()));
    server.on("close", () => this.#closed());
    this.#client.on("data", (octets) => (counters.there += octets.length));
    server.on("data", (octets) => (counters.back += octets.length));
    const common = { rules, corruption };
    const ways = { there: [this.#client, server], back: [server, this.#client] };
    this.#lanes = Object.entries(ways).map(([direction, [from, to]]) => {
      const beforeEnd = direction === "back" ? look : () => Promise.resolve();
      return new Lane({ from, to, direction, beforeEnd, ...common });
    });
    this.#client.resume();
  }

  #closed() {
    if (!this.#client.destroyed || (this.#server && !this.#server.destroyed)) return;
    for (const lane of this.#lanes) lane.stop();
    this.#options.onEnd();
  }
}
