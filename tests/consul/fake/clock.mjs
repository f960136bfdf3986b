/**
 * Time for everything that expires, which a test can move forwards: the system's clock plus what was
 * added by `advance`. What falls due on the way happens in its order, at its own time.
 */
export class Clock {
  #addedMs = 0;
  #waiting = new Set();
  #timer;

  now() {
    return performance.now() + this.#addedMs;
  }

  /** @returns {() => void} calls it off */
  after(ms, call) {
    const entry = { at: this.now() + ms, call };
    this.#waiting.add(entry);
    this.#arm();
    return () => this.#waiting.delete(entry);
  }

  /** Calls again and again, until the returned function is called. */
  every(ms, call) {
    let cancel;
    const again = () => {
      cancel = this.after(ms, again);
      call();
    };
    cancel = this.after(ms, again);
    return () => cancel();
  }

  advance(ms) {
    const target = this.now() + ms;
    for (let next = this.#next(); next && next.at <= target; next = this.#next()) {
      this.#addedMs += Math.max(0, next.at - this.now());
      this.#run(next);
    }
    this.#addedMs += Math.max(0, target - this.now());
    this.#arm();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#waiting.clear();
  }

  #next() {
    let next;
    for (const entry of this.#waiting) if (!next || entry.at < next.at) next = entry;
    return next;
  }

  #run(entry) {
    this.#waiting.delete(entry);
    entry.call();
  }

  #arm() {
    clearTimeout(this.#timer);
    const next = this.#next();
    if (!next) return;
    const due = () => {
      if (next.at <= this.now() && this.#waiting.has(next)) this.#run(next);
      this.#arm();
    };
    this.#timer = setTimeout(due, Math.max(0, Math.ceil(next.at - this.now())));
  }
}
