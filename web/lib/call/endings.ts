import type { LeaveReason } from "../protocol/events";
import type { Store } from "../store";
import type { Admission } from "./admission";
import type { Chat } from "./chat";
import type { Entrance } from "./entrance";
import { CallFailure, LOCAL_CODES } from "./errors";
import type { FailureReports } from "./failure_reports";
import type { Joining } from "./joining";
import type { Lobby } from "./lobby";
import type { MediaSession } from "./media_session";
import type { Notices } from "./notices";
import type { QualityReports } from "./quality/reports";
import type { Seat } from "./seat";
import type { Signaling } from "./signaling";
import type { StateWriter } from "./state_writer";
import { type EndReason, GUEST_GRANTS } from "./types";
import type { ViewReport } from "./view_report";

/** A server that is being stopped has a successor in a moment. */
const AFTER_SHUTDOWN_MS = 1000;

export interface EndingParts {
  signaling: Signaling;
  writer: StateWriter;
  media: MediaSession;
  admission: Admission;
  joining: Joining;
  entrance: Entrance;
  lobby: Lobby;
  view: ViewReport;
  notices: Notices;
  seat: Seat;
  chat: Chat;
  failures: FailureReports;
  quality: QualityReports;
  levels: Store<ReadonlyMap<string, number>>;
}

/** All the ways in which a call ends, and what is left then. */
export class Endings {
  readonly #parts: EndingParts;

  constructor(parts: EndingParts) {
    this.#parts = parts;
  }

  /** By the person's own wish. */
  leave(): void {
    this.#parts.admission.forget();
    this.#end("left");
  }

  /** The server has told that this participant is gone. */
  left(reason: LeaveReason): void {
    if (reason === "removed") this.takenOut(reason);
    else this.leave();
  }

  /** The server ends the connection: another one is made when the person asks for it. */
  takenOut(reason: "removed" | "replaced"): void {
    const { admission, signaling } = this.#parts;
    if (reason === "replaced") admission.lend();
    else admission.forget();
    this.#end(reason);
    signaling.stop();
  }

  joinFailed(error: unknown): void {
    const { admission, signaling } = this.#parts;
    const isStopping = error instanceof CallFailure && error.code === "shutting_down";
    if (isStopping) signaling.delayNextAttempt(AFTER_SHUTDOWN_MS);
    // Without an answer the seat may be taken: the next try comes back to it.
    const isUnanswered = error instanceof CallFailure && error.code === LOCAL_CODES.timeout;
    if (isUnanswered) admission.lend();
    else admission.forget();
    this.fail(error);
  }

  fail(error: unknown): void {
    this.#end("failed");
    this.#parts.writer.patch({ error: this.#parts.failures.shown(error) });
  }

  /** Whatever runs by itself stops; the state stays as it is. */
  halt(): void {
    const { joining, entrance, lobby, view, seat, media, chat, quality } = this.#parts;
    quality.stop();
    joining.cancel();
    entrance.close();
    lobby.close();
    view.close();
    chat.clear();
    seat.leave();
    media.stop();
  }

  #end(reason: EndReason): void {
    const { writer, notices, levels } = this.#parts;
    notices.clear();
    this.halt();
    levels.set(new Map());
    writer.patch({
      phase: "ended",
      ended: reason,
      media: "new",
      participants: [],
      dominantSpeaker: null,
      lobby: null,
      self: { ...writer.state.self, id: null, joinedAt: null, grants: GUEST_GRANTS },
    });
  }
}
