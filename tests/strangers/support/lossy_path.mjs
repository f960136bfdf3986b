import { createSocket } from "node:dgram";
import { once } from "node:events";
import { isRtcp } from "./rtp.mjs";

const EVERY = 10;
/** Neither the first packet of a stream nor its last: nobody can know that those are missing. */
const LOST = 3;

/** A way between a stranger and confab that loses video packets: one in ten of a stream. */
export class LossyPath {
  lost = 0;
  #near;
  /** The socket towards confab of each address that a stranger sends from. */
  #far = new Map();
  #payloadTypes = [];
  #seen = new Map();
  #server;

  /** @param {{ ip: string, port: number }} server a candidate of confab's */
  static async open(server) {
    const path = new LossyPath();
    path.#server = server;
    path.#near = await bind(server.ip);
    path.#near.on("message", (bytes, from) => path.#forward(bytes, from));
    return path;
  }

  /** The candidate that the stranger shall hear of. */
  get candidate() {
    return { ...this.#server, port: this.#near.address().port };
  }

  /** From now on. The repetitions have another payload type, or come too late to be counted. */
  lose(payloadTypes) {
    this.#payloadTypes = payloadTypes;
  }

  close() {
    for (const socket of [this.#near, ...this.#far.values()]) socket.close();
  }

  async #forward(bytes, from) {
    const { ip, port } = this.#server;
    const key = `${from.address} ${from.port}`;
    if (!this.#far.has(key)) this.#far.set(key, this.#openFar(from));
    const far = this.#far.get(key);
    if (!this.#isLost(bytes)) far.send(bytes, port, ip);
  }

  #openFar(from) {
    const far = createSocket("udp4");
    far.on("message", (bytes) => {
      if (!this.#isLost(bytes)) this.#near.send(bytes, from.port, from.address);
    });
    return far;
  }

  #isLost(bytes) {
    const isRtp = bytes[0] >= 128 && bytes[0] <= 191 && !isRtcp(bytes); // RFC 7983 §7
    if (!isRtp || !this.#payloadTypes.includes(bytes[1] & 0x7f)) return false;
    const ssrc = bytes.readUInt32BE(8);
    const sequence = bytes.readUInt16BE(2);
    const seen = this.#seen.get(ssrc) ?? new Set();
    this.#seen.set(ssrc, seen);
    if (seen.has(sequence)) return false; // repeated
    seen.add(sequence);
    if (seen.size % EVERY !== LOST) return false;
    this.lost += 1;
    return true;
  }
}

async function bind(ip) {
  const socket = createSocket("udp4");
  socket.bind(0, ip);
  await once(socket, "listening");
  return socket;
}
