import { setTimeout as pause } from "node:timers/promises";
import { nameOf } from "../../../support/history/deeds.mjs";
import { Connection } from "./connection.mjs";
import { MouthAndEar } from "./mouth_and_ear.mjs";

const ADDRESS = "127.0.0.1";
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 1000;
/** Their resume token or invitation is worth nothing any more: they come in anew. */
const COMES_ANEW = ["session_expired", "unauthorized", "not_joined", "forbidden"];

/**
 * A participant without a browser: comes back by itself when its connection breaks, makes its media
 * anew when that is lost, as our pages do, and writes everything into a history. Its sound is plain
 * RTP, by the classic flow.
 */
export class Headless {
  #options;
  #history;
  #connection = null;
  #token;
  #seq = 0;
  #number = 0;
  #isLeaving = false;
  #media = { state: "none" };
  #consumed = new Set();
  #names = new Map();
  /** Events that came before the answer that says with which number they begin; else null. */
  #early = null;

  /** @param {{ who: string, room: string, origin: string, history, instanceOf, onReign }} options */
  constructor(options) {
    this.#options = options;
    this.#history = options.history;
    this.who = options.who;
    this.room = options.room;
    const onReign = (reign) => options.onReign({ room: this.room, ...reign });
    this.sound = new MouthAndEar({ who: this.who, instanceOf: options.instanceOf, onReign });
  }

  /** In the room, heard and hearing; rejects where that is refused. */
  async join() {
    await this.sound.open();
    await this.#enter();
    await this.#makeMedia();
  }

  get isThere() {
    return this.#connection?.isOpen === true && this.#media.state === "made";
  }

  /** See owners.mjs. */
  get reign() {
    return this.sound.reign && { room: this.room, ...this.sound.reign };
  }

  get present() {
    return { who: this.who, id: this.id, room: this.room };
  }

  /** Changes its name to the next number; whether that was acknowledged. */
  async act() {
    const value = ++this.#number;
    const entry = { deed: "setName", value };
    try {
      await this.#connection.request("setName", { name: nameOf(this.who, value) });
      this.#note({ kind: "acknowledged", ...entry });
      return true;
    } catch (error) {
      this.#note({ kind: "refused", ...entry, code: error.code ?? error.message });
      return false;
    }
  }

  async leave() {
    this.#isLeaving = true;
    this.sound.silent();
    const said = await this.#connection?.request("leaveRoom").catch((error) => error);
    if (!(said instanceof Error)) this.#note({ kind: "left" });
    this.#connection?.close();
    this.sound.close();
  }

  #note(entry) {
    this.#history.add({ who: this.who, room: this.room, ...entry });
  }

  #open(token) {
    const { origin, room } = this.#options;
    return Connection.open({
      origin,
      room,
      token,
      onEvent: (name, payload) => this.#hear(name, payload),
      onCut: () => this.#cut(),
    });
  }

  async #enter() {
    this.#early = [];
    const connection = await this.#open();
    this.#connection = connection;
    const name = nameOf(this.who, this.#number);
    const reply = await connection.request("joinRoom", { room: this.room, name });
    this.id = reply.participantId;
    this.#token = reply.resumeToken;
    this.#seq = reply.seq;
    this.#media.state = "none";
    const roster = reply.participants.map((other) => ({ id: other.id, name: other.name }));
    this.#names = new Map(roster.map((other) => [other.id, other.name]));
    this.#note({ kind: "joined", id: this.id, seq: reply.seq, roster });
    this.#tellEarly();
  }

  #hear(name, payload) {
    if (this.#early) this.#early.push({ name, payload });
    else this.#told(name, payload);
  }

  /** From the answer on, whose last number is this.#seq. */
  #tellEarly() {
    const early = this.#early ?? [];
    this.#early = null;
    for (const { name, payload } of early) {
      if (payload?.seq === undefined || payload.seq > this.#seq) this.#told(name, payload);
    }
  }

  #told(name, payload) {
    this.#note({ kind: "told", name, payload });
    if (payload?.seq !== undefined) this.#seq = payload.seq;
    if (name === "participantJoined") {
      this.#names.set(payload.participant.id, payload.participant.name);
    }
    if (name === "participantLeft") this.sound.forget(this.#whoIs(payload.participantId));
    if (name === "newProducer") this.#consume(payload).catch(() => {}); // seen by its silence
    if (name === "transportClosed" && this.#media.ids?.includes(payload.transportId)) {
      this.#media = { state: "lost" };
      this.sound.silent();
      this.#mendMedia();
    }
  }

  #whoIs(id) {
    return this.#names.get(id)?.replace(/ \d+$/, "") ?? id;
  }

  async #cut() {
    if (this.#isLeaving) return;
    this.#note({ kind: "cut" });
    await this.#untilDone(() => this.#comeBack());
  }

  async #comeBack() {
    this.#connection?.close();
    const token = this.#connection?.newToken ?? this.#token;
    this.#early = [];
    try {
      const connection = await this.#open(token);
      this.#connection = connection;
      const ask = { resumeToken: token, seq: this.#seq };
      const { seq, events, state } = await connection.request("resume", ask);
      this.#token = token;
      const roster = state?.participants.map((other) => ({ id: other.id, name: other.name }));
      this.#note({ kind: "resumed", seq, roster });
      for (const { name, payload } of events) this.#told(name, payload);
      this.#seq = Math.max(this.#seq, seq);
      this.#tellEarly();
      if (this.#media.state !== "made") this.#mendMedia();
    } catch (error) {
      if (!COMES_ANEW.includes(error.code)) throw error;
      this.#connection?.close();
      await this.#enter();
      this.#mendMedia();
    }
  }

  #mendMedia() {
    if (this.#media.state === "being mended") return;
    this.#media = { state: "being mended" };
    this.#untilDone(() => this.#makeMedia());
  }

  /** Again and again, later and later. */
  async #untilDone(act) {
    for (let wait = FIRST_WAIT_MS; !this.#isLeaving; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      const done = await act().then(
        () => true,
        (error) => {
          this.lastProblem = error.message;
          return error.message === "cut again";
        },
      );
      if (done) return;
      await pause(wait * (0.7 + 0.6 * Math.random()));
    }
  }

  async #makeMedia() {
    const connection = this.#connection;
    const ask = async (name, payload) => {
      // The next connection makes its own.
      if (!connection.isOpen || connection !== this.#connection) throw new Error("cut again");
      return connection.request(name, payload);
    };
    this.#consumed.clear();
    const send = await ask("createPlainTransport", { direction: "send", comedia: true });
    const recv = await ask("createPlainTransport", { direction: "recv" });
    this.#media = { state: "being mended", ids: [send.id, recv.id] };
    await ask("connectPlainTransport", { transportId: recv.id, ip: ADDRESS, port: this.sound.port });
    const opus = connection.welcome.routerRtpCapabilities.codecs.find(
      ({ mimeType }) => mimeType.toLowerCase() === "audio/opus",
    );
    const ssrc = 1 + Math.floor(Math.random() * 0xfffffff0);
    const payloadType = opus.preferredPayloadType;
    await ask("produce", {
      transportId: send.id,
      kind: "audio",
      rtpParameters: soundParameters({ payloadType, ssrc, who: this.who }),
    });
    this.sound.speakTo({ port: send.tuple.localPort, ssrc, payloadType });
    this.#media = { state: "made", ids: [send.id, recv.id], recv: recv.id };
    for (const producer of await ask("getProducers")) await this.#consume(producer);
  }

  async #consume({ producerId, participantId }) {
    const { recv, state } = this.#media;
    if (state !== "made" || this.#consumed.has(producerId)) return;
    this.#consumed.add(producerId);
    const { rtpParameters, id } = await this.#connection.request("consume", {
      transportId: recv,
      producerId,
      rtpCapabilities: this.#connection.welcome.routerRtpCapabilities,
    });
    this.sound.expect(rtpParameters.encodings[0].ssrc, this.#whoIs(participantId));
    await this.#connection.request("resumeConsumer", { consumerId: id });
  }
}

const soundParameters = ({ payloadType, ssrc, who }) => ({
  mid: "0",
  codecs: [{ mimeType: "audio/opus", payloadType, clockRate: 48_000, channels: 2 }],
  encodings: [{ ssrc }],
  rtcp: { cname: who },
});
