import type { Device } from "mediasoup-client/types";
import type {
  ConsumerEntry,
  JoinRoomReply,
  Participant,
  ResumeReply,
  ServerEvents,
  ViewTile,
} from "../protocol/events";
import { Store } from "../store";
import type { Identity } from "./certificate";
import { CallFailure, describeFailure, LOCAL_CODES } from "./errors";
import { Lobby } from "./lobby";
import { MediaSession } from "./media_session";
import type { WantedMedia } from "./publication";
import { Recovery } from "./recovery";
import * as roster from "./roster";
import type { SessionMemory } from "./session_memory";
import { type ServerEvent, Signaling, type SocketLike } from "./signaling";
import { JoinStages } from "./stages";
import { type CallState, type EndReason, initialCallState, type Notice } from "./types";
import { ViewReport } from "./view_report";

const NOTICE_MS = 8000;
const SHOW_CALL_WITHIN_MS = 300;
/** A prepared join is faster than the eye: drawing that it is under way would only delay it. */
const SHOW_JOINING_AFTER_MS = 150;

export interface CallClientParts {
  createSocket(): SocketLike;
  createDevice(): Device;
  makeIdentity(): Promise<Identity>;
  memory: SessionMemory;
  random?: () => number;
  now?: () => number;
}

interface JoinedSession {
  resumeToken: string;
  seq: number;
  recovery: Recovery;
}

/**
 * The whole state of one call, without a user interface. Owns the connection and the media session;
 * components read snapshots and call its methods. Lives as long as the page of a room.
 */
export class CallClient {
  readonly #parts: CallClientParts;
  readonly #store = new Store<CallState>(initialCallState);
  readonly #levels = new Store<ReadonlyMap<string, number>>(new Map());
  readonly #signaling: Signaling;
  readonly #media: MediaSession;
  readonly #lobby: Lobby;
  readonly #view: ViewReport;
  readonly #now: () => number;
  readonly stages = new JoinStages();
  /** Aborted by `close()`: whatever listens on behalf of this client ends with it. */
  readonly lifetime = new AbortController();
  #session: JoinedSession | null = null;
  #resuming = false;
  #held: ServerEvent[] = [];
  /** The name under which a join is wanted; null when none is. */
  #joinAs: string | null = null;
  #joiningTimer: ReturnType<typeof setTimeout> | undefined;
  #joining = false;
  #nextNotice = 1;

  constructor(parts: CallClientParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
    this.#signaling = new Signaling(
      parts.createSocket(),
      {
        connected: () => this.#onConnected(),
        lost: (attempts, delayMs) => this.#onLost(attempts, delayMs),
        attempting: () => this.#patchConnection({ retryAt: null }),
        refused: (failure) => this.#onRefused(failure),
        event: (event) => this.#onEvent(event),
      },
      parts.random,
    );
    this.#media = new MediaSession(() => parts.createDevice(), {
      track: (entry, track) => this.#attach(entry, track),
      receiver: (receiver) => this.stages.watch(receiver),
      consumerFailed: () => this.#session?.recovery.transportClosed(),
      produce: (payload) => {
        this.#signaling.request("produce", payload).catch((error: unknown) => {
          this.#onProduceRefused(payload.id ?? "", error);
        });
      },
      producerPaused: (producerId, paused) => this.#tellPaused(producerId, paused),
      publishFailed: (source, error) => this.#noticePublishFailed(source, error),
      transportState: (direction, transportId, state) => {
        if (this.#media.owns(transportId)) {
          this.#session?.recovery.transportState(direction, state);
          if (state === "connected") this.#patch({ media: "connected" });
        }
      },
    });
    this.#view = new ViewReport(this.#signaling, () => this.#session !== null);
    this.#lobby = new Lobby(this.#signaling, this.#media, {
      found: (lobby) => this.#patch({ lobby }),
      prepared: (participants, consumers) => this.#meet(participants, consumers),
      unprepared: () => this.#forgetPrepared(),
    });
  }

  readonly getSnapshot = this.#store.getSnapshot;
  readonly subscribe = this.#store.subscribe;

  /** Who speaks how loud: dBov by participant, only those who speak. Changes up to 5 times a second. */
  readonly levels = {
    getSnapshot: this.#levels.getSnapshot,
    subscribe: this.#levels.subscribe,
  };

  /** Opens the preview of a room: connects, loads the device and makes the certificate. */
  open(room: string): void {
    if (this.#state.phase !== "idle") return;
    this.#patch({ phase: "preview", room });
    this.#patchConnection({ status: "connecting", since: this.#now() });
    this.#prepareIdentity();
    this.#signaling.start();
    const remembered = this.#parts.memory.read(room);
    if (remembered) this.join(remembered.name);
  }

  /** Whether opening this room would go straight into the call, as after a reload. */
  remembers(room: string): boolean {
    return this.#parts.memory.read(room) !== null;
  }

  /** The click on Join. Joins at once, or as soon as connection and device are ready. */
  join(name: string): void {
    if (this.#joinAs !== null || this.#state.phase === "joined") return;
    this.stages.begin();
    this.#joinAs = name;
    this.#signaling.start();
    const isPrepared = this.#media.prepared !== null;
    this.#joinWhenReady();
    const show = () => this.#showJoining(name);
    if (isPrepared) this.#joiningTimer = setTimeout(show, SHOW_JOINING_AFTER_MS);
    else show();
  }

  #showJoining(name: string): void {
    this.#patch({
      phase: "joining",
      error: null,
      ended: null,
      self: { ...this.#state.self, name },
    });
  }

  /** The pointer is on the button, or the name is being typed. */
  intendJoin(): void {
    this.#lobby.intend();
  }

  leave(): void {
    if (this.#session && this.#signaling.connected) {
      this.#signaling.request("leaveRoom", {}).catch(() => undefined);
    }
    this.#parts.memory.forget();
    this.#end("left");
  }

  /** From the left or failed page back to the preview of the same room. */
  reopen(): void {
    if (this.#state.phase !== "ended") return;
    this.#patch({ phase: "preview", ended: null, error: null, participants: [], media: "new" });
    this.#signaling.start();
    this.#look();
  }

  publish(source: "microphone" | "camera", wanted: WantedMedia): void {
    this.#media.want(source, wanted);
  }

  async rename(name: string): Promise<void> {
    const before = this.#state.self;
    this.#patch({ self: { ...before, name } });
    try {
      const reply = await this.#signaling.request("setName", { name });
      this.#patch({ self: { ...this.#state.self, name: reply.name } });
      this.#remember(reply.name);
    } catch (error) {
      this.#patch({ self: before });
      this.#notice("warning", "Your name was not changed", describeFailure(error).message);
    }
  }

  /** Which tiles are drawn and how large; sent when it has settled. */
  setView(tiles: ViewTile[]): void {
    this.#view.set(tiles);
  }

  /** A remote picture begins; `metadata` as of `requestVideoFrameCallback`. */
  pictureShown(now: number, metadata?: { receiveTime?: number }): void {
    this.stages.frame(now, metadata);
    this.#media.pictureShown();
  }

  retryNow(): void {
    this.#signaling.retryNow();
  }

  dismiss(noticeId: number): void {
    this.#patch({ notices: this.#state.notices.filter((notice) => notice.id !== noticeId) });
  }

  /** Ends everything; the client cannot be used again. */
  close(): void {
    this.lifetime.abort();
    this.#stopTimers();
    this.#session?.recovery.close();
    this.#session = null;
    this.#media.stop();
    this.#signaling.stop();
  }

  get #state(): CallState {
    return this.#store.getSnapshot();
  }

  #patch(change: Partial<CallState>): void {
    this.#store.update((state) => ({ ...state, ...change }));
  }

  #patchConnection(change: Partial<CallState["connection"]>): void {
    this.#patch({ connection: { ...this.#state.connection, ...change } });
  }

  #setRoster(change: (list: roster.Roster) => roster.Roster): void {
    const participants = change(this.#state.participants);
    if (participants !== this.#state.participants) this.#patch({ participants });
  }

  // ---- connection ----

  #onConnected(): void {
    this.#patchConnection({ status: "online", since: this.#now(), attempts: 0, retryAt: null });
    if (this.#session) void this.#resume();
    else if (this.#joinAs !== null) this.#joinWhenReady();
    else this.#look();
  }

  #onLost(attempts: number, delayMs: number): void {
    this.#lobby.close();
    if (!this.#session) this.#forgetPrepared();
    const { status, since } = this.#state.connection;
    // A first failed attempt may be chance; only from the second on the page says so.
    const first = status === "connecting" && attempts <= 1;
    this.#patchConnection({
      status: first ? "connecting" : "lost",
      since: status === "lost" || first ? since : this.#now(),
      attempts,
      retryAt: this.#now() + delayMs,
    });
  }

  #onRefused(failure: CallFailure): void {
    this.#patchConnection({ status: "refused", since: this.#now(), retryAt: null });
    this.#fail(failure);
  }

  #prepareIdentity(): void {
    this.#parts.makeIdentity().then(
      (identity) => {
        this.#media.useIdentity(identity);
        this.#becomeReady();
      },
      () => {
        this.#fail(new CallFailure(LOCAL_CODES.unsupportedBrowser, "This browser has no WebRTC."));
      },
    );
  }

  #becomeReady(): void {
    if (this.#media.ready && !this.#state.ready) this.#patch({ ready: true });
    this.#lobby.prepare();
    this.#joinWhenReady();
  }

  #look(): void {
    const { room, phase } = this.#state;
    if (phase === "preview" && room !== null) this.#lobby.open(room);
  }

  #forgetPrepared(): void {
    this.#media.forgetPrepared();
    if (this.#state.participants.length > 0) this.#patch({ participants: [] });
  }

  // ---- joining ----

  #joinWhenReady(): void {
    const ready = this.#signaling.connected && this.#media.ready;
    const name = this.#joinAs;
    if (name === null || this.#joining || !ready) return;
    this.#joining = true;
    this.#sendJoin(name)
      .catch((error: unknown) => this.#onJoinFailed(error))
      .finally(() => {
        this.#joining = false;
        // The connection may have come back while the failed attempt was being settled.
        this.#joinWhenReady();
      });
  }

  async #sendJoin(name: string): Promise<void> {
    const room = this.#state.room ?? "";
    const resume = this.#parts.memory.read(room)?.resumeToken;
    const prepared = resume ? null : this.#media.prepared;
    this.#lobby.close();
    const dtlsParameters = this.#media.dtlsParameters;
    const reply = await this.#signaling.request("joinRoom", {
      room,
      name,
      ...(resume ? { resume } : {}),
      rtpCapabilities: this.#media.rtpCapabilities,
      transports: { send: { dtlsParameters }, recv: { dtlsParameters } },
      ...(prepared ? { prepared } : {}),
      ...(typeof window === "undefined"
        ? {}
        : {
            view: {
              width: window.innerWidth,
              height: window.innerHeight,
              pixelRatio: window.devicePixelRatio,
            },
          }),
    });
    this.stages.mark("reply");
    if (this.#joinAs !== null) this.#enter(reply, name, prepared?.consumerIds);
    else this.#signaling.request("leaveRoom", {}).catch(() => undefined);
  }

  #enter(reply: JoinRoomReply, name: string, prepared?: readonly string[]): void {
    this.#joinAs = null;
    clearTimeout(this.#joiningTimer);
    this.#session?.recovery.close();
    const session = {
      resumeToken: reply.resumeToken,
      seq: reply.seq,
      recovery: this.#recovery(),
    };
    this.#session = session;
    const receiving = this.#media.start(reply, prepared);
    this.#patch({
      media: "connecting",
      self: { id: reply.participantId, name, joinedAt: this.#now() },
      error: null,
      ended: null,
    });
    this.#meet(reply.participants, reply.consumers);
    this.#remember(name);
    this.#view.forget();
    const isPrepared = reply.transports.recv === undefined;
    if (isPrepared) this.#goOnPrepared(session, receiving);
    else this.#showWhen(session, reply.consumers.length > 0 ? receiving : null);
  }

  #meet(participants: readonly Participant[], consumers: readonly ConsumerEntry[]): void {
    this.#patch({
      participants: consumers.reduce(
        (list, entry) => roster.attachConsumer(list, entry, this.#media.trackOf(entry.id)),
        roster.replaceRoster([], participants),
      ),
    });
  }

  /**
   * Drawing the call takes the page's only thread, so it waits until receiving is set up: then it
   * runs while ICE and DTLS do, which need no thread of the page.
   */
  #showWhen(session: JoinedSession, receiving: Promise<unknown> | null): void {
    const show = () => {
      if (this.#session === session) this.#patch({ phase: "joined" });
    };
    if (receiving === null) show();
    else void Promise.race([receiving, delay(SHOW_CALL_WITHIN_MS)]).then(show);
  }

  /** Receiving is set up since the preview: the media comes while the call is being drawn. */
  #goOnPrepared(session: JoinedSession, receiving: Promise<void>): void {
    const state = this.#media.transport("recv")?.connectionState ?? "new";
    session.recovery.transportState("recv", state);
    this.#patch({ phase: "joined", ...(state === "connected" ? { media: "connected" } : {}) });
    void receiving.then(() => this.#tellReady());
  }

  #onJoinFailed(error: unknown): void {
    const code = error instanceof CallFailure ? error.code : "";
    // The next connection tries again by itself.
    if (code === LOCAL_CODES.disconnected && this.#joinAs !== null) return;
    if (code === "session_expired" && this.#joinAs !== null) {
      this.#parts.memory.forget();
      return;
    }
    this.#joinAs = null;
    if (code === "shutting_down") this.#signaling.delayNextAttempt(1000);
    this.#parts.memory.forget();
    this.#fail(error);
  }

  #remember(name: string): void {
    const room = this.#state.room;
    if (this.#session && room !== null) {
      this.#parts.memory.write({ room, name, resumeToken: this.#session.resumeToken });
    }
  }

  // ---- resuming ----

  async #resume(): Promise<void> {
    const session = this.#session;
    if (!session || this.#resuming) return;
    this.#resuming = true;
    try {
      const { resumeToken, seq } = session;
      const reply = await this.#signaling.request("resume", { resumeToken, seq });
      if (session !== this.#session) return;
      this.#applyResume(session, reply);
    } catch (error) {
      this.#onResumeFailed(error);
    } finally {
      this.#resuming = false;
      const held = this.#held;
      this.#held = [];
      for (const event of held) this.#onEvent(event);
    }
  }

  #applyResume(session: JoinedSession, reply: ResumeReply): void {
    for (const event of reply.events) this.#applyRoomEvent(event as unknown as ServerEvent);
    if (reply.state) this.#applyWholeState(reply.state.participants, reply.state.consumers);
    session.seq = Math.max(session.seq, reply.seq);
    this.#media.retellPaused();
    this.#view.repeat();
    this.#tellReady();
    session.recovery.online();
  }

  #applyWholeState(
    participants: Parameters<typeof roster.replaceRoster>[1],
    consumers: readonly ConsumerEntry[],
  ): void {
    const gone = this.#media.closeAllBut(consumers);
    this.#setRoster((list) =>
      roster.replaceRoster(roster.detachConsumers(list, gone), participants),
    );
    void this.#consume(consumers);
  }

  #onResumeFailed(error: unknown): void {
    const code = error instanceof CallFailure ? error.code : "";
    if (code === LOCAL_CODES.disconnected) return;
    // Nothing is left to resume: join anew, by itself, with the same name and devices.
    this.#session?.recovery.close();
    this.#session = null;
    this.#joinAs = this.#state.self.name;
    this.#patch({ media: "recovering" });
    this.#joinWhenReady();
  }

  // ---- events ----

  #onEvent(event: ServerEvent): void {
    switch (event.name) {
      case "welcome":
        this.#onWelcome(event.payload);
        return;
      case "activeSpeakers":
        this.#onSpeakers(event.payload);
        return;
      case "replaced":
        this.#parts.memory.forget();
        this.#end("replaced");
        return;
      case "serverShutdown":
        this.#signaling.delayNextAttempt(event.payload.retryAfterMs);
        return;
      default:
        if (this.#resuming) this.#held.push(event);
        else this.#applyRoomEvent(event);
    }
  }

  #onWelcome(welcome: ServerEvents["welcome"]): void {
    this.#patch({ limits: welcome.limits });
    this.#media.load(welcome.routerRtpCapabilities).then(
      () => this.#becomeReady(),
      () => {
        this.#fail(
          new CallFailure(LOCAL_CODES.unsupportedBrowser, "The browser's media is not supported."),
        );
      },
    );
  }

  #onSpeakers({ speakers, dominant }: ServerEvents["activeSpeakers"]): void {
    this.#levels.set(new Map(speakers.map(({ participantId, level }) => [participantId, level])));
    if (dominant !== this.#state.dominantSpeaker) this.#patch({ dominantSpeaker: dominant });
  }

  #applyRoomEvent(event: ServerEvent): void {
    const session = this.#session;
    if (!session || !("seq" in event.payload)) return;
    if (event.payload.seq <= session.seq) return;
    session.seq = event.payload.seq;
    switch (event.name) {
      case "participantUpdated":
        this.#onParticipantUpdated(event.payload);
        return;
      case "participantLeft":
        this.#onParticipantLeft(event.payload);
        return;
      case "newConsumers":
        void this.#consume(event.payload.consumers);
        return;
      case "consumersClosed":
        this.#media.closeConsumers(event.payload.consumerIds);
        this.#setRoster((list) => roster.detachConsumers(list, event.payload.consumerIds));
        return;
      case "producerRefused":
        this.#onProduceRefused(event.payload.producerId, CallFailure.fromWire(event.payload.error));
        return;
      case "transportClosed":
        if (this.#media.owns(event.payload.transportId)) session.recovery.transportClosed();
        return;
      default:
        this.#setRoster((list) => roster.applyEvent(list, event));
    }
  }

  #onParticipantUpdated(update: ServerEvents["participantUpdated"]): void {
    if (update.participantId === this.#state.self.id) {
      if (update.name !== undefined) {
        this.#patch({ self: { ...this.#state.self, name: update.name } });
      }
      return;
    }
    this.#setRoster((list) => roster.updateParticipant(list, update.participantId, update));
  }

  #onParticipantLeft({ participantId, reason }: ServerEvents["participantLeft"]): void {
    if (participantId !== this.#state.self.id) {
      this.#setRoster((list) => roster.removeParticipant(list, participantId));
      return;
    }
    this.#parts.memory.forget();
    this.#end(reason === "removed" || reason === "replaced" ? reason : "left");
  }

  // ---- media ----

  #recovery(): Recovery {
    return new Recovery({
      online: () => this.#signaling.connected && !this.#resuming,
      restartIce: async (direction) => {
        const transport = this.#media.transport(direction);
        if (!transport) return;
        const reply = await this.#signaling.request("restartIce", { transportId: transport.id });
        await transport.restartIce({ iceParameters: reply.iceParameters });
      },
      rebuild: () => this.#rebuildTransports(),
      changed: (recovering) => {
        if (recovering) this.#patch({ media: "recovering" });
        else if (this.#state.media === "recovering") this.#patch({ media: "connected" });
      },
    });
  }

  async #rebuildTransports(): Promise<void> {
    const dtlsParameters = this.#media.dtlsParameters;
    const reply = await this.#signaling.request("recreateTransports", {
      transports: { send: { dtlsParameters }, recv: { dtlsParameters } },
    });
    if (!this.#session) return;
    this.#setRoster((list) => roster.detachConsumers(list, this.#media.consumerIds));
    this.#media.restart(reply.transports, reply.consumers);
  }

  async #consume(entries: readonly ConsumerEntry[]): Promise<void> {
    await this.#media.consume(entries);
    this.#tellReady();
  }

  /** Of all that the server waits for. Without a connection, the next resume does it. */
  #tellReady(): void {
    const consumerIds = this.#media.unstarted;
    if (consumerIds.length === 0 || !this.#session || !this.#signaling.connected) return;
    this.#media.markStarted(consumerIds);
    this.#signaling
      .request("consumersReady", { consumerIds })
      .catch(() => this.#media.unmarkStarted(consumerIds));
  }

  #attach(entry: ConsumerEntry, track: MediaStreamTrack): void {
    const media = this.#state.participants
      .find((participant) => participant.id === entry.participantId)
      ?.media.find((candidate) => candidate.consumerId === entry.id);
    if (media?.track === track) return;
    this.#setRoster((list) => roster.attachConsumer(list, entry, track));
  }

  #tellPaused(producerId: string, paused: boolean): void {
    if (!this.#signaling.connected) return; // Told again after the resume.
    this.#signaling
      .request(paused ? "pauseProducer" : "resumeProducer", { producerId })
      .catch(() => undefined);
  }

  #onProduceRefused(producerId: string, error: unknown): void {
    // A produce lost with the connection is part of the new transports or of the next join.
    if (error instanceof CallFailure && error.code === LOCAL_CODES.disconnected) {
      this.#session?.recovery.transportClosed();
      return;
    }
    const source = this.#media.refuseProducer(producerId);
    if (source) this.#noticePublishFailed(source, error);
  }

  #noticePublishFailed(source: string, error: unknown): void {
    const { title, message } = describeFailure(error);
    this.#notice("warning", `Your ${source} is not being sent`, `${title}. ${message}`);
  }

  // ---- endings ----

  #notice(tone: Notice["tone"], title: string, message: string): void {
    const id = this.#nextNotice++;
    this.#patch({ notices: [...this.#state.notices, { id, tone, title, message }] });
    setTimeout(() => this.dismiss(id), NOTICE_MS);
  }

  #fail(error: unknown): void {
    this.#end("failed");
    this.#patch({ error: describeFailure(error) });
  }

  #end(reason: EndReason): void {
    this.#joinAs = null;
    this.#stopTimers();
    this.#session?.recovery.close();
    this.#session = null;
    this.#media.stop();
    this.#levels.set(new Map());
    this.#patch({
      phase: "ended",
      ended: reason,
      media: "new",
      participants: [],
      dominantSpeaker: null,
      lobby: null,
      notices: [],
      self: { ...this.#state.self, id: null, joinedAt: null },
    });
  }

  #stopTimers(): void {
    clearTimeout(this.#joiningTimer);
    this.#lobby.close();
    this.#view.close();
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, ms);
  });
}
