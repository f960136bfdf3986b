import { createSocket } from "node:dgram";
import { once } from "node:events";

const ADDRESS = "127.0.0.1";
export const PACKET_MS = 40;
/** Of Opus's 48 kHz. */
const TICKS = PACKET_MS * 48;
/** A frame of Opus that nobody decodes, with a number that only we read: SFUs number anew. */
const TOC = [0xf8, 0xff, 0xfe];
const HEADER = 12;
/** What is longer is a silence. A busy machine is late now and then, and loses nothing. */
const SILENCE_MS = 200;

/**
 * Sends and hears sound as plain RTP from one socket. Remembers when it did not hear whom, and which
 * media instance it heard them by.
 */
export class MouthAndEar {
  #socket = createSocket("udp4");
  #speakers = new Map(); // by SSRC
  #heard = new Map(); // by speaker: { at, number }
  #way = null;
  #timer = null;
  #number = 0;
  #sequence = 0;
  #onReign;
  #instanceOf;
  /** By which media instance it hears, since when. */
  reign = null;
  /** @type {import("../../../support/history/sound.mjs").Silence[]} */
  silences = [];
  packets = 0;

  /** @param {{ who: string, instanceOf: (port: number) => string, onReign: (reign) => void }} options */
  constructor({ who, instanceOf, onReign }) {
    this.who = who;
    this.#instanceOf = instanceOf;
    this.#onReign = onReign;
    this.#socket.on("error", () => {}); // a media instance that is gone
    this.#socket.on("message", (octets, { port }) => this.#hear(octets, port));
  }

  async open() {
    this.#socket.bind(0, ADDRESS);
    await once(this.#socket, "listening");
    this.port = this.#socket.address().port;
    this.#timer = setInterval(() => this.#speak(), PACKET_MS);
  }

  /** From now on it sends there. */
  speakTo({ port, ssrc, payloadType }) {
    this.#way = { port, ssrc, payloadType };
  }

  silent() {
    this.#way = null;
  }

  /** Whose voice an SSRC is. */
  expect(ssrc, speaker) {
    this.#speakers.set(ssrc, speaker);
  }

  /** Nothing is waited for of one who has left. */
  forget(speaker) {
    this.#heard.delete(speaker);
  }

  /** Of those that it has heard, who is silent now, and since when. */
  silentNow(now = performance.now()) {
    return [...this.#heard]
      .filter(([, { at }]) => now - at > SILENCE_MS)
      .map(([of, { at }]) => ({ who: this.who, of, from: at, to: now, lost: 0 }));
  }

  hears(speaker, since) {
    return (this.#heard.get(speaker)?.at ?? 0) > since;
  }

  close() {
    clearInterval(this.#timer);
    this.#socket.close();
    this.#endReign();
  }

  #speak() {
    if (this.#way === null) return;
    const { port, ssrc, payloadType } = this.#way;
    const packet = Buffer.alloc(HEADER + TOC.length + 4);
    packet[0] = 0x80;
    packet[1] = payloadType;
    packet.writeUInt16BE(this.#sequence++ & 0xffff, 2);
    packet.writeUInt32BE((this.#number * TICKS) >>> 0, 4);
    packet.writeUInt32BE(ssrc, 8);
    packet.set(TOC, HEADER);
    packet.writeUInt32BE(++this.#number, HEADER + TOC.length);
    this.#socket.send(packet, port, ADDRESS);
  }

  #hear(octets, port) {
    if (octets.length < HEADER) return;
    const speaker = this.#speakers.get(octets.readUInt32BE(8));
    // Behind the header and its extensions; a sender report has this SSRC elsewhere.
    const payload = octets.length - TOC.length - 4;
    if (speaker === undefined || payload < HEADER) return;
    const now = performance.now();
    const number = octets.readUInt32BE(payload + TOC.length);
    const before = this.#heard.get(speaker);
    this.#heard.set(speaker, { at: now, number });
    this.packets += 1;
    this.#note(now, port);
    if (!before) return;
    const lost = number - before.number - 1;
    if (lost <= 0 && now - before.at <= SILENCE_MS) return;
    this.silences.push({ who: this.who, of: speaker, from: before.at, to: now, lost });
  }

  #note(now, port) {
    const owner = this.#instanceOf(port);
    // Who is heard again after a silence may have died in between.
    if (this.reign?.owner !== owner || now - this.reign.to > SILENCE_MS) {
      this.#endReign();
      this.reign = { owner, from: now, to: now };
    }
    this.reign.to = now;
  }

  #endReign() {
    if (this.reign) this.#onReign(this.reign);
    this.reign = null;
  }
}
