import { once } from "node:events";
import { io } from "socket.io-client";
import { invitation } from "../../support/invitation.mjs";

const ANSWER_DEADLINE_MS = 10_000;

/** The classic flow of docs/signaling-protocol.md. */
export class Signaling {
  #socket;

  constructor(socket) {
    this.#socket = socket;
  }

  /** With an invitation into the room, which is good for one join. */
  static async connect(origin, room) {
    const auth = { token: await invitation(origin, room) };
    const options = { auth, transports: ["websocket"], forceNew: true, reconnection: false };
    const socket = io(origin, options);
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
