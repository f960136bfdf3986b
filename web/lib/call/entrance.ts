import type { ConsumerEntry, JoinRoomReply, Participant } from "../protocol/events";
import type { Admission } from "./admission";
import type { MediaSession } from "./media_session";
import type { Receiving } from "./receiving";
import type { Recovery } from "./recovery";
import type { JoinedSession, Seat } from "./seat";
import type { JoinStages } from "./stages";
import type { StateWriter } from "./state_writer";
import type { ViewReport } from "./view_report";

const SHOW_CALL_WITHIN_MS = 300;
/** A prepared join is faster than the eye: drawing that it is under way would only delay it. */
const SHOW_JOINING_AFTER_MS = 150;

export interface EntranceParts {
  writer: StateWriter;
  media: MediaSession;
  admission: Admission;
  receiving: Receiving;
  view: ViewReport;
  stages: JoinStages;
  seat: Seat;
  now(): number;
  recovery(): Recovery;
}

/** From the click on Join, by way of the server's reply, to the call that is drawn. */
export class Entrance {
  readonly #parts: EntranceParts;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parts: EntranceParts) {
    this.#parts = parts;
  }

  /** A join is under way: shown at once, or when it takes longer than a prepared one does. */
  announce(name: string, { isPrepared }: { isPrepared: boolean }): void {
    const { writer } = this.#parts;
    // Known at once: a quick refusal offers to try again under it.
    writer.patch({ self: { ...writer.state.self, name } });
    const show = () => writer.patch({ phase: "joining", error: null, ended: null });
    if (isPrepared) this.#timer = setTimeout(show, SHOW_JOINING_AFTER_MS);
    else show();
  }

  /** The server let us in. `prepared`: the consumers that the join has started. */
  enter(reply: JoinRoomReply, name: string, prepared?: readonly string[]): void {
    const { writer, media, admission, view, stages, seat, now } = this.#parts;
    stages.mark("reply");
    this.close();
    const session = { seq: reply.seq, recovery: this.#parts.recovery() };
    seat.take(session);
    const { grants } = reply;
    media.permit(grants);
    const receiving = media.start(reply, prepared);
    writer.patch({
      media: "connecting",
      // An invitation may name the person.
      self: { id: reply.participantId, name: reply.name, joinedAt: now(), grants },
      error: null,
      ended: null,
    });
    this.meet(reply.participants, reply.consumers);
    admission.remember(name, reply.resumeToken);
    view.forget();
    const isPrepared = reply.transports.recv === undefined;
    if (isPrepared) this.#goOnPrepared(session, receiving);
    else this.#showWhen(session, reply.consumers.length > 0 ? receiving : null);
  }

  /** Who is there, or will be met. */
  meet(participants: readonly Participant[], consumers: readonly ConsumerEntry[]): void {
    const { writer, media } = this.#parts;
    writer.meet(participants, consumers, (id) => media.trackOf(id));
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  /**
   * Drawing the call takes the page's only thread, so it waits until receiving is set up: then it
   * runs while ICE and DTLS do, which need no thread of the page.
   */
  #showWhen(session: JoinedSession, receiving: Promise<unknown> | null): void {
    const { seat, writer } = this.#parts;
    const show = () => {
      if (seat.session === session) writer.patch({ phase: "joined" });
    };
    if (receiving === null) show();
    else void Promise.race([receiving, delay(SHOW_CALL_WITHIN_MS)]).then(show);
  }

  /** Receiving is set up since the preview: the media comes while the call is being drawn. */
  #goOnPrepared(session: JoinedSession, done: Promise<void>): void {
    const { media, writer, receiving } = this.#parts;
    const state = media.transport("recv")?.connectionState ?? "new";
    session.recovery.transportState("recv", state);
    writer.patch({ phase: "joined", ...(state === "connected" ? { media: "connected" } : {}) });
    void done.then(() => receiving.tellReady());
  }
}

function delay(ms: number): Promise<void> {
  return new Promise((done) => {
    setTimeout(done, ms);
  });
}
