import type { ResumeReply, ResumeState } from "../protocol/events";
import type { Admission } from "./admission";
import { CallFailure, LOCAL_CODES } from "./errors";
import type { MediaSession } from "./media_session";
import type { Receiving } from "./receiving";
import { Resuming } from "./resuming";
import type { JoinedSession, Seat } from "./seat";
import type { ServerEvent, Signaling } from "./signaling";
import type { ViewReport } from "./view_report";

export interface ResumptionParts {
  signaling: Signaling;
  media: MediaSession;
  admission: Admission;
  receiving: Receiving;
  view: ViewReport;
  seat: Seat;
  /** A numbered event that was missed. */
  apply(event: ServerEvent): void;
  /** An event that had to wait for the answer. */
  release(event: ServerEvent): void;
  /** There is nothing left to resume. */
  ended(): void;
  /** The server no longer had every event. */
  missedAll(): void;
  /** What others see as the own name; undefined where the answer does not say it. */
  knownAs(name: string | undefined): void;
}

/** Coming back into the same call over a new connection. */
export class Resumption {
  readonly #parts: ResumptionParts;
  readonly #resuming: Resuming;

  constructor(parts: ResumptionParts) {
    this.#parts = parts;
    this.#resuming = new Resuming((event) => parts.release(event));
  }

  get isRunning(): boolean {
    return this.#resuming.isRunning;
  }

  /** False: the event can be applied now. */
  hold(event: ServerEvent): boolean {
    return this.#resuming.hold(event);
  }

  async resume(session: JoinedSession): Promise<void> {
    let isBack = false;
    await this.#resuming.run(async () => {
      isBack = await this.#ask(session);
    });
    // Not before: recovery waits while the session is being resumed.
    if (isBack && session === this.#parts.seat.session) session.recovery.online();
  }

  /** Whether the server has answered that the session goes on. */
  async #ask(session: JoinedSession): Promise<boolean> {
    const { signaling, admission, seat } = this.#parts;
    const resumeToken = admission.resumeToken ?? "";
    try {
      const { seq } = session;
      const reply = await signaling.request("resume", { resumeToken, seq });
      if (session === seat.session) this.#apply(session, reply);
      return true;
    } catch (error) {
      this.#onFailed(error);
      return false;
    }
  }

  #apply(session: JoinedSession, reply: ResumeReply): void {
    const { media, receiving, view, knownAs } = this.#parts;
    for (const event of reply.events) this.#parts.apply(event as unknown as ServerEvent);
    if (reply.state) this.#compare(reply.state);
    session.seq = Math.max(session.seq, reply.seq);
    media.retellPaused();
    knownAs(reply.state?.self.name);
    view.repeat();
    receiving.tellReady();
    // The event that said so was in an answer that never came.
    if (reply.state && !media.isAmong(reply.state.transports)) session.recovery.transportClosed();
  }

  /**
   * Who answers may be another instance than before: what that one had acknowledged, and could tell
   * nobody, only this client knows.
   */
  #compare({ participants, consumers, transports, self }: ResumeState): void {
    const { media, receiving, missedAll } = this.#parts;
    receiving.replace(participants, consumers);
    missedAll();
    if (media.isAmong(transports)) media.compareProducers(self.producers.map(({ id }) => id));
  }

  #onFailed(error: unknown): void {
    const { signaling, admission, seat, ended } = this.#parts;
    const code = error instanceof CallFailure ? error.code : "";
    signaling.dropUnanswered(error);
    // The next connection resumes: the call goes on meanwhile.
    if (code === LOCAL_CODES.disconnected || code === LOCAL_CODES.timeout) return;
    if (!seat.isTaken) return;
    if (code === "session_expired" || code === "unauthorized") admission.forget();
    ended();
  }
}
