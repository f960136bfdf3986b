import type { Device } from "mediasoup-client/types";
import type {
  ConsumerEntry,
  JoinRoomReply,
  LeaveReason,
  Participant,
  ResumeReply,
  ServerEvents,
  ViewTile,
} from "../protocol/events";
import { Store } from "../store";
import { Admission } from "./admission";
import type { Fetch } from "./api";
import type { Identity } from "./certificate";
import { CallFailure, describeFailure, LOCAL_CODES } from "./errors";
import type { Invitation } from "./invitation";
import { Joining } from "./joining";
import { Lobby } from "./lobby";
import { MediaSession } from "./media_session";
import { Moderation } from "./moderation";
import { Notices } from "./notices";
import { OwnMedia, type OwnSource } from "./own_media";
import type { WantedMedia } from "./publication";
import { Receiving } from "./receiving";
import type { Recovery } from "./recovery";
import { Relays } from "./relays";
import { recoveryOf } from "./repairs";
import { Resuming } from "./resuming";
import { RoomEvents } from "./room_events";
import type { SessionMemory } from "./session_memory";
import { type ServerEvent, Signaling, type SocketLike } from "./signaling";
import { JoinStages } from "./stages";
import { StateWriter } from "./state_writer";
import { type CallState, type EndReason, GUEST_GRANTS } from "./types";
import { ViewReport } from "./view_report";

const SHOW_CALL_WITHIN_MS = 300;
/** A prepared join is faster than the eye: drawing that it is under way would only delay it. */
const SHOW_JOINING_AFTER_MS = 150;

export interface CallClientParts {
  createSocket(): SocketLike;
  createDevice(): Device;
  makeIdentity(): Promise<Identity>;
  memory: SessionMemory;
  /** Of this room. */
  invitation: Invitation;
  fetch: Fetch;
  random?: () => number;
  now?: () => number;
}

interface JoinedSession {
  seq: number;
  recovery: Recovery;
}

/**
 * The whole state of one call, without a user interface. Owns the connection and the media session;
 * components read snapshots and call its methods. Lives as long as the page of a room.
 */
export class CallClient {
  readonly #parts: CallClientParts;
  readonly #writer: StateWriter;
  readonly #levels = new Store<ReadonlyMap<string, number>>(new Map());
  readonly #signaling: Signaling;
  readonly #media: MediaSession;
  readonly #lobby: Lobby;
  readonly #view: ViewReport;
  readonly #admission: Admission;
  readonly #joining: Joining;
  readonly #resuming = new Resuming((event) => this.#onEvent(event));
  readonly #notices = new Notices((notices) => this.#patch({ notices }));
  readonly #own: OwnMedia;
  readonly #receiving: Receiving;
  readonly #events: RoomEvents;
  readonly #now: () => number;
  /** What a moderator may do to others. */
  readonly moderation: Moderation;
  readonly getSnapshot: () => CallState;
  readonly subscribe: (listener: () => void) => () => void;
  readonly stages = new JoinStages();
  /** Aborted by `close()`: whatever listens on behalf of this client ends with it. */
  readonly lifetime = new AbortController();
  #session: JoinedSession | null = null;
  #joiningTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: CallClientParts) {
    this.#parts = parts;
    this.#now = parts.now ?? Date.now;
    this.#writer = new StateWriter(this.#now);
    this.getSnapshot = this.#writer.store.getSnapshot;
    this.subscribe = this.#writer.store.subscribe;
    this.#signaling = new Signaling(
      parts.createSocket(),
      {
        credentials: () => this.#admission.credentials(),
        discardCredentials: () => this.#onDiscardCredentials(),
        connected: () => this.#onConnected(),
        lost: (attempts, delayMs, cause) => this.#onLost(attempts, delayMs, cause),
        attempting: () => this.#writer.patchConnection({ retryAt: null }),
        refused: (failure) => this.#onRefused(failure),
        event: (event) => this.#onEvent(event),
      },
      parts.random,
    );
    this.#media = new MediaSession(() => parts.createDevice(), {
      track: (entry, track) => this.#writer.attach(entry, track),
      receiver: (receiver) => this.stages.watch(receiver),
      consumerFailed: () => this.#session?.recovery.transportClosed(),
      produce: (payload) => this.#own.produce(payload),
      producerPaused: (producerId, paused) => this.#own.paused(producerId, paused),
      publishFailed: (source, error) => this.#own.failed(source, error),
      transportState: (direction, transportId, state) => {
        if (this.#media.owns(transportId)) {
          this.#session?.recovery.transportState(direction, state);
          if (state === "connected") this.#patch({ media: "connected" });
        }
      },
    });
    this.#own = new OwnMedia({
      signaling: this.#signaling,
      media: this.#media,
      notices: this.#notices,
      lost: () => this.#session?.recovery.transportClosed(),
    });
    this.#receiving = new Receiving({
      signaling: this.#signaling,
      media: this.#media,
      writer: this.#writer,
      isJoined: () => this.#session !== null,
    });
    this.#events = new RoomEvents({
      writer: this.#writer,
      media: this.#media,
      own: this.#own,
      consume: (entries) => void this.#receiving.consume(entries),
      transportClosed: () => this.#session?.recovery.transportClosed(),
      left: (reason) => this.#onSelfLeft(reason),
    });
    const relays = new Relays({
      fetch: parts.fetch,
      now: this.#now,
      changed: (servers) => this.#media.useRelays(servers),
    });
    const { memory, invitation, random = Math.random } = parts;
    this.#admission = new Admission({ memory, invitation, relays, now: this.#now });
    this.#joining = new Joining(
      { signaling: this.#signaling, media: this.#media, admission: this.#admission, random },
      {
        sending: () => this.#lobby.close(),
        entered: (reply, name, prepared) => this.#enter(reply, name, prepared),
        failed: (error) => this.#onJoinFailed(error),
      },
    );
    this.moderation = new Moderation(this.#signaling, (title, message) =>
      this.#notices.add("warning", title, message),
    );
    this.#view = new ViewReport(this.#signaling, () => this.#session !== null);
    this.#lobby = new Lobby(this.#signaling, this.#media, {
      found: (lobby) => this.#patch({ lobby }),
      prepared: (participants, consumers) => this.#meet(participants, consumers),
      unprepared: () => this.#forgetPrepared(),
    });
  }

  /** Who speaks how loud: dBov by participant, only those who speak. Changes up to 5 times a second. */
  readonly levels = {
    getSnapshot: this.#levels.getSnapshot,
    subscribe: this.#levels.subscribe,
  };

  /** Opens the preview of a room: connects, loads the device and makes the certificate. */
  open(room: string): void {
    if (this.#state.phase !== "idle") return;
    this.#patch({ phase: "preview", room });
    this.#writer.patchConnection({ status: "connecting", since: this.#now() });
    this.#prepareIdentity();
    this.#admission.open(room);
    this.#signaling.start();
    const name = this.#admission.returningAs;
    if (name !== null) this.join(name);
  }

  /** Whether opening this room would go straight into the call, as after a reload. */
  remembers(room: string): boolean {
    return this.#parts.memory.read(room) !== null;
  }

  /** The click on Join. Joins at once, or as soon as connection and device are ready. */
  join(name: string): void {
    if (this.#joining.isWanted || this.#state.phase === "joined") return;
    this.stages.begin();
    this.#signaling.start();
    const isPrepared = this.#media.prepared !== null;
    this.#joining.want(name);
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
    if (this.#state.phase === "preview") this.#admission.prepare();
  }

  leave(): void {
    if (this.#session && this.#signaling.connected) {
      this.#signaling.request("leaveRoom", {}).catch(() => undefined);
    }
    this.#admission.forget();
    this.#end("left");
  }

  /** From the left or failed page back to the preview of the same room. */
  reopen(): void {
    if (this.#state.phase !== "ended") return;
    this.#patch({ phase: "preview", ended: null, error: null, participants: [], media: "new" });
    this.#signaling.start();
    this.#look();
  }

  publish(source: OwnSource, wanted: WantedMedia): void {
    this.#media.want(source, wanted);
  }

  /** The listener hears when a moderator has muted something; it may be switched on again. */
  whenMuted(listener: (source: OwnSource) => void): () => void {
    return this.#own.whenMuted(listener);
  }

  /** Something was pressed that the invitation does not include. */
  explainGrant(source: OwnSource): void {
    const title = `Your invitation does not include the ${source}`;
    this.#notices.add("info", title, "Ask the host of this call for one that does.");
  }

  async rename(name: string): Promise<void> {
    const before = this.#state.self;
    this.#patch({ self: { ...before, name } });
    try {
      const reply = await this.#signaling.request("setName", { name });
      this.#writer.patchSelf({ name: reply.name });
      const { resumeToken } = this.#admission;
      if (resumeToken !== null) this.#admission.remember(reply.name, resumeToken);
    } catch (error) {
      this.#patch({ self: before });
      const { message } = describeFailure(error);
      this.#notices.add("warning", "Your name was not changed", message);
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
    this.#notices.dismiss(noticeId);
  }

  /** Ends everything; the client cannot be used again. */
  close(): void {
    this.lifetime.abort();
    this.#joining.cancel();
    this.#stopTimers();
    this.#session?.recovery.close();
    this.#session = null;
    this.#media.stop();
    this.#signaling.stop();
  }

  get #state(): CallState {
    return this.#writer.state;
  }

  #patch(change: Partial<CallState>): void {
    this.#writer.patch(change);
  }

  // ---- connection ----

  #onConnected(): void {
    this.#writer.connected();
    if (this.#session) void this.#resume(this.#session);
    else if (this.#joining.isWanted) this.#joining.tryNow();
    else this.#look();
  }

  /** A remembered session may have ended meanwhile; one of this page's own has, too. */
  #onDiscardCredentials(): void {
    this.#admission.discardCredentials();
    if (this.#session && this.#admission.resumeToken === null) this.#joinAnew();
  }

  #onLost(attempts: number, delayMs: number, cause: CallFailure | null): void {
    this.#lobby.close();
    if (this.#state.phase === "ended") {
      // Nobody waits for it: an invitation would be spent on looking at the last page.
      this.#signaling.stop();
      return;
    }
    if (!this.#session) this.#forgetPrepared();
    this.#writer.connectionLost(attempts, delayMs, cause);
  }

  #onRefused(failure: CallFailure): void {
    this.#writer.patchConnection({ status: "refused", since: this.#now(), retryAt: null });
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
    this.#joining.tryNow();
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

  #enter(reply: JoinRoomReply, name: string, prepared?: readonly string[]): void {
    this.stages.mark("reply");
    clearTimeout(this.#joiningTimer);
    this.#session?.recovery.close();
    const session = { seq: reply.seq, recovery: this.#recovery() };
    this.#session = session;
    const { grants } = reply;
    this.#media.permit(grants);
    const receiving = this.#media.start(reply, prepared);
    this.#patch({
      media: "connecting",
      // An invitation may name the person.
      self: { id: reply.participantId, name: reply.name, joinedAt: this.#now(), grants },
      error: null,
      ended: null,
    });
    this.#meet(reply.participants, reply.consumers);
    this.#admission.remember(name, reply.resumeToken);
    this.#view.forget();
    const isPrepared = reply.transports.recv === undefined;
    if (isPrepared) this.#goOnPrepared(session, receiving);
    else this.#showWhen(session, reply.consumers.length > 0 ? receiving : null);
  }

  #meet(participants: readonly Participant[], consumers: readonly ConsumerEntry[]): void {
    this.#writer.meet(participants, consumers, (id) => this.#media.trackOf(id));
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
    void receiving.then(() => this.#receiving.tellReady());
  }

  #onJoinFailed(error: unknown): void {
    const isStopping = error instanceof CallFailure && error.code === "shutting_down";
    if (isStopping) this.#signaling.delayNextAttempt(1000);
    this.#admission.forget();
    this.#fail(error);
  }

  /** Nothing is left to resume: by itself, with the same name and devices. */
  #joinAnew(): void {
    this.#session?.recovery.close();
    this.#session = null;
    this.#patch({ media: "recovering" });
    this.#joining.want(this.#state.self.name);
  }

  // ---- resuming ----

  #resume(session: JoinedSession): Promise<void> {
    const resumeToken = this.#admission.resumeToken ?? "";
    return this.#resuming.run(async () => {
      try {
        const { seq } = session;
        const reply = await this.#signaling.request("resume", { resumeToken, seq });
        if (session === this.#session) this.#applyResume(session, reply);
      } catch (error) {
        this.#onResumeFailed(error);
      }
    });
  }

  #applyResume(session: JoinedSession, reply: ResumeReply): void {
    for (const event of reply.events) this.#applyRoomEvent(event as unknown as ServerEvent);
    if (reply.state) this.#receiving.replace(reply.state.participants, reply.state.consumers);
    session.seq = Math.max(session.seq, reply.seq);
    this.#media.retellPaused();
    this.#view.repeat();
    this.#receiving.tellReady();
    session.recovery.online();
  }

  #onResumeFailed(error: unknown): void {
    const code = error instanceof CallFailure ? error.code : "";
    if (code === LOCAL_CODES.disconnected) return;
    if (!this.#session) return;
    if (code === "session_expired" || code === "unauthorized") this.#admission.forget();
    this.#joinAnew();
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
      case "resumeToken":
        this.#onResumeToken(event.payload);
        return;
      case "replaced":
        this.#takenOut("replaced");
        return;
      case "removed":
        this.#takenOut("removed");
        return;
      case "serverShutdown":
        this.#signaling.delayNextAttempt(event.payload.retryAfterMs);
        return;
      default:
        if (!this.#resuming.hold(event)) this.#applyRoomEvent(event);
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

  #onResumeToken({ resumeToken }: ServerEvents["resumeToken"]): void {
    if (this.#session) this.#admission.remember(this.#state.self.name, resumeToken);
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
    this.#events.apply(event);
  }

  #onSelfLeft(reason: LeaveReason): void {
    if (reason === "removed" || reason === "replaced") this.#takenOut(reason);
    else {
      this.#admission.forget();
      this.#end("left");
    }
  }

  /** The server ends the connection: another one is made when the person asks for it. */
  #takenOut(reason: "removed" | "replaced"): void {
    if (reason === "replaced") this.#admission.lend();
    else this.#admission.forget();
    this.#end(reason);
    this.#signaling.stop();
  }

  // ---- media ----

  #recovery(): Recovery {
    return recoveryOf({
      signaling: this.#signaling,
      media: this.#media,
      admission: this.#admission,
      online: () => this.#signaling.connected && !this.#resuming.isRunning,
      writer: this.#writer,
      isJoined: () => this.#session !== null,
    });
  }

  // ---- endings ----

  #fail(error: unknown): void {
    this.#end("failed");
    this.#patch({ error: describeFailure(error) });
  }

  #end(reason: EndReason): void {
    this.#joining.cancel();
    this.#notices.clear();
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
      self: { ...this.#state.self, id: null, joinedAt: null, grants: GUEST_GRANTS },
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
