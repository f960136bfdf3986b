// Plays the server's side of docs/signaling-protocol.md from a script. There is no media behind it:
// transports never connect, and pictures are put in by pictures.js.
import { Server } from "socket.io";

const EXTENSIONS = [
  { kind: "audio", uri: "urn:ietf:params:rtp-hdrext:sdes:mid", id: 1 },
  { kind: "video", uri: "urn:ietf:params:rtp-hdrext:sdes:mid", id: 1 },
  { kind: "audio", uri: "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time", id: 4 },
  { kind: "video", uri: "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time", id: 4 },
];

const ROUTER_CAPABILITIES = {
  codecs: [
    {
      kind: "audio",
      mimeType: "audio/opus",
      preferredPayloadType: 100,
      clockRate: 48000,
      channels: 2,
      parameters: {},
      rtcpFeedback: [{ type: "transport-cc", parameter: "" }],
    },
    {
      kind: "video",
      mimeType: "video/VP8",
      preferredPayloadType: 101,
      clockRate: 90000,
      parameters: {},
      rtcpFeedback: [
        { type: "nack", parameter: "" },
        { type: "nack", parameter: "pli" },
        { type: "ccm", parameter: "fir" },
        { type: "goog-remb", parameter: "" },
      ],
    },
    {
      kind: "video",
      mimeType: "video/rtx",
      preferredPayloadType: 102,
      clockRate: 90000,
      parameters: { apt: 101 },
      rtcpFeedback: [],
    },
  ],
  headerExtensions: EXTENSIONS.map(({ kind, uri, id }) => ({
    kind,
    uri,
    preferredId: id,
    preferredEncrypt: false,
    direction: "sendrecv",
  })),
};

const GRANTS = {
  audio: true,
  video: true,
  screen: true,
  chat: true,
  data: true,
  hidden: false,
  moderate: false,
};

/**
 * @typedef {{ name: string, camera?: boolean, microphone?: boolean, connected?: boolean }} Person
 * @typedef {{ people?: Person[], joinError?: object, joinDelayMs?: number,
 *   grants?: object, messages?: object[], messageError?: object, guestError?: { status: number, error: object } }} Script
 */
export class FakeSignaling {
  #io;
  #sockets = new Set();
  #seq = 0;
  #nextMid = 0;
  #nextMessage = 1;
  /** @type {Script} */
  #script = {};
  /** True: refuses connections, as if the server were down. */
  #away = false;
  lastProducerId = "";
  /** The page's own, by source. */
  producerIds = {};

  constructor(httpServer) {
    this.#io = new Server(httpServer, {
      path: "/socket.io/",
      serveClient: false,
      allowRequest: (_request, decide) => decide(null, !this.#away),
    });
    this.#io.on("connection", (socket) => this.#accept(socket));
  }

  /** From now on the server is up and plays this. */
  play(script) {
    this.#script = script;
    this.#away = false;
  }

  /** What the gateway's REST interface answers; null where it is away. */
  api(path) {
    if (this.#away) return { status: 502, body: {} };
    if (path === "/api/v1/turn-credentials") {
      return { status: 201, body: { ice_servers: [], lifetime_s: 300 } };
    }
    if (!path.endsWith("/guest-tokens")) return null;
    const { guestError } = this.#script;
    if (guestError) return { status: guestError.status, body: { error: guestError.error } };
    return { status: 201, body: { token: "guest-token", ice_servers: [] } };
  }

  /** Sends a server event; room events get their number. */
  emit(name, payload, { numbered = true } = {}) {
    if (numbered) this.#seq += 1;
    const body = numbered ? { seq: this.#seq, ...payload } : payload;
    for (const socket of this.#sockets) socket.emit(name, body);
  }

  goAway() {
    this.#away = true;
    this.#io.disconnectSockets(true);
  }

  close() {
    return this.#io.close();
  }

  participantId(index) {
    return `person-${index}`;
  }

  #accept(socket) {
    this.#sockets.add(socket);
    socket.on("disconnect", () => this.#sockets.delete(socket));
    socket.emit("welcome", {
      protocol: 1,
      instance: "screens",
      routerRtpCapabilities: ROUTER_CAPABILITIES,
      iceServers: [],
      limits: { nameLength: 64, participantsPerRoom: 100 },
    });
    socket.onAny((name, payload, acknowledge) => {
      const answer = this.#answer(name, payload ?? {});
      if (typeof acknowledge !== "function") return;
      const delay = name === "joinRoom" ? (this.#script.joinDelayMs ?? 0) : 0;
      setTimeout(() => acknowledge(answer), delay);
    });
  }

  #answer(name, payload) {
    const people = this.#script.people ?? [];
    switch (name) {
      case "lookRoom":
        return {
          room: payload.room,
          exists: people.length > 0,
          participants: people.map(({ name: personName }) => ({ name: personName })),
          full: this.#script.full ?? false,
        };
      case "joinRoom":
        return this.#script.joinError ? { error: this.#script.joinError } : this.#joined(payload);
      case "resume":
        return { resumed: true, seq: this.#seq, events: [] };
      case "produce":
        this.lastProducerId = payload.id;
        this.producerIds[payload.source] = payload.id;
        return { id: payload.id };
      case "getMessages":
        return { messages: this.#history(payload), more: false };
      case "sendMessage":
        return this.#script.messageError
          ? { error: this.#script.messageError }
          : { message: this.#message({ ...payload, to: this.#placeOf(payload.to) }) };
      case "setName":
        return { name: payload.name };
      case "restartIce":
        return { iceParameters: iceParameters() };
      case "recreateTransports":
        return { transports: transports(), consumers: [] };
      default:
        return {};
    }
  }

  /** One of the people writes: see `#message`. A private one is for the page: `to: "self"`. */
  write(message) {
    this.emit("message", { message: this.#message(message) });
  }

  #history({ before }) {
    if (before !== undefined) return [];
    return (this.#script.messages ?? []).map((message) => this.#message(message));
  }

  /** `by` and `to` are places in the list of people; without `by` it is the page's own. */
  #message({ by, to, id, text, agoMs = 0 }) {
    const number = this.#nextMessage++;
    const [from, name] = this.#person(by);
    const [toId, toName] = this.#person(by === undefined ? to : undefined);
    return {
      number,
      id: id ?? `message-${number}`,
      from,
      name,
      ...(to === undefined ? {} : { to: toId, toName }),
      text,
      sentAt: Date.now() - agoMs,
      mine: by === undefined,
    };
  }

  #placeOf(participantId) {
    return participantId === undefined ? undefined : Number(participantId.split("-")[1]);
  }

  /** Id and name; those of the page itself without a place. */
  #person(index) {
    if (index === undefined) return ["self", "Maya Lindqvist"];
    return [this.participantId(index), this.#script.people?.[index]?.name ?? ""];
  }

  #joined(payload) {
    const people = this.#script.people ?? [];
    this.#nextMid = 0;
    return {
      room: { id: "room-1", name: payload.room, createdAt: Date.now() },
      participantId: "self",
      name: payload.name ?? "",
      role: "guest",
      grants: { ...GRANTS, ...this.#script.grants },
      resumeToken: "resume-token",
      seq: this.#seq,
      transports: transports(),
      iceServers: [],
      publish: { audio: {}, video: {}, screen: {} },
      participants: people.map((person, index) => this.#participant(person, index)),
      consumers: people.flatMap((person, index) => this.#consumers(person, index)),
      grace: 15000,
    };
  }

  #participant(person, index) {
    return {
      id: this.participantId(index),
      name: person.name,
      joinedAt: Date.now() - 60_000,
      connected: person.connected ?? true,
      producers: this.#producers(person, index),
    };
  }

  #producers({ camera = true, microphone = true }, index) {
    return [
      { id: `mic-${index}`, kind: "audio", source: "microphone", paused: !microphone },
      { id: `cam-${index}`, kind: "video", source: "camera", paused: !camera },
    ];
  }

  #consumers(person, index) {
    return this.#producers(person, index).map((producer) => ({
      id: `consumer-${producer.id}`,
      producerId: producer.id,
      participantId: this.participantId(index),
      kind: producer.kind,
      source: producer.source,
      type: "simple",
      rtpParameters: this.#rtpParameters(producer.kind, index),
      streamId: this.participantId(index),
      producerPaused: producer.paused,
    }));
  }

  #rtpParameters(kind, index) {
    const mid = String(this.#nextMid++);
    const ssrc = 1000 + Number(mid) * 2;
    const codecs = ROUTER_CAPABILITIES.codecs
      .filter((codec) => codec.kind === kind)
      .map(({ mimeType, preferredPayloadType, clockRate, channels, parameters, rtcpFeedback }) => ({
        mimeType,
        payloadType: preferredPayloadType,
        clockRate,
        ...(channels ? { channels } : {}),
        parameters,
        rtcpFeedback,
      }));
    return {
      mid,
      codecs,
      headerExtensions: EXTENSIONS.filter((extension) => extension.kind === kind).map(
        ({ uri, id }) => ({ uri, id, encrypt: false, parameters: {} }),
      ),
      encodings: [kind === "video" ? { ssrc, rtx: { ssrc: ssrc + 1 } } : { ssrc }],
      rtcp: { cname: `cname-${index}`, reducedSize: true, mux: true },
    };
  }
}

function transports() {
  return { send: transport("send"), recv: transport("recv") };
}

function transport(direction) {
  return {
    id: `transport-${direction}-${Math.random().toString(36).slice(2)}`,
    iceParameters: iceParameters(),
    iceCandidates: [
      {
        foundation: "1",
        priority: 1_076_302_079,
        ip: "127.0.0.1",
        address: "127.0.0.1",
        protocol: "udp",
        port: 9,
        type: "host",
      },
    ],
    dtlsParameters: {
      role: "auto",
      fingerprints: [
        { algorithm: "sha-256", value: Array.from({ length: 32 }, () => "AB").join(":") },
      ],
    },
  };
}

function iceParameters() {
  return {
    usernameFragment: Math.random().toString(36).slice(2, 10),
    password: `${Math.random().toString(36).slice(2)}${Math.random().toString(36).slice(2)}pad`,
    iceLite: true,
  };
}
