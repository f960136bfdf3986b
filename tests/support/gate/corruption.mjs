/** Changes octets at random places, the same ones for the same seed. */
export class Corruption {
  #state;

  constructor(seed) {
    this.#state = seed >>> 0 || 1;
  }

  /** A copy in which on average one octet of `oneIn` is another one; 0: as it is. */
  apply(octets, oneIn) {
    if (oneIn === 0) return octets;
    const changed = Buffer.from(octets);
    for (let at = 0; at < changed.length; ++at) {
      if (this.#next() % oneIn === 0) changed[at] ^= 1 + (this.#next() % 255);
    }
    return changed;
  }

  /** Xorshift, 32 bits. */
  #next() {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    this.#state >>>= 0;
    return this.#state;
  }
}
