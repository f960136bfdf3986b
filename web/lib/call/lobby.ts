import type { MediaSession } from "./media_session";
import type { Signaling } from "./signaling";
import type { LobbyState } from "./types";

const LOOK_INTERVAL_MS = 5000;

/**
 * Before the join: looks now and then who is in the room, and has receiving from them set up, so
 * that the join has nothing left to negotiate.
 */
export class Lobby {
  readonly #signaling: Signaling;
  readonly #media: MediaSession;
  readonly #found: (lobby: LobbyState) => void;
  #room: string | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #preparing = false;

  constructor(signaling: Signaling, media: MediaSession, found: (lobby: LobbyState) => void) {
    this.#signaling = signaling;
    this.#media = media;
    this.#found = found;
  }

  open(room: string): void {
    this.close();
    this.#room = room;
    this.#look(room);
  }

  close(): void {
    this.#room = null;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #look(room: string): void {
    this.#signaling
      .request("lookRoom", { room })
      .then(({ exists, participants, full }) => {
        if (this.#room !== room) return;
        this.#found({ exists, names: participants.map(({ name }) => name), full });
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
      ...(prepared ? { transportId: prepared.transportId } : {}),
    });
    if (this.#room !== room) return;
    if (!reply.prepared) this.#media.rehearse();
    await this.#media.prepare(reply);
  }
}
