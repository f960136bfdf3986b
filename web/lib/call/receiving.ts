import type { ConsumerEntry, Participant } from "../protocol/events";
import type { MediaSession } from "./media_session";
import * as roster from "./roster";
import type { Signaling } from "./signaling";
import type { StateWriter } from "./state_writer";

interface ReceivingParts {
  signaling: Signaling;
  media: MediaSession;
  writer: StateWriter;
  isJoined(): boolean;
}

/** What comes from others: set up here, and the server is told when it can start. */
export class Receiving {
  readonly #parts: ReceivingParts;

  constructor(parts: ReceivingParts) {
    this.#parts = parts;
  }

  async consume(entries: readonly ConsumerEntry[]): Promise<void> {
    await this.#parts.media.consume(entries);
    this.tellReady();
  }

  /** Of all that the server waits for. Without a connection, the next resume does it. */
  tellReady(): void {
    const { signaling, media, isJoined } = this.#parts;
    const consumerIds = media.unstarted;
    if (consumerIds.length === 0 || !isJoined() || !signaling.connected) return;
    media.markStarted(consumerIds);
    signaling
      .request("consumersReady", { consumerIds })
      .catch(() => media.unmarkStarted(consumerIds));
  }

  /** The whole truth of the server, after events were lost. */
  replace(participants: readonly Participant[], consumers: readonly ConsumerEntry[]): void {
    const { media, writer } = this.#parts;
    const gone = media.closeAllBut(consumers);
    writer.setRoster((list) =>
      roster.replaceRoster(roster.detachConsumers(list, gone), participants),
    );
    void this.consume(consumers);
  }
}
