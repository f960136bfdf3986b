import { Store } from "../store";

/**
 * Sound of the others, apart from their pictures. Where the browser blocks sound until a gesture,
 * `blocked` is true and `unblock()` is called from one.
 */
export class Playback {
  readonly #store = new Store<{ blocked: boolean }>({ blocked: false });
  readonly getSnapshot = this.#store.getSnapshot;
  readonly subscribe = this.#store.subscribe;
  readonly #elements = new Set<HTMLAudioElement>();
  #speakerId: string | null = null;

  add(element: HTMLAudioElement, track: MediaStreamTrack): () => void {
    this.#elements.add(element);
    element.srcObject = new MediaStream([track]);
    this.#route(element);
    void this.#play(element);
    return () => {
      this.#elements.delete(element);
      element.srcObject = null;
    };
  }

  unblock(): void {
    this.#store.set({ blocked: false });
    for (const element of this.#elements) void this.#play(element);
  }

  setSpeaker(speakerId: string | null): void {
    if (speakerId === this.#speakerId) return;
    this.#speakerId = speakerId;
    for (const element of this.#elements) this.#route(element);
  }

  #route(element: HTMLAudioElement): void {
    if (this.#speakerId === null || typeof element.setSinkId !== "function") return;
    element.setSinkId(this.#speakerId).catch(() => undefined);
  }

  async #play(element: HTMLAudioElement): Promise<void> {
    try {
      await element.play();
    } catch (error) {
      const blocked = error instanceof DOMException && error.name === "NotAllowedError";
      if (blocked) this.#store.set({ blocked: true });
    }
  }
}
