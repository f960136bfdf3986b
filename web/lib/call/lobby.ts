import type { ConsumerEntry, Participant } from "../protocol/events";
import type { MediaSession } from "./media_session";
import type { Signaling } from "./signaling";
import type { JoinTrace } from "./trace";
import type { LobbyState } from "./types";

const LOOK_INTERVAL_MS = 5000;
const INTENT_INTERVAL_MS = 1000;

export interface LobbyHandlers {
  found(lobby: LobbyState): void;
  /** Who will be met, and what will be received from them. */
  prepared(participants: readonly Participant[], consumers: readonly ConsumerEntry[]): void;
  /** There is nobody to be met, or the server prepares nothing. */
  unprepared(): void;
}

/**
 * Before the join: looks now and then who is in the room, and has receiving from them set up, so
 * that the join has nothing left to negotiate.
 */
export class Lobby {
  readonly #signaling: Signaling;
  readonly #media: MediaSession;
  readonly #trace: JoinTrace;
  readonly #handlers: LobbyHandlers;
  #room: string | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #preparing = false;
  #resting: ReturnType<typeof setTimeout> | null = null;

  constructor(
    signaling: Signaling,
    media: MediaSession,
    trace: JoinTrace,
    handlers: LobbyHandlers,
  ) {
    this.#signaling = signaling;
    this.#media = media;
    this.#trace = trace;
    this.#handlers = handlers;
  }

  open(room: string): void {
    this.close();
    this.#room = room;
    this.#look(room);
  }

  /**
   * The person is about to join: a fresh keyframe of every picture is asked for, so that the join
   * need not wait for one.
   */
  intend(): void {
    if (this.#room === null || this.#resting !== null || !this.#media.prepared) return;
    this.#resting = setTimeout(() => {
      this.#resting = null;
    }, INTENT_INTERVAL_MS);
    this.#signaling.request("intendJoin", {}).catch(() => undefined);
  }

  close(): void {
    this.#room = null;
    if (this.#resting !== null) clearTimeout(this.#resting);
    this.#resting = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #look(room: string): void {
    this.#signaling
      .request("lookRoom", { room })
      .then(({ exists, participants, full }) => {
        if (this.#room !== room) return;
        this.#handlers.found({ exists, names: participants.map(({ name }) => name), full });
      })
      .catch(() => undefined);
    this.prepare();
    this.#timer = setTimeout(() => this.#look(room), LOOK_INTERVAL_MS);
  }

  /** As soon as the device is loaded, and whenever something may have changed. */
  prepare(): void {
    const room = this.#room;
    if (room === null || this.#preparing || !this.#media.ready || !this.#signaling.connected)
      return;
    this.#preparing = true;
    this.#prepareFor(room)
      // Preparing is a favour: without it the join does everything itself.
      .catch(() => undefined)
      .finally(() => {
        this.#preparing = false;
      });
  }

  async #prepareFor(room: string): Promise<void> {
    const { rtpCapabilities, dtlsParameters, prepared } = this.#media;
    const reply = await this.#signaling.request("prepareJoin", {
      room,
      rtpCapabilities,
      transports: { recv: { dtlsParameters } },
      traceparent: this.#trace.traceparent,
      ...(prepared ? { transportId: prepared.transportId } : {}),
    });
    if (this.#room !== room) return;
    if (reply.prepared) {
      this.#handlers.prepared(reply.participants, reply.consumers);
      await this.#media.prepare(reply);
    } else {
      this.#handlers.unprepared();
      this.#media.rehearse();
    }
  }
}
