import { setTimeout as pause } from "node:timers/promises";
import { invitation } from "../../../support/invitation.mjs";
import { Connection } from "./connection.mjs";

const EVERY_MS = 500;
/** Of so many one goes to a room where nobody is, so that it has to be made. */
const ONE_IN_FOR_ITSELF = 3;

/**
 * People who come into the rooms of a world for a moment, one after another, all the time: whether
 * joins work, and which were acknowledged.
 */
export class Visitors {
  #world;
  #patienceMs;
  #isOpen = true;
  #coming;
  #count = 0;
  /** [{ room, at, tookMs, outcome: "let in" | code, token, id }] */
  visits = [];

  /**
   * @param {{ patienceMs?: number }} options for so long each tries again and again, as pages do that
   *   are told to, or that find nobody
   */
  constructor(world, { patienceMs = 0 } = {}) {
    this.#world = world;
    this.#patienceMs = patienceMs;
    this.#coming = this.#come();
  }

  /** No more come. */
  async close() {
    this.#isOpen = false;
    await this.#coming;
  }

  since(at) {
    return this.visits.filter((visit) => visit.at >= at);
  }

  get letIn() {
    return this.visits.filter(({ outcome }) => outcome === "let in");
  }

  /** The outcomes of those that were refused, each once. */
  get refusals() {
    return [...new Set(this.visits.map(({ outcome }) => outcome))].filter((it) => it !== "let in");
  }

  /** Resolves with the time from `begin` to the first one after it who is let in. */
  async untilLetIn(begin, waitMs = 60_000) {
    while (performance.now() - begin < waitMs) {
      const first = this.letIn.find(({ at, tookMs }) => at + tookMs > begin);
      if (first) return first.at + first.tookMs - begin;
      await pause(20);
    }
    return Number.POSITIVE_INFINITY;
  }

  async #come() {
    const { rooms, stack } = this.#world;
    while (this.#isOpen) {
      const count = ++this.#count;
      const isForItself = count % ONE_IN_FOR_ITSELF === 0;
      const room = isForItself ? `alone-${crypto.randomUUID()}` : rooms[count % rooms.length];
      const begin = performance.now();
      let visit;
      do visit = await visitOnce(stack.origin, room, `V${count} 0`);
      while (visit.outcome !== "let in" && performance.now() - begin < this.#patienceMs);
      this.visits.push({ room, at: begin, tookMs: performance.now() - begin, ...visit });
      await pause(Math.max(0, EVERY_MS - (performance.now() - begin)));
    }
  }
}

/** Comes in and leaves. @returns {Promise<{ outcome: string, token?: string, id?: string }>} */
export async function visitOnce(origin, room, name, token) {
  let connection;
  let own = token;
  try {
    own ??= await invitation(origin, room);
    const nobody = () => {};
    connection = await Connection.open({
      origin,
      room,
      token: own,
      onEvent: nobody,
      onCut: nobody,
    });
    const { participantId } = await connection.request("joinRoom", { room, name });
    await connection.request("leaveRoom").catch(() => {}); // it was in
    return { outcome: "let in", token: own, id: participantId };
  } catch (error) {
    return { outcome: error.code ?? error.message, token: own };
  } finally {
    connection?.close();
  }
}
