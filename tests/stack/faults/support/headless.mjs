import { setTimeout as pause } from "node:timers/promises";
import { nameOf, numberIn } from "../../../support/history/deeds.mjs";
import { Connection } from "./connection.mjs";
import { MouthAndEar } from "./mouth_and_ear.mjs";

const ADDRESS = "127.0.0.1";
const FIRST_WAIT_MS = 100;
const LONGEST_WAIT_MS = 1000;
/** Their resume token or invitation is worth nothing any more: they come in anew. */
const COMES_ANEW = ["session_expired", "unauthorized", "not_joined", "forbidden"];
/** A producer that nobody will hear, or our own transport. */
const GONE = ["producer_not_found", "transport_not_found"];

/**
 * A participant without a browser: comes back by itself when its connection breaks, makes its media
 * anew when that is lost, as our pages do, and writes everything into a history. Its sound is plain
 * RTP, by the classic flow.
 */
export class Headless {
  /** When it was back in the room after its connection broke, the last time. */
  backAt = 0;
  #options;
  #history;
  #connection = null;
  #token;
  #seq = 0;
  /** The name's: of the last that was asked for, and of the last that was acknowledged. */
  #number = 0;
  #acknowledged = 0;
  #isActing = false;
  #isLeaving = false;
  #isComingBack = false;
  /** Media is made anew until it is as new as is wanted. */
  #media = { wanted: 1, made: 0, ids: [], recv: null };
  #isMending = false;
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
    await this.#untilDone(() => this.#makeMedia(this.#media.wanted));
  }

  get isThere() {
    return this.#connection?.isOpen === true && this.#media.made === this.#media.wanted;
  }

  /** See owners.mjs. */
  get reign() {
    return this.sound.reign && { room: this.room, ...this.sound.reign };
  }

  /** The instance by which it is in the room. */
  get signaling() {
    return this.#connection?.welcome.instance;
  }

  /** For people. */
  get where() {
    return `${this.who} (${this.room} at ${this.signaling})`;
  }

  get present() {
    return { who: this.who, id: this.id, room: this.room };
  }

  /** Changes its name to the next number; whether that was acknowledged. */
  async act() {
    const value = ++this.#number;
    const entry = { deed: "setName", value };
    this.#isActing = true;
    try {
      await this.#setName(value);
      this.#note({ kind: "acknowledged", ...entry });
      return true;
    } catch (error) {
      this.#note({ kind: "refused", ...entry, code: error.code ?? error.message });
      return false;
    } finally {
      this.#isActing = false;
    }
  }

  async #setName(value) {
    await this.#connection.request("setName", { name: nameOf(this.who, value) });
    this.#acknowledged = Math.max(this.#acknowledged, value);
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

  #told(name, payload, { isPart = false } = {}) {
    this.#note({ kind: "told", name, payload, isPart });
    if (payload?.seq !== undefined) this.#seq = payload.seq;
    if (name === "participantJoined") {
      this.#names.set(payload.participant.id, payload.participant.name);
    }
    if (name === "participantLeft") this.sound.forget(this.#whoIs(payload.participantId));
    if (name === "newProducer") this.#consumeLater(payload);
    if (name === "transportClosed" && this.#media.ids.includes(payload.transportId)) {
      this.#media.ids = []; // once for both
      this.#mendMedia();
    }
  }

  #whoIs(id) {
    return this.#names.get(id)?.replace(/ \d+$/, "") ?? id;
  }

  async #cut() {
    if (this.#isLeaving) return;
    this.#note({ kind: "cut" });
    if (this.#isComingBack) return; // the attempt that is cut fails
    this.#isComingBack = true;
    do await this.#untilDone(() => this.#comeBack());
    while (!this.#isLeaving && !this.#connection.isOpen);
    this.#isComingBack = false;
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
      // The state is how everything is after the events.
      for (const { name, payload } of events) this.#told(name, payload, { isPart: !!state });
      this.#note({ kind: "resumed", seq, roster });
      this.#seq = Math.max(this.#seq, seq);
      this.#tellEarly();
      if (state) await this.#compare(state);
      this.backAt = performance.now();
    } catch (error) {
      if (!COMES_ANEW.includes(error.code)) throw error;
      this.#connection?.close();
      await this.#enter();
      this.backAt = performance.now();
      this.#mendMedia();
    }
  }

  /** From now on the media that there is counts for nothing. */
  async #mendMedia() {
    this.#media.wanted += 1;
    this.sound.silent();
    if (this.#isMending) return;
    this.#isMending = true;
    while (this.#media.made !== this.#media.wanted && !this.#isLeaving) {
      await this.#untilDone(() => this.#makeMedia(this.#media.wanted));
    }
    this.#isMending = false;
  }

  /** Again and again, later and later. */
  async #untilDone(act) {
    for (let wait = FIRST_WAIT_MS; !this.#isLeaving; wait = Math.min(2 * wait, LONGEST_WAIT_MS)) {
      try {
        return await act();
      } catch (error) {
        this.lastProblem = error.message;
      }
      await pause(wait * (0.7 + 0.6 * Math.random()));
    }
  }

  async #makeMedia(goal) {
    const connection = this.#connection;
    const ask = async (name, payload) => {
      if (goal !== this.#media.wanted) throw new Error("media was lost again");
      return connection.request(name, payload);
    };
    const make = async (payload) => {
      const transport = await ask("createPlainTransport", payload);
      this.#media.ids.push(transport.id);
      return transport;
    };
    this.#consumed.clear();
    this.#media.recv = null;
    await this.#close(this.#media.ids); // of an attempt that failed
    const [send, recv] = await allOf([
      make({ direction: "send", comedia: true }),
      make({ direction: "recv" }),
    ]);
    // From here on who is new is heard, beside those who are there.
    this.#media.recv = recv.id;
    const [producers] = await allOf([
      ask("getProducers"),
      ask("connectPlainTransport", { transportId: recv.id, ip: ADDRESS, port: this.sound.port }),
      this.#speak(ask, send),
    ]);
    await Promise.all(producers.map((producer) => this.#consume(producer)));
    if (goal === this.#media.wanted) this.#media.made = goal;
  }

  async #speak(ask, send) {
    const opus = this.#connection.welcome.routerRtpCapabilities.codecs.find(
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
  }

  /** With what the server has: transports and producers may have come and gone without a word. */
  async #compare({ transports, participants, self }) {
    this.#compareName(self.name);
    if (!this.#media.ids.every((id) => transports.includes(id))) {
      this.#media.ids = [];
      this.#mendMedia();
    }
    await this.#close(transports.filter((id) => !this.#media.ids.includes(id)));
    for (const { id: participantId, name, producers } of participants) {
      this.#names.set(participantId, name);
      for (const { id } of producers) this.#consumeLater({ producerId: id, participantId });
    }
  }

  /**
   * Another instance may not know what the one before had acknowledged, and then hears it again: no
   * older name than one that is on its way.
   */
  #compareName(known) {
    if (numberIn(known) >= this.#acknowledged) return;
    const value = this.#isActing ? this.#number : this.#acknowledged;
    this.#setName(value).catch(() => {}); // the next answer to a resume says what came of it
  }

  async #close(transports) {
    this.#media.ids = this.#media.ids.filter((id) => !transports.includes(id));
    for (const transportId of transports) {
      await this.#connection.request("closeTransport", { transportId }).catch(() => {});
    }
  }

  /** Until it is heard, has gone, or all media is made anew. */
  async #consumeLater(producer) {
    const { recv } = this.#media;
    await this.#untilDone(async () => {
      if (recv === null || recv !== this.#media.recv) return;
      await this.#consume(producer).catch((error) => {
        if (GONE.includes(error.code)) return;
        this.#consumed.delete(producer.producerId);
        throw error;
      });
    });
  }

  async #consume({ producerId, participantId }) {
    const { recv } = this.#media;
    if (recv === null || this.#consumed.has(producerId)) return;
    this.#consumed.add(producerId);
    const { rtpParameters } = await this.#connection.request("consume", {
      transportId: recv,
      producerId,
      paused: false,
      rtpCapabilities: this.#connection.welcome.routerRtpCapabilities,
    });
    this.sound.expect(rtpParameters.encodings[0].ssrc, this.#whoIs(participantId));
  }
}

/** The values of all, or, when each has ended, the first that failed. */
async function allOf(promises) {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}

const soundParameters = ({ payloadType, ssrc, who }) => ({
  mid: "0",
  codecs: [{ mimeType: "audio/opus", payloadType, clockRate: 48_000, channels: 2 }],
  encodings: [{ ssrc }],
  rtcp: { cname: who },
});
