// A TURN client (RFC 8656) over UDP, TCP or TLS that does what it is told, right or wrong.
import { createHash, createHmac, randomBytes } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { connect, isIPv6 } from "node:net";
import { connect as connectTls } from "node:tls";
import { CLASS, decode, encode, framedLength, METHOD } from "./stun_message.mjs";

const ANSWER_MS = 10_000;
const REPEAT_MS = 1000;
let nextPort = 10_000;
const UDP_TRANSPORT = [17, 0, 0, 0];
const TCP_TRANSPORT = [6, 0, 0, 0];
const FAMILY = { 4: [1, 0, 0, 0], 6: [2, 0, 0, 0] };

/** What the gateway will give a participant: coturn's "TURN REST API" credentials. */
export function credentials(secret, { participant = "p1", seconds = 300 } = {}) {
  const username = `${Math.floor(Date.now() / 1000) + seconds}:${participant}`;
  return { username, password: createHmac("sha1", secret).update(username).digest("base64") };
}

export class TurnClient {
  /** Messages that came by themselves: { data, peer } or { data, channel }. */
  received = [];
  #waiting = new Map();
  #buffer = Buffer.alloc(0);
  #listeners = new Set();

  /** @param {{ server: { address: string, port: number }, over?: "udp" | "tcp" | "tls" }} options */
  static async open({ server, over = "udp", user, realm, tls = {} }) {
    const client = new TurnClient();
    Object.assign(client, { server, over, user, realm });
    if (over === "udp") await client.#openUdp();
    else await client.#openStream(tls);
    return client;
  }

  async #openUdp() {
    this.socket = createSocket(isIPv6(this.server.address) ? "udp6" : "udp4");
    this.socket.on("message", (bytes) => this.#take(bytes));
    // A relay outlives its client: whoever got the port again would get that relay.
    this.socket.bind(nextPort++);
    await once(this.socket, "listening");
    this.write = (bytes) => this.socket.send(bytes, this.server.port, this.server.address);
    this.close = () => this.socket.close();
  }

  async #openStream(tls) {
    const { address: host, port } = this.server;
    const isTls = this.over === "tls";
    this.socket = isTls ? connectTls({ host, port, ...tls }) : connect({ host, port });
    await once(this.socket, isTls ? "secureConnect" : "connect");
    this.socket.on("error", () => {});
    this.socket.on("data", (bytes) => this.#takeStream(bytes));
    this.write = (bytes) => this.socket.write(bytes);
    this.close = () => this.socket.destroy();
  }

  // ---- what TURN is asked ----

  binding() {
    return this.request(METHOD.binding, {}, { signed: false });
  }

  /** Learns realm and nonce by a first refusal, as every client does. */
  async allocate({ family = 4, relay = "udp", lifetime } = {}) {
    const attributes = { transport: relay === "udp" ? UDP_TRANSPORT : TCP_TRANSPORT };
    if (family === 6) attributes.family = FAMILY[6];
    if (lifetime) attributes.lifetime = fourOctets(lifetime);
    if (!this.nonce) await this.challenge(attributes);
    return this.request(METHOD.allocate, attributes);
  }

  async challenge(attributes = { transport: UDP_TRANSPORT }) {
    const refusal = await this.request(METHOD.allocate, attributes, { signed: false });
    this.nonce = refusal.attributes.nonce;
    this.realm ??= refusal.attributes.realm?.toString();
    return refusal;
  }

  refresh(lifetime) {
    return this.request(METHOD.refresh, { lifetime: fourOctets(lifetime) });
  }

  createPermission(peer) {
    return this.request(METHOD.createPermission, { peer });
  }

  channelBind(channel, peer) {
    return this.request(METHOD.channelBind, {
      channel: [channel >> 8, channel & 0xff, 0, 0],
      peer,
    });
  }

  connectTo(peer) {
    return this.request(METHOD.connect, { peer });
  }

  send(peer, data) {
    this.write(encode({ method: METHOD.send, kind: CLASS.indication, attributes: { peer, data } }));
  }

  sendChannel(channel, data) {
    const bytes = Buffer.alloc(4 + ((data.length + 3) & ~3));
    bytes.writeUInt16BE(channel, 0);
    bytes.writeUInt16BE(data.length, 2);
    Buffer.from(data).copy(bytes, 4);
    this.write(bytes);
  }

  /** What comes for which `wanted` is true, now or within the time; else undefined. */
  async hears(wanted, ms = ANSWER_MS) {
    const end = performance.now() + ms;
    for (;;) {
      const found = this.received.find(wanted);
      if (found || performance.now() > end) return found;
      await this.#nextNews(Math.max(1, end - performance.now()));
    }
  }

  // ---- how ----

  /** The answer, or undefined where none came. */
  async request(method, attributes, { signed = true } = {}) {
    const credentials = signed
      ? { username: this.user.username, realm: this.realm, nonce: this.nonce }
      : {};
    const id = randomBytes(12);
    const key = signed ? this.#key() : undefined;
    const bytes = encode({ method, id, attributes: { ...attributes, ...credentials }, key });
    return new Promise((resolve) => {
      const repeat = setInterval(() => this.over === "udp" && this.write(bytes), REPEAT_MS);
      const finish = (answer) => {
        clearInterval(repeat);
        clearTimeout(timer);
        this.#waiting.delete(id.toString("hex"));
        resolve(answer);
      };
      const timer = setTimeout(() => finish(undefined), ANSWER_MS);
      this.#waiting.set(id.toString("hex"), finish);
      this.write(bytes);
    });
  }

  #key() {
    const { username, password } = this.user;
    return createHash("md5").update(`${username}:${this.realm}:${password}`).digest();
  }

  #takeStream(bytes) {
    this.#buffer = Buffer.concat([this.#buffer, bytes]);
    for (;;) {
      const length = framedLength(this.#buffer);
      if (length === undefined || this.#buffer.length < length) return;
      this.#take(this.#buffer.subarray(0, length));
      this.#buffer = this.#buffer.subarray(length);
    }
  }

  #take(bytes) {
    if (bytes[0] & 0xc0) {
      const data = bytes.subarray(4, 4 + bytes.readUInt16BE(2));
      return this.#hear({ channel: bytes.readUInt16BE(0), data });
    }
    const message = decode(bytes);
    if (!message) return;
    const { peer, data } = message.attributes;
    if (message.kind === CLASS.indication) return this.#hear({ peer, data });
    this.#waiting.get(message.id.toString("hex"))?.(message);
  }

  #hear(news) {
    this.received.push(news);
    for (const listener of this.#listeners) listener();
  }

  #nextNews(ms) {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#listeners.delete(done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#listeners.add(done);
    });
  }
}

function fourOctets(value) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
}
