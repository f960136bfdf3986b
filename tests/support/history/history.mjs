/**
 * What the people of a test did, were told and heard, in the order in which it happened. Checkers
 * (the files beside this one) are pure functions of its entries.
 *
 * @typedef {object} Entry
 * @property {number} at milliseconds
 * @property {string} who a person, whatever ids they had
 * @property {string} room
 * @property {"joined" | "resumed" | "left" | "told" | "acknowledged" | "refused" | "cut" | "behind" | "level"} kind
 *   joined: came in, or came in anew: `id`, `seq`, `roster` [{ id, name }] of the others
 *   resumed: the same participant as before: `seq`, and `roster` where the whole state was sent
 *   left: the server has said goodbye
 *   told: an event of the server's: `name`, `payload`; `isPart`: with a state that says the rest, and so
 *   perhaps not all that there were
 *   acknowledged, refused: what they asked for: `deed`, `value`; `code` where it was refused
 *   cut: their connection broke
 *   behind, level: of nobody: from here to there an instance may show what it knew before
 */
export class History {
  entries = [];

  /** @param {Omit<Entry, "at">} entry */
  add(entry) {
    this.entries.push({ at: performance.now(), ...entry });
  }

  of(who) {
    return this.entries.filter((entry) => entry.who === who);
  }
}
