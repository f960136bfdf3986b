import { once } from "node:events";
import { io } from "socket.io-client";
import { invitation } from "../../support/invitation.mjs";
import { until, within } from "./waiting.mjs";

const ANSWER_MS = 8000;

const dtlsParameters = () => ({
  role: "client",
  fingerprints: [{ algorithm: "sha-256", value: Array(32).fill("AB").join(":") }],
});

const rtpParameters = () => ({
  mid: "0",
  codecs: [{ mimeType: "audio/opus", payloadType: 111, clockRate: 48000, channels: 2 }],
  encodings: [{ ssrc: 1 + Math.floor(Math.random() * 0xfffffff0) }],
  rtcp: { cname: "x" },
});

/** Someone in a room who speaks the protocol as our pages do, and has no media behind it. */
export class Guest {
  events = [];
  name = "Guest";
  /** Sent with the join, where it is set. */
  traceparent = null;

  constructor(room) {
    this.room = room;
  }

  /** Through that gateway; with the resume token of before, where there is one. */
  static async join(url, room) {
    const guest = new Guest(room);
    await guest.connect(url);
    await guest.join();
    return guest;
  }

  /** As the pages do: the room is named, so that everyone of it meets. By an invitation of its own. */
  async connect(url, { transports = ["websocket"], token } = {}) {
    this.socket?.disconnect();
    this.events = [];
    this.token = token ?? (await invitation(url, this.room));
    this.socket = io(url, {
      query: { room: this.room },
      auth: { protocol: { min: 1, max: 1 }, token: this.token },
      transports,
      forceNew: true,
      reconnection: false,
    });
    this.socket.onAny((name, payload) => this.events.push({ name, payload }));
    await within(once(this.socket, "connect"), "a connection");
    const { instance, routerRtpCapabilities } = await this.next("welcome");
    this.signaling = instance;
    this.capabilities = routerRtpCapabilities;
  }

  async request(name, payload) {
    const reply = await this.socket.timeout(ANSWER_MS).emitWithAck(name, payload);
    if (reply?.error) throw Object.assign(new Error(reply.error.message), reply.error);
    return reply;
  }

  async join() {
    const pair = {
      send: { dtlsParameters: dtlsParameters() },
      recv: { dtlsParameters: dtlsParameters() },
    };
    const reply = await this.request("joinRoom", {
      room: this.room,
      name: this.name,
      rtpCapabilities: this.capabilities,
      transports: pair,
      ...(this.traceparent ? { traceparent: this.traceparent } : {}),
    });
    this.id = reply.participantId;
    this.resumeToken = reply.resumeToken;
    this.seq = reply.seq;
    this.others = reply.participants.map(({ id }) => id);
    this.#use(reply.transports);
  }

  resume() {
    return this.request("resume", { resumeToken: this.resumeToken, seq: this.seq });
  }

  /** As the pages do where the server has lost media. */
  async recreate() {
    const pair = {
      send: { dtlsParameters: dtlsParameters() },
      recv: { dtlsParameters: dtlsParameters() },
    };
    const reply = await this.request("recreateTransports", { transports: pair });
    this.#use(reply.transports);
  }

  /** Sends sound; refused where media does not work. */
  produce() {
    return this.request("produce", {
      id: crypto.randomUUID(),
      transportId: this.send,
      kind: "audio",
      source: "microphone",
      rtpParameters: rtpParameters(),
    });
  }

  /** The first event of that name, taken out. */
  async next(name, waitMs) {
    let at = -1;
    await until(
      () => {
        at = this.events.findIndex((event) => event.name === name);
        return at >= 0;
      },
      () => `${name}; seen: ${this.events.map((event) => event.name).join(", ")}`,
      waitMs,
    );
    return this.events.splice(at, 1)[0].payload;
  }

  has(name) {
    return this.events.some((event) => event.name === name);
  }

  async untilCut() {
    await until(() => !this.socket.connected, "the end of the connection");
  }

  leave() {
    this.socket?.disconnect();
  }

  #use({ send }) {
    this.send = send.id;
    /** By the candidates' port one knows the media instance. */
    this.mediaPort = send.iceCandidates[0].port;
  }
}
