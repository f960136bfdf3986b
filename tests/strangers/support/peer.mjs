import { setTimeout as pause } from "node:timers/promises";
import { Clip, TICK_MS, TICKS } from "./clip.mjs";
import { receivedOf } from "./judge.mjs";

/** What a participant's two transports do, inside the process of its stranger. */
export class Peer {
  #stranger;
  #send;
  #receive;
  /** What came, by mid. */
  #packets = new Map();

  /** @param {object} stranger a module of strangers/ */
  constructor(stranger) {
    this.#stranger = stranger;
  }

  /** @returns {Promise<string>} an offer of sound and picture; `seed`: what they are known by */
  async openSender(seed) {
    this.#send = await this.#stranger.openSender(new Clip(seed));
    return this.#send.offer;
  }

  async accept(answer) {
    await this.#send.accept(answer);
  }

  /** @returns {Promise<string>} the answer */
  async openReceiver(offer) {
    this.#receive = await this.#stranger.openReceiver(offer, (mid, packet) => {
      if (!this.#packets.has(mid)) this.#packets.set(mid, []);
      this.#packets.get(mid).push(packet);
    });
    return this.#receive.answer;
  }

  isConnected(direction) {
    return (direction === "send" ? this.#send : this.#receive).connected();
  }

  async play() {
    for (let tick = 0; tick < TICKS; ++tick) {
      await this.#send.play(tick);
      await pause(TICK_MS);
    }
  }

  sent(kind) {
    return this.#send.sent(kind);
  }

  received(mid, kind, options) {
    return this.#receive.received?.(mid) ?? receivedOf(this.#packets.get(mid) ?? [], kind, options);
  }
}
