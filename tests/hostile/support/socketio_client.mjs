// A Socket.IO client over a bare WebSocket (RFC 6455): says what it is told, right or wrong.
import { randomBytes } from "node:crypto";
import { connect } from "node:net";
import { invitation } from "../../support/invitation.mjs";
import { within } from "./waiting.mjs";

const WAIT_MS = 10_000;
const TEXT = 1;
const CLOSE = 8;

/** One frame of a client, masked (§5.2, §5.3). */
export function frameOf(payload, { opcode = TEXT, fin = true, length } = {}) {
  const body = Buffer.from(payload);
  const size = length ?? body.length;
  const head = [(fin ? 0x80 : 0) | opcode];
  if (size < 126) head.push(0x80 | size);
  else if (size < 65536) head.push(0x80 | 126, size >> 8, size & 0xff);
  else {
    const long = Buffer.alloc(8);
    long.writeBigUInt64BE(BigInt(size));
    head.push(0x80 | 127, ...long);
  }
  const mask = randomBytes(4);
  const masked = Buffer.from(body);
  for (let i = 0; i < masked.length; ++i) masked[i] ^= mask[i & 3];
  return Buffer.concat([Buffer.from(head), mask, masked]);
}

export class SocketIoClient {
  events = [];
  /** The ids of acknowledgements that have come. */
  answered = new Set();
  closeCode = undefined;
  #in = Buffer.alloc(0);
  #acks = new Map();
  #nextAck = 1;
  #greeted;

  /** Connected and welcomed, with an invitation into the room, which is good for one join. */
  static async connect(port, room = "anywhere") {
    const token = await invitation(`http://127.0.0.1:${port}`, room);
    const client = new SocketIoClient(port, { auth: { protocol: { min: 1, max: 1 }, token } });
    await within(client.#greeted, WAIT_MS, "the server's greeting");
    return client;
  }

  /** @param {{ auth?: object, fields?: string[] }} options fields: lines of the upgrade's header */
  constructor(port, { auth = { protocol: { min: 1, max: 1 } }, fields = [] } = {}) {
    this.socket = connect({ port, host: "127.0.0.1" });
    this.closed = new Promise((done) => this.socket.once("close", done));
    this.socket.on("error", () => {});
    this.socket.write(
      "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: localhost\r\n" +
        "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n" +
        fields.map((line) => `${line}\r\n`).join("") +
        `Sec-WebSocket-Key: ${randomBytes(16).toString("base64")}\r\n\r\n`,
    );
    this.#greeted = new Promise((resolve) => {
      this.onGreeting = resolve;
    });
    /** What the server says where it takes no connection: { message, data }. */
    this.refused = new Promise((resolve) => {
      this.onRefusal = resolve;
    });
    this.auth = auth;
    this.socket.on("data", (bytes) => this.#take(bytes));
  }

  /** Bytes as they are. */
  write(bytes) {
    this.socket.write(bytes);
  }

  /** An Engine.IO packet in a frame. */
  send(text, options) {
    this.write(frameOf(text, options));
  }

  emit(name, ...payload) {
    this.send(`42${JSON.stringify([name, ...payload])}`);
  }

  /** The acknowledgement's first value. */
  ask(name, ...payload) {
    return this.askRaw(JSON.stringify([name, ...payload]), name);
  }

  /** The same with JSON of one's own. */
  askRaw(json, what = "an event") {
    const id = this.#nextAck++;
    const answer = new Promise((resolve, reject) => {
      this.#acks.set(id, resolve);
      this.closed.then(() => reject(new Error(`the connection was closed at ${what}`)));
    });
    this.send(`42${id}${json}`);
    return within(answer, WAIT_MS, `an answer to ${what}`);
  }

  close() {
    this.socket.destroy();
  }

  #take(bytes) {
    this.#in = Buffer.concat([this.#in, bytes]);
    if (!this.upgraded) {
      const end = this.#in.indexOf("\r\n\r\n");
      if (end < 0) return;
      this.status = Number(this.#in.toString("latin1", 9, 12));
      this.upgraded = true;
      this.#in = this.#in.subarray(end + 4);
    }
    while (this.#takeFrame());
  }

  #takeFrame() {
    if (this.#in.length < 2) return false;
    const opcode = this.#in[0] & 0x0f;
    let size = this.#in[1] & 0x7f;
    let at = 2;
    if (size === 126) {
      if (this.#in.length < 4) return false;
      size = this.#in.readUInt16BE(2);
      at = 4;
    } else if (size === 127) {
      if (this.#in.length < 10) return false;
      size = Number(this.#in.readBigUInt64BE(2));
      at = 10;
    }
    if (this.#in.length < at + size) return false;
    const payload = this.#in.subarray(at, at + size);
    this.#in = this.#in.subarray(at + size);
    if (opcode === TEXT) this.#takeText(payload.toString());
    if (opcode === CLOSE) this.#takeClose(payload);
    return true;
  }

  // Answers it (§5.5.1), or the server would wait for a while.
  #takeClose(payload) {
    this.closeCode = payload.length >= 2 ? payload.readUInt16BE(0) : 1005;
    this.write(frameOf(payload.subarray(0, 2), { opcode: CLOSE }));
  }

  #takeText(text) {
    if (text === "2") return this.send("3"); // the heartbeat
    if (text.startsWith("0")) return this.send(`40${JSON.stringify(this.auth)}`);
    const event = /^42(\[.*)$/s.exec(text);
    if (event) {
      const [name, payload] = JSON.parse(event[1]);
      this.events.push({ name, payload });
      if (name === "welcome") this.onGreeting();
    }
    if (text.startsWith("44")) this.onRefusal(JSON.parse(text.slice(2)));
    const ack = /^43(\d+)(\[.*)$/s.exec(text);
    if (ack) {
      this.answered.add(Number(ack[1]));
      this.#acks.get(Number(ack[1]))?.(JSON.parse(ack[2])[0]);
      this.#acks.delete(Number(ack[1]));
    }
  }
}
