/** Where the index begins: above 0, below what a fake that has run for a while has come to. */
const FIRST_INDEX = 10;

/**
 * The index that every change moves, and who waits for it. A topic ("service:web", "kv") remembers
 * the index of its last change, so that a query is not woken by what it did not ask about.
 */
export class Journal {
  #index = FIRST_INDEX;
  #changed = new Map();
  #waiting = new Set();

  /** One change of all these topics; its index. */
  touch(...topics) {
    this.#index += 1;
    for (const topic of topics) this.#changed.set(topic, this.#index);
    for (const waiter of [...this.#waiting]) waiter("change");
    return this.#index;
  }

  /** The index of a topic that may never have been heard of. */
  of(topic) {
    return this.#changed.get(topic) ?? FIRST_INDEX;
  }

  /** As after a restart, or when servers were restored from an older copy. */
  reset() {
    this.#index = FIRST_INDEX;
    this.#changed.clear();
    for (const waiter of [...this.#waiting]) waiter("reset");
  }

  /** "change", "reset", or "time-out". Never comes where `signal` is aborted. */
  next(clock, ms, signal) {
    return new Promise((resolve) => {
      const done = (why) => {
        this.#waiting.delete(done);
        signal.removeEventListener("abort", gone);
        cancel();
        if (!signal.aborted) resolve(why);
      };
      const gone = () => done("gone");
      const cancel = clock.after(ms, () => done("time-out"));
      this.#waiting.add(done);
      signal.addEventListener("abort", gone);
    });
  }
}
