import { once } from "node:events";
import { io } from "socket.io-client";

const ANSWER_DEADLINE_MS = 10_000;

/** The classic flow of docs/signaling-protocol.md. */
export class Signaling {
  #socket;

  constructor(socket) {
    this.#socket = socket;
  }

  static async connect(origin) {
    const socket = io(origin, { transports: ["websocket"], forceNew: true, reconnection: false });
    await once(socket, "connect");
    return new Signaling(socket);
  }

  async ask(event, payload = {}) {
    const answer = await this.#socket.timeout(ANSWER_DEADLINE_MS).emitWithAck(event, payload);
    if (answer?.error) throw new Error(`${event}: ${answer.error.message}`);
    return answer;
  }

  close() {
    this.#socket.disconnect();
  }
}
