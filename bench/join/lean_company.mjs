import { setTimeout as pause } from "node:timers/promises";
import { Publishers } from "../../tests/e2e/support/publishers.mjs";

/** Until the room has closed what a newcomer who left had in it. */
const PARTING_MS = 300;

/** Others without browsers, who take hardly any time of the processors that are measured. */
export class LeanCompany {
  #publishers;

  constructor(room, size, publishers) {
    this.room = room;
    this.size = size;
    this.#publishers = publishers;
  }

  /** @param {string} clip an IVF file */
  static async gather(origin, { room, count, clip }) {
    return new LeanCompany(room, count, await Publishers.start(origin, { room, count, clip }));
  }

  async untilAlone() {
    await pause(PARTING_MS);
  }

  async part() {
    await this.#publishers.stop();
  }
}
