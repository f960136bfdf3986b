import type { ConsumerEntry, Participant } from "../protocol/events";
import { Store } from "../store";
import type { CallFailure } from "./errors";
import * as roster from "./roster";
import { type CallState, initialCallState } from "./types";

/** The snapshot that components read, and the ways in which it changes. Owned by the call client. */
export class StateWriter {
  readonly store = new Store<CallState>(initialCallState);
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  get state(): CallState {
    return this.store.getSnapshot();
  }

  patch(change: Partial<CallState>): void {
    this.store.update((state) => ({ ...state, ...change }));
  }

  patchConnection(change: Partial<CallState["connection"]>): void {
    this.patch({ connection: { ...this.state.connection, ...change } });
  }

  patchSelf(change: Partial<CallState["self"]>): void {
    this.patch({ self: { ...this.state.self, ...change } });
  }

  setRoster(change: (list: roster.Roster) => roster.Roster): void {
    const participants = change(this.state.participants);
    if (participants !== this.state.participants) this.patch({ participants });
  }

  /** Who is in the room, anew. */
  meet(
    participants: readonly Participant[],
    consumers: readonly ConsumerEntry[],
    trackOf: (consumerId: string) => MediaStreamTrack | null,
  ): void {
    this.patch({
      participants: consumers.reduce(
        (list, entry) => roster.attachConsumer(list, entry, trackOf(entry.id)),
        roster.replaceRoster([], participants),
      ),
    });
  }

  attach(entry: ConsumerEntry, track: MediaStreamTrack): void {
    const media = this.state.participants
      .find((participant) => participant.id === entry.participantId)
      ?.media.find((candidate) => candidate.consumerId === entry.id);
    if (media?.track === track) return;
    this.setRoster((list) => roster.attachConsumer(list, entry, track));
  }

  /** `attempts` in a row have failed; the next one is made in `delayMs`. */
  connectionLost(attempts: number, delayMs: number, cause: CallFailure | null): void {
    const { status, since } = this.state.connection;
    // A first failed attempt may be chance; only from the second on the page says so.
    const isFirst = status === "connecting" && attempts <= 1 && !cause?.retryAfterMs;
    this.patchConnection({
      status: isFirst ? "connecting" : "lost",
      since: status === "lost" || isFirst ? since : this.#now(),
      attempts,
      retryAt: this.#now() + delayMs,
      cause: cause?.code ?? null,
    });
  }

  connected(): void {
    const since = this.#now();
    this.patchConnection({ status: "online", since, attempts: 0, retryAt: null, cause: null });
  }
}
