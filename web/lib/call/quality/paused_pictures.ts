import type { RemoteParticipant } from "../types";

/** Until the first picture after a pause is there. */
const AFTERMATH_MS = 2000;

/** Which pictures somebody has paused, and when last. Browsers count a short pause as a freeze. */
export class PausedPictures {
  readonly #now: () => number;
  /** By track, as long as there is one. */
  #pausedAt = new Map<string, number>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Whenever something has changed, and before asking. */
  look(participants: readonly RemoteParticipant[]): void {
    const now = this.#now();
    const seen = new Map<string, number>();
    for (const { media } of participants) {
      for (const { kind, paused, track } of media) {
        if (kind !== "video" || !track) continue;
        const before = this.#pausedAt.get(track.id);
        // What is not paused any longer was so until this moment.
        const wasPaused = before === Number.POSITIVE_INFINITY;
        if (paused) seen.set(track.id, Number.POSITIVE_INFINITY);
        else if (before !== undefined) seen.set(track.id, wasPaused ? now : before);
      }
    }
    this.#pausedAt = seen;
  }

  /** Whether it was paused at some time since `time`, or shortly before. */
  wasPausedSince(trackId: string, time: number): boolean {
    return (this.#pausedAt.get(trackId) ?? Number.NEGATIVE_INFINITY) >= time - AFTERMATH_MS;
  }
}
