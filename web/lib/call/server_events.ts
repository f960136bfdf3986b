import type { ServerEvents } from "../protocol/events";
import type { Store } from "../store";
import type { Admission } from "./admission";
import type { Chat } from "./chat";
import type { Resumption } from "./resumption";
import type { RoomEvents } from "./room_events";
import type { Seat } from "./seat";
import type { ServerEvent, Signaling } from "./signaling";
import type { StateWriter } from "./state_writer";

export interface ServerEventParts {
  signaling: Signaling;
  writer: StateWriter;
  admission: Admission;
  seat: Seat;
  resumption: Resumption;
  room: RoomEvents;
  chat: Chat;
  /** dBov by participant, of those who speak. */
  levels: Store<ReadonlyMap<string, number>>;
  welcomed(welcome: ServerEvents["welcome"]): void;
  takenOut(reason: "removed" | "replaced"): void;
}

/** What the server tells by itself: what is about the connection, and a room's events in their order. */
export class ServerEventHandler {
  readonly #parts: ServerEventParts;

  constructor(parts: ServerEventParts) {
    this.#parts = parts;
  }

  handle(event: ServerEvent): void {
    const { signaling, resumption, chat, welcomed, takenOut } = this.#parts;
    switch (event.name) {
      case "welcome":
        welcomed(event.payload);
        return;
      case "activeSpeakers":
        this.#onSpeakers(event.payload);
        return;
      case "typing":
        chat.typing(event.payload);
        return;
      case "resumeToken":
        this.#onResumeToken(event.payload);
        return;
      case "replaced":
      case "removed":
        takenOut(event.name);
        return;
      case "serverShutdown":
        signaling.delayNextAttempt(event.payload.retryAfterMs);
        return;
      default:
        if (!resumption.hold(event)) this.apply(event);
    }
  }

  /** A numbered event, once. */
  apply(event: ServerEvent): void {
    const { session } = this.#parts.seat;
    if (!session || !("seq" in event.payload)) return;
    if (event.payload.seq <= session.seq) return;
    session.seq = event.payload.seq;
    this.#parts.room.apply(event);
  }

  #onResumeToken({ resumeToken }: ServerEvents["resumeToken"]): void {
    const { seat, admission, writer } = this.#parts;
    if (seat.isTaken) admission.remember(writer.state.self.name, resumeToken);
  }

  #onSpeakers({ speakers, dominant }: ServerEvents["activeSpeakers"]): void {
    const { levels, writer } = this.#parts;
    levels.set(new Map(speakers.map(({ participantId, level }) => [participantId, level])));
    if (dominant !== writer.state.dominantSpeaker) writer.patch({ dominantSpeaker: dominant });
  }
}
