import type { ServerEvent } from "./signaling";

/** While a session is being resumed, events that overtake the answer wait for it. */
export class Resuming {
  readonly #release: (event: ServerEvent) => void;
  #held: ServerEvent[] = [];
  #running = false;

  constructor(release: (event: ServerEvent) => void) {
    this.#release = release;
  }

  get isRunning(): boolean {
    return this.#running;
  }

  /** One at a time; a second call does nothing. `work` does not reject. */
  async run(work: () => Promise<void>): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    try {
      await work();
    } finally {
      this.#running = false;
      const held = this.#held;
      this.#held = [];
      for (const event of held) this.#release(event);
    }
  }

  /** False: the event can be applied now. */
  hold(event: ServerEvent): boolean {
    if (this.#running) this.#held.push(event);
    return this.#running;
  }
}
