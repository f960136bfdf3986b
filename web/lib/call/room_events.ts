import type { ConsumerEntry, LeaveReason, ServerEvents } from "../protocol/events";
import type { Chat } from "./chat";
import { CallFailure } from "./errors";
import type { MediaSession } from "./media_session";
import type { OwnMedia } from "./own_media";
import * as roster from "./roster";
import type { ServerEvent } from "./signaling";
import type { StateWriter } from "./state_writer";

interface RoomEventParts {
  writer: StateWriter;
  media: MediaSession;
  own: OwnMedia;
  chat: Chat;
  consume(entries: readonly ConsumerEntry[]): void;
  transportClosed(): void;
  /** Oneself, for this reason. */
  left(reason: LeaveReason): void;
}

/** What the numbered events of a room change. Their order is the caller's affair. */
export class RoomEvents {
  readonly #parts: RoomEventParts;

  constructor(parts: RoomEventParts) {
    this.#parts = parts;
  }

  apply(event: ServerEvent): void {
    const { writer, media, own, chat } = this.#parts;
    switch (event.name) {
      case "participantUpdated":
        this.#onParticipantUpdated(event.payload);
        return;
      case "participantLeft":
        this.#onParticipantLeft(event.payload);
        return;
      case "newConsumers":
        this.#parts.consume(event.payload.consumers);
        return;
      case "consumersClosed":
        media.closeConsumers(event.payload.consumerIds);
        writer.setRoster((list) => roster.detachConsumers(list, event.payload.consumerIds));
        return;
      case "producerRemoved":
        media.closeConsumersOf(event.payload.producerId);
        writer.setRoster((list) => roster.applyEvent(list, event));
        return;
      case "producerUpdated":
        if (this.#isSelf(event.payload.participantId)) own.muted(event.payload);
        else writer.setRoster((list) => roster.applyEvent(list, event));
        return;
      case "producerRefused":
        own.refused(event.payload.producerId, CallFailure.fromWire(event.payload.error));
        return;
      case "transportClosed":
        if (media.owns(event.payload.transportId)) this.#parts.transportClosed();
        return;
      case "message":
        chat.received(event.payload);
        return;
      case "messagesMissed":
        chat.missedSome();
        return;
      default:
        writer.setRoster((list) => roster.applyEvent(list, event));
    }
  }

  #isSelf(participantId: string): boolean {
    return participantId === this.#parts.writer.state.self.id;
  }

  #onParticipantUpdated(update: ServerEvents["participantUpdated"]): void {
    const { writer } = this.#parts;
    if (this.#isSelf(update.participantId)) {
      if (update.name !== undefined) writer.patchSelf({ name: update.name });
      return;
    }
    writer.setRoster((list) => roster.updateParticipant(list, update.participantId, update));
  }

  #onParticipantLeft({ participantId, reason }: ServerEvents["participantLeft"]): void {
    const { writer, chat, left } = this.#parts;
    if (this.#isSelf(participantId)) {
      left(reason);
      return;
    }
    chat.left(participantId);
    writer.setRoster((list) => roster.removeParticipant(list, participantId));
  }
}
