import type { Device } from "mediasoup-client/types";
import { Store } from "../store";
import { Admission } from "./admission";
import type { Fetch } from "./api";
import type { Identity } from "./certificate";
import { Chat } from "./chat";
import { ConnectionEvents } from "./connection";
import { Endings } from "./endings";
import { Entrance } from "./entrance";
import type { FailureMemory } from "./failure_memory";
import { FailureReports } from "./failure_reports";
import type { Invitation } from "./invitation";
import { Joining } from "./joining";
import { Lobby } from "./lobby";
import { MediaSession } from "./media_session";
import { Moderation } from "./moderation";
import { Notices } from "./notices";
import { OwnMedia } from "./own_media";
import { OwnName } from "./own_name";
import { Preparation } from "./preparation";
import { QualityReports } from "./quality/reports";
import { Receiving } from "./receiving";
import { Relays } from "./relays";
import { recoveryOf } from "./repairs";
import { Resumption } from "./resumption";
import { RoomEvents } from "./room_events";
import { Seat } from "./seat";
import { ServerEventHandler } from "./server_events";
import type { SessionMemory } from "./session_memory";
import { Signaling, type SocketLike } from "./signaling";
import { JoinStages } from "./stages";
import { StateWriter } from "./state_writer";
import type { JoinTrace } from "./trace";
import { ViewReport } from "./view_report";

/** What a call is given from outside. */
export interface CallGivens {
  createSocket(): SocketLike;
  createDevice(): Device;
  makeIdentity(): Promise<Identity>;
  memory: SessionMemory;
  failures: FailureMemory;
  /** Of this room. */
  invitation: Invitation;
  fetch: Fetch;
  /** That `fetch` carries too. */
  trace: JoinTrace;
  random?: () => number;
  now?: () => number;
}

/**
 * The parts of one call, made and joined: what happens in one of them is told to those whom it concerns.
 * Nothing is decided here. Owned by the call client.
 */
export class CallParts {
  readonly now: () => number;
  readonly levels = new Store<ReadonlyMap<string, number>>(new Map());
  readonly notices = new Notices((notices) => this.writer.patch({ notices }));
  readonly stages = new JoinStages();
  readonly seat = new Seat();
  readonly writer: StateWriter;
  readonly signaling: Signaling;
  readonly media: MediaSession;
  readonly own: OwnMedia;
  readonly ownName: OwnName;
  readonly admission: Admission;
  readonly receiving: Receiving;
  readonly view: ViewReport;
  readonly lobby: Lobby;
  readonly preparation: Preparation;
  readonly entrance: Entrance;
  readonly joining: Joining;
  readonly resumption: Resumption;
  readonly events: ServerEventHandler;
  readonly connection: ConnectionEvents;
  readonly endings: Endings;
  readonly moderation: Moderation;
  readonly chat: Chat;
  readonly failures: FailureReports;
  readonly quality: QualityReports;

  constructor(parts: CallGivens) {
    const { memory, invitation, random = Math.random } = parts;
    this.now = parts.now ?? Date.now;
    this.writer = new StateWriter(this.now);
    this.signaling = this.#makeSignaling(parts);
    this.media = this.#makeMedia(parts);
    const common = {
      signaling: this.signaling,
      media: this.media,
      writer: this.writer,
      seat: this.seat,
      isJoined: () => this.seat.isTaken,
    };
    this.failures = new FailureReports({
      signaling: this.signaling,
      memory: parts.failures,
      now: this.now,
    });
    this.quality = new QualityReports({ ...common, stages: this.stages, now: this.now });
    this.own = new OwnMedia({
      ...common,
      notices: this.notices,
      failures: this.failures,
      random,
      lost: () => this.seat.transportClosed(),
    });
    const relays = new Relays({
      fetch: parts.fetch,
      now: this.now,
      changed: (servers) => this.media.useRelays(servers),
    });
    this.admission = new Admission({ memory, invitation, relays, now: this.now });
    this.ownName = new OwnName({
      ...common,
      admission: this.admission,
      failures: this.failures,
      notices: this.notices,
    });
    this.receiving = new Receiving(common);
    this.view = new ViewReport(this.signaling, common.isJoined);
    const inCall = {
      ...common,
      admission: this.admission,
      receiving: this.receiving,
      view: this.view,
    };
    this.entrance = new Entrance({
      ...inCall,
      stages: this.stages,
      now: this.now,
      recovery: () => this.#makeRecovery(),
    });
    this.joining = new Joining(
      { ...inCall, trace: parts.trace, random, now: this.now },
      {
        sending: () => this.lobby.close(),
        entered: (reply, name, prepared) => {
          this.entrance.enter(reply, name, prepared);
          this.ownName.joined();
          this.quality.begin();
          this.chat.entered();
        },
        failed: (error) => this.endings.joinFailed(error),
      },
    );
    this.lobby = new Lobby(this.signaling, this.media, parts.trace, {
      found: (lobby) => this.writer.patch({ lobby }),
      prepared: (participants, consumers) => this.entrance.meet(participants, consumers),
      unprepared: () => this.connection.forgetPrepared(),
    });
    this.preparation = new Preparation({
      ...common,
      makeIdentity: () => parts.makeIdentity(),
      ready: () => this.connection.ready(),
      failed: (failure) => this.endings.fail(failure),
    });
    this.resumption = new Resumption({
      ...inCall,
      apply: (event) => this.events.apply(event),
      release: (event) => this.events.handle(event),
      ended: () => this.connection.joinAnew(),
      missedAll: () => this.chat.missedAll(),
      knownAs: (name) => this.ownName.retell(name),
    });
    this.chat = new Chat({
      signaling: this.signaling,
      isOnline: () => this.seat.isTaken && this.#isConnected,
      mayWrite: () => this.writer.state.self.grants.chat,
      failures: this.failures,
      now: this.now,
    });
    const everything = {
      ...inCall,
      joining: this.joining,
      entrance: this.entrance,
      lobby: this.lobby,
      resumption: this.resumption,
      notices: this.notices,
      levels: this.levels,
      chat: this.chat,
      failures: this.failures,
      quality: this.quality,
      now: this.now,
    };
    this.endings = new Endings(everything);
    this.connection = new ConnectionEvents({
      ...everything,
      failed: (failure) => this.endings.fail(failure),
    });
    this.events = new ServerEventHandler({
      ...everything,
      room: this.#makeRoomEvents(),
      welcomed: (welcome) => this.preparation.welcome(welcome),
      takenOut: (reason) => this.endings.takenOut(reason),
    });
    this.moderation = new Moderation(this.signaling, (title, error) => {
      const { message, id } = this.failures.shown(error);
      this.notices.add("warning", title, message, id);
    });
  }

  /** Over a connection, and not in the middle of coming back. */
  get #isConnected(): boolean {
    return this.signaling.connected && !this.resumption.isRunning;
  }

  #makeSignaling({ createSocket, random }: CallGivens): Signaling {
    return new Signaling(
      createSocket(),
      {
        credentials: () => this.admission.credentials(),
        discardCredentials: () => this.connection.discardCredentials(),
        connected: () => this.connection.connected(),
        lost: (attempts, delayMs, cause) => {
          this.chat.lost();
          this.connection.lost(attempts, delayMs, cause);
        },
        attempting: () => this.writer.patchConnection({ retryAt: null }),
        refused: (failure) => this.connection.refused(failure),
        event: (event) => this.events.handle(event),
      },
      random,
    );
  }

  #makeMedia(parts: CallGivens): MediaSession {
    return new MediaSession(() => parts.createDevice(), {
      track: (entry, track) => this.writer.attach(entry, track),
      receiver: (receiver) => this.stages.watch(receiver),
      consumerFailed: () => this.seat.transportClosed(),
      produce: (payload) => this.own.produce(payload),
      producerPaused: (producerId, paused) => this.own.paused(producerId, paused),
      publishFailed: (source, error) => this.own.failed(source, error),
      transportState: (direction, transportId, state) => {
        if (!this.media.owns(transportId)) return;
        this.seat.session?.recovery.transportState(direction, state);
        this.quality.transportState(state);
        if (state === "connected") this.writer.patch({ media: "connected" });
      },
      relayFailed: (url) => this.quality.relayFailed(url),
    });
  }

  #makeRoomEvents(): RoomEvents {
    return new RoomEvents({
      writer: this.writer,
      media: this.media,
      own: this.own,
      chat: this.chat,
      consume: (entries) => void this.receiving.consume(entries),
      transportClosed: () => this.seat.transportClosed(),
      left: (reason) => this.endings.left(reason),
    });
  }

  #makeRecovery() {
    return recoveryOf({
      signaling: this.signaling,
      media: this.media,
      admission: this.admission,
      online: () => this.#isConnected,
      writer: this.writer,
      isJoined: () => this.seat.isTaken,
    });
  }
}
