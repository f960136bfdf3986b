import type { Producer, Transport } from "mediasoup-client/types";
import type { PublishChoice, Source } from "../protocol/events";

/** What should be sent: no track means that the device is released or missing. */
export interface WantedMedia {
  track: MediaStreamTrack | null;
  paused: boolean;
}

export interface PublicationSignals {
  /** Tell the server; also called to repeat the truth after a reconnect. */
  paused(producerId: string, paused: boolean): void;
  failed(source: Source, error: unknown): void;
}

/** Data that travels with `transport.produce()` to the transport's "produce" handler. */
export interface ProduceAppData extends Record<string, unknown> {
  producerId: string;
  source: Source;
  paused: boolean;
}

/**
 * One local source (microphone, camera) and its producer. Wishes may come faster than the browser
 * fulfils them: only the newest is followed. Muting changes no SDP.
 */
export class Publication {
  readonly source: "microphone" | "camera";
  readonly #signals: PublicationSignals;
  #wanted: WantedMedia = { track: null, paused: true };
  #transport: Transport | null = null;
  #choice: PublishChoice = {};
  #producer: Producer | null = null;
  /** The id of the newest producer, from before it exists here: a refusal may come that early. */
  #producerId: string | null = null;
  #toldPaused: boolean | null = null;
  #running = false;
  /** A wish came since the last step began. */
  #changed = false;
  #refused = false;

  constructor(source: "microphone" | "camera", signals: PublicationSignals) {
    this.source = source;
    this.#signals = signals;
  }

  get producerId(): string | null {
    return this.#producerId;
  }

  want(wanted: WantedMedia): void {
    const isSwitchedOn = this.#wanted.paused && !wanted.paused;
    if (isSwitchedOn || wanted.track !== this.#wanted.track) this.#refused = false;
    this.#wanted = wanted;
    void this.#reconcile();
  }

  /** A new transport to send on; what was produced on the old one is forgotten. */
  attach(transport: Transport, choice: PublishChoice): void {
    this.#transport = transport;
    this.#choice = choice;
    this.#producer = null;
    this.#toldPaused = null;
    this.#refused = false;
    void this.#reconcile();
  }

  detach(): void {
    this.#transport = null;
    this.#producer = null;
    this.#producerId = null;
  }

  /** The server refused the producer: it is closed, and not tried again before the next wish. */
  refuse(): void {
    this.#refused = true;
    this.#producerId = null;
    this.#producer?.close();
    this.#producer = null;
  }

  /** What was refused is tried again, under another id. */
  retry(): void {
    this.#refused = false;
    void this.#reconcile();
  }

  /** The server has paused it already; the next wish may resume it. */
  mute(): void {
    this.#wanted = { ...this.#wanted, paused: true };
    if (!this.#producer) {
      void this.#reconcile();
      return;
    }
    this.#toldPaused = true;
    this.#producer.pause();
  }

  /** Produces again what the server does not know any more. */
  compare(known: string[]): void {
    if (!this.#producer || known.includes(this.#producer.id)) return;
    this.#producer.close();
    this.#producer = null;
    this.#toldPaused = null;
    void this.#reconcile();
  }

  /** Repeats pause or resume, which may have been lost with the connection. */
  retell(): void {
    if (this.#producer && this.#toldPaused !== null) {
      this.#signals.paused(this.#producer.id, this.#toldPaused);
    }
  }

  async #reconcile(): Promise<void> {
    this.#changed = true;
    if (this.#running) return;
    this.#running = true;
    let busy = true;
    while (busy || this.#changed) {
      this.#changed = false;
      const transport = this.#transport;
      try {
        // Each step brings the producer one change closer to the newest wish.
        busy = await this.#step();
      } catch (error) {
        // A transport that was replaced meanwhile may fail; its successor is tried instead.
        if (transport === this.#transport && !transport?.closed) {
          this.#refused = true;
          this.#signals.failed(this.source, error);
        }
        busy = transport !== this.#transport;
      }
    }
    this.#running = false;
  }

  /** Makes at most one change; false when nothing is left to do. */
  async #step(): Promise<boolean> {
    const transport = this.#transport;
    const { track, paused } = this.#wanted;
    if (!transport || transport.closed || this.#refused) return false;
    const producer = this.#producer;
    if (!producer || producer.closed) {
      if (!track || track.readyState === "ended") return false;
      await this.#produce(transport, track, paused);
      return true;
    }
    if (producer.track !== track && track?.readyState !== "ended") {
      await producer.replaceTrack({ track });
      return true;
    }
    const nowPaused = paused || track === null;
    if (this.#toldPaused === nowPaused) return false;
    if (nowPaused) producer.pause();
    else producer.resume();
    this.#toldPaused = nowPaused;
    this.#signals.paused(producer.id, nowPaused);
    return true;
  }

  async #produce(transport: Transport, track: MediaStreamTrack, paused: boolean): Promise<void> {
    const producerId = newProducerId();
    this.#producerId = producerId;
    const appData: ProduceAppData = { producerId, source: this.source, paused };
    const producer = await transport.produce({
      ...this.#choice,
      track,
      stopTracks: false,
      appData,
    });
    if (transport !== this.#transport || producerId !== this.#producerId) {
      producer.close();
      return;
    }
    if (paused) producer.pause();
    this.#producer = producer;
    this.#toldPaused = paused;
  }
}

function newProducerId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return `p${Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
