import type { Admission } from "./admission";
import type { Chat } from "./chat";
import type { CallFailure } from "./errors";
import type { FailureReports } from "./failure_reports";
import type { Joining } from "./joining";
import type { Lobby } from "./lobby";
import type { MediaSession } from "./media_session";
import type { Resumption } from "./resumption";
import type { Seat } from "./seat";
import type { Signaling } from "./signaling";
import type { StateWriter } from "./state_writer";

export interface ConnectionParts {
  signaling: Signaling;
  writer: StateWriter;
  media: MediaSession;
  admission: Admission;
  joining: Joining;
  lobby: Lobby;
  resumption: Resumption;
  seat: Seat;
  chat: Chat;
  failures: FailureReports;
  now(): number;
  failed(failure: CallFailure): void;
}

/** What comes of a connection that is there, lost or refused: looking, joining, resuming, waiting. */
export class ConnectionEvents {
  readonly #parts: ConnectionParts;

  constructor(parts: ConnectionParts) {
    this.#parts = parts;
  }

  connected(): void {
    const { writer, seat, resumption, joining, chat, failures } = this.#parts;
    writer.connected();
    if (seat.session) void resumption.resume(seat.session).then(() => chat.online());
    else if (joining.isWanted) joining.tryNow();
    else this.look();
    failures.connected();
  }

  /** A remembered session may have ended meanwhile; one of this page's own has, too. */
  discardCredentials(): void {
    const { admission, seat } = this.#parts;
    admission.discardCredentials();
    if (seat.isTaken && admission.resumeToken === null) this.joinAnew();
  }

  lost(attempts: number, delayMs: number, cause: CallFailure | null): void {
    const { lobby, writer, signaling, seat } = this.#parts;
    lobby.close();
    if (writer.state.phase === "ended") {
      // Nobody waits for it: an invitation would be spent on looking at the last page.
      signaling.stop();
      return;
    }
    if (!seat.isTaken) this.forgetPrepared();
    writer.connectionLost(attempts, delayMs, cause);
  }

  refused(failure: CallFailure): void {
    const { writer, now, failed } = this.#parts;
    writer.patchConnection({ status: "refused", since: now(), retryAt: null });
    failed(failure);
  }

  /** Certificate or device have come. */
  ready(): void {
    this.#parts.lobby.prepare();
    this.#parts.joining.tryNow();
  }

  /** Who is there, while the preview is open. */
  look(): void {
    const { writer, lobby } = this.#parts;
    const { room, phase } = writer.state;
    if (phase === "preview" && room !== null) lobby.open(room);
  }

  /** Nothing is left to resume: by itself, with the same name and devices. */
  joinAnew(): void {
    const { writer, seat, joining } = this.#parts;
    seat.leave();
    writer.patch({ media: "recovering" });
    joining.wantAnew(writer.state.self.name);
  }

  forgetPrepared(): void {
    const { media, writer } = this.#parts;
    media.forgetPrepared();
    if (writer.state.participants.length > 0) writer.patch({ participants: [] });
  }
}
