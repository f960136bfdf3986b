import { createSocket } from "node:dgram";
import { once } from "node:events";
import { Corruption } from "./corruption.mjs";
import { PASS, rulesFrom } from "./rules.mjs";

const ADDRESS = "127.0.0.1";
/** Beyond, whoever came first is forgotten. */
const MOST_CLIENTS = 256;
/** A rate lets so much through at once. */
const BURST_MS = 100;
const SECOND_MS = 1000;

/** As TcpGate, for datagrams: each client has a port of its own towards the target. */
export class UdpGate {
  #target;
  #rules = PASS;
  #socket = null;
  #clients = new Map();
  #corruption;
  #settings = Promise.resolve();
  #budgetAt = { there: 0, back: 0 };
  counters = { there: 0, back: 0, dropped: 0 };

  /** @param {{ listen?: number, target: number, seed?: number }} options ports; listen 0: a free one */
  static async open({ listen = 0, target, seed = 1 }) {
    const gate = new UdpGate(target, seed);
    await gate.#open(listen);
    return gate;
  }

  constructor(target, seed) {
    this.#target = target;
    this.#corruption = new Corruption(seed);
  }

  get rules() {
    return this.#rules;
  }

  /** One call after another. Throws where they are none. */
  set(given) {
    const rules = rulesFrom(given);
    this.#settings = this.#settings.then(() => this.#apply(rules));
    return this.#settings;
  }

  /** Forgets who is who: clients get other ports. */
  cut() {
    for (const socket of this.#clients.values()) socket.close();
    this.#clients.clear();
  }

  async close() {
    await this.#settings;
    this.cut();
    await this.#shut();
  }

  async #apply(rules) {
    this.#rules = rules;
    this.#budgetAt = { there: 0, back: 0 };
    if (rules.door === "refuse") await this.#shut();
    else if (this.#socket === null) await this.#open(this.port);
  }

  async #open(port) {
    const socket = createSocket("udp4");
    socket.on("message", (octets, from) => this.#pass("there", octets, this.#towards(from)));
    socket.bind(port, ADDRESS);
    await once(socket, "listening");
    socket.on("error", () => {}); // a client that is gone
    this.#socket = socket;
    this.port = socket.address().port;
  }

  async #shut() {
    const socket = this.#socket;
    this.#socket = null;
    if (socket === null) return;
    const closed = once(socket, "close");
    socket.close();
    await closed;
  }

  /** How a datagram of that client gets to the target. */
  #towards({ address, port }) {
    const name = `${address}:${port}`;
    let socket = this.#clients.get(name);
    if (socket === undefined) {
      if (this.#clients.size === MOST_CLIENTS) this.#forgetOldest();
      socket = createSocket("udp4");
      socket.on("error", () => {}); // a target that is not there
      socket.on("message", (octets) =>
        this.#pass("back", octets, (answer) => this.#socket?.send(answer, port, address)),
      );
      this.#clients.set(name, socket);
    }
    return (octets) => {
      if (this.#clients.get(name) === socket) socket.send(octets, this.#target, ADDRESS);
    };
  }

  #forgetOldest() {
    const [name, socket] = this.#clients.entries().next().value;
    socket.close();
    this.#clients.delete(name);
  }

  #pass(direction, octets, send) {
    const rules = this.#rules;
    if (rules.door !== "open" || !this.#fits(direction, octets.length)) {
      this.counters.dropped += 1;
      return;
    }
    this.counters[direction] += octets.length;
    const changed = this.#corruption.apply(octets, rules.corruptOneIn[direction]);
    const delay = rules.delayMs[direction];
    if (delay === 0) send(changed);
    else setTimeout(() => this.#rules.door === "open" && send(changed), delay);
  }

  #fits(direction, size) {
    const rate = this.#rules.octetsPerSecond[direction];
    if (rate === 0) return true;
    const now = performance.now();
    const begin = Math.max(this.#budgetAt[direction], now);
    if (begin - now > BURST_MS) return false;
    this.#budgetAt[direction] = begin + (size * SECOND_MS) / rate;
    return true;
  }
}
