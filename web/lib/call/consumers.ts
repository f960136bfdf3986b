import type { Consumer, Transport } from "mediasoup-client/types";
import type { ConsumerEntry } from "../protocol/events";

export interface ConsumerHandlers {
  /** A receiver exists and its track can be attached; the first packet is still to come. */
  track(entry: ConsumerEntry, track: MediaStreamTrack): void;
  /** The receiver's transport is set up: its states can be watched. */
  receiver(receiver: RTCRtpReceiver): void;
  consumerFailed(entry: ConsumerEntry, error: unknown): void;
}

/** One that is being set up, until it is given up. */
interface Setup {
  producerId: string;
  isWanted: boolean;
  done: Promise<void>;
}

/**
 * The consumers of one receiving transport: those that are set up, and those that will be. Setting
 * up takes a negotiation; whichever is closed meanwhile leaves nothing behind.
 */
export class Consumers {
  readonly #handlers: ConsumerHandlers;
  readonly #all = new Map<string, Consumer>();
  readonly #setups = new Map<string, Setup>();
  /** Those whose media the server sends, or was told to send. */
  readonly #started = new Set<string>();

  constructor(handlers: ConsumerHandlers) {
    this.#handlers = handlers;
  }

  /** Those that are set up. */
  get ids(): string[] {
    return [...this.#all.keys()];
  }

  /** Those that are being set up, too. */
  get wantedIds(): string[] {
    return [...new Set([...this.#all.keys(), ...this.#setups.keys()])];
  }

  /** Those that are set up and wait for the server to hear of it. */
  get unstarted(): string[] {
    return this.ids.filter((id) => !this.#started.has(id));
  }

  get receivers(): RTCRtpReceiver[] {
    return [...this.#all.values()].flatMap(({ rtpReceiver }) => rtpReceiver ?? []);
  }

  /** Set up, and told the server. */
  isStarted(id: string): boolean {
    return this.#all.has(id) && this.#started.has(id);
  }

  trackOf(id: string): MediaStreamTrack | null {
    return this.#all.get(id)?.track ?? null;
  }

  markStarted(ids: readonly string[]): void {
    for (const id of ids) this.#started.add(id);
  }

  /** The server did not hear of it. */
  unmarkStarted(ids: readonly string[]): void {
    for (const id of ids) this.#started.delete(id);
  }

  /** Sets up what is not yet; resolves when the answer is in place. What failed was told. */
  async add(transport: Transport, entries: readonly ConsumerEntry[]): Promise<void> {
    const fresh = entries.filter((entry) => !this.#all.has(entry.id));
    await Promise.all(fresh.map((entry) => this.#addOnce(transport, entry)));
  }

  close(ids: readonly string[]): void {
    for (const id of ids) {
      this.#giveUp(id);
      this.#all.get(id)?.close();
      this.#all.delete(id);
      this.#started.delete(id);
    }
  }

  /** Of a producer that is gone. */
  closeOf(producerId: string): void {
    const all = [...this.#all, ...this.#setups];
    this.close(all.flatMap(([id, one]) => (one.producerId === producerId ? [id] : [])));
  }

  /** Their transport is closed. */
  forget(): void {
    for (const id of this.#setups.keys()) this.#giveUp(id);
    this.#all.clear();
    this.#started.clear();
  }

  #giveUp(id: string): void {
    const setup = this.#setups.get(id);
    if (setup) setup.isWanted = false;
    this.#setups.delete(id);
  }

  /** The join may ask for what is being prepared. */
  #addOnce(transport: Transport, entry: ConsumerEntry): Promise<void> {
    const underWay = this.#setups.get(entry.id);
    if (underWay) return underWay.done;
    const setup: Setup = {
      producerId: entry.producerId,
      isWanted: true,
      done: Promise.resolve(),
    };
    this.#setups.set(entry.id, setup);
    setup.done = this.#addOne(transport, entry, setup).finally(() => {
      if (setup.isWanted) this.#setups.delete(entry.id);
    });
    return setup.done;
  }

  async #addOne(transport: Transport, entry: ConsumerEntry, setup: Setup): Promise<void> {
    try {
      const consumer = await transport.consume({
        id: entry.id,
        producerId: entry.producerId,
        kind: entry.kind,
        rtpParameters: entry.rtpParameters,
        streamId: entry.streamId,
        onRtpReceiver: (receiver) => {
          if (setup.isWanted) this.#handlers.track(entry, receiver.track);
        },
      });
      if (!setup.isWanted) {
        consumer.close();
        return;
      }
      this.#all.set(entry.id, consumer);
      this.#handlers.track(entry, consumer.track);
      if (consumer.rtpReceiver) this.#handlers.receiver(consumer.rtpReceiver);
    } catch (error) {
      if (setup.isWanted && !transport.closed) this.#handlers.consumerFailed(entry, error);
    }
  }
}
