/** Beyond, nothing is read from whoever sends until some of it has left. */
const MOST_WAITING_OCTETS = 1024 * 1024;
const SECOND_MS = 1000;

/** One direction of one connection through a gate: from one socket to the other, in order. */
export class Lane {
  #from;
  #to;
  #direction;
  #rules;
  #corruption;
  #waiting = [];
  #waitingOctets = 0;
  #timer = null;
  #isFull = false;
  #wireIsFreeAt = 0;

  /** @param {{ beforeEnd: () => Promise<void> }} options beforeEnd: what an end waits for */
  constructor({ from, to, direction, rules, corruption, beforeEnd }) {
    this.#from = from;
    this.#to = to;
    this.#direction = direction;
    this.#rules = rules;
    this.#corruption = corruption;
    from.on("data", (octets) => this.#take(octets));
    from.on("end", () => beforeEnd().then(() => this.#take(null)));
    to.on("drain", () => {
      this.#isFull = false;
      this.#pump();
    });
  }

  set rules(rules) {
    this.#rules = rules;
    if (rules.door === "hold") this.#from.pause();
    this.#pump();
  }

  stop() {
    clearTimeout(this.#timer);
    this.#waiting = [];
  }

  #of(rule) {
    return this.#rules[rule][this.#direction];
  }

  /** Null is the end. */
  #take(octets) {
    const due = performance.now() + this.#of("delayMs");
    this.#waiting.push({ octets, due, isCounted: false });
    this.#waitingOctets += octets?.length ?? 0;
    this.#pump();
  }

  #pump() {
    clearTimeout(this.#timer);
    if (this.#rules.door === "hold") return;
    while (this.#waiting.length > 0 && !this.#isFull) {
      const wait = this.#dueOf(this.#waiting[0]) - performance.now();
      if (wait > 0) {
        this.#timer = setTimeout(() => this.#pump(), Math.ceil(wait));
        break;
      }
      this.#pass(this.#waiting.shift());
    }
    if (this.#waitingOctets > MOST_WAITING_OCTETS) this.#from.pause();
    else this.#from.resume();
  }

  /** With a rate a piece is through when the last of its octets is. */
  #dueOf(piece) {
    const rate = this.#of("octetsPerSecond");
    if (rate > 0 && !piece.isCounted) {
      const begin = Math.max(piece.due, this.#wireIsFreeAt, performance.now());
      this.#wireIsFreeAt = begin + ((piece.octets?.length ?? 0) * SECOND_MS) / rate;
      piece.due = this.#wireIsFreeAt;
    }
    piece.isCounted = true;
    return piece.due;
  }

  #pass({ octets }) {
    if (octets === null) return this.#to.end();
    this.#waitingOctets -= octets.length;
    if (this.#to.writable) this.#isFull = !this.#to.write(this.#corrupted(octets));
  }

  #corrupted(octets) {
    return this.#corruption.apply(octets, this.#of("corruptOneIn"));
  }
}
