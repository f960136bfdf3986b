import { once } from "node:events";
import { io } from "../../../services/support/socket_io.mjs";
import { within } from "../../../services/support/waiting.mjs";
import { invitation } from "../../../support/invitation.mjs";

const CONNECT_MS = 8000;
const ANSWER_MS = 10_000;
const EVENTS_OF_NOBODY = ["welcome", "activeSpeakers", "resumeToken"];

/** One Socket.IO connection into a room, for as long as it lasts. */
export class Connection {
  #socket;
  welcome = null;

  /**
   * @param {{ origin: string, room: string, token?: string, onEvent: (name, payload) => void, onCut: () => void }} options
   *   token: an earlier resume token; without, an invitation is asked for
   */
  static async open({ origin, room, token, onEvent, onCut }) {
    const connection = new Connection();
    const auth = { protocol: { min: 1, max: 1 }, token: token ?? (await invitation(origin, room)) };
    const options = { transports: ["websocket"], forceNew: true, reconnection: false };
    const socket = io(origin, { query: { room }, auth, timeout: CONNECT_MS, ...options });
    connection.#socket = socket;
    const welcomed = new Promise((resolve) => {
      socket.onAny((name, payload) => {
        if (name === "welcome") {
          connection.welcome = payload;
          resolve();
        }
        if (name === "resumeToken") connection.newToken = payload.resumeToken;
        if (!EVENTS_OF_NOBODY.includes(name)) onEvent(name, payload);
      });
    });
    try {
      const refused = once(socket, "connect_error").then(([error]) => Promise.reject(error));
      await within(Promise.race([once(socket, "connect"), refused]), "a connection", CONNECT_MS);
      const lost = once(socket, "disconnect").then(() => Promise.reject(new Error("cut")));
      await within(Promise.race([welcomed, lost]), "a welcome", CONNECT_MS);
    } catch (error) {
      socket.disconnect();
      throw Object.assign(error, { code: error.data?.code ?? error.code });
    }
    socket.once("disconnect", () => onCut());
    if (!socket.connected) onCut();
    return connection;
  }

  get isOpen() {
    return this.#socket.connected;
  }

  /** The answer, or an Error with the protocol's `code`. */
  async request(name, payload = {}) {
    // Else it would be kept for a connection that never comes.
    if (!this.isOpen) throw new Error("cut");
    const reply = await this.#socket.timeout(ANSWER_MS).emitWithAck(name, payload);
    if (reply?.error) throw Object.assign(new Error(reply.error.message), reply.error);
    return reply;
  }

  close() {
    this.#socket.off("disconnect");
    this.#socket.disconnect();
  }
}
