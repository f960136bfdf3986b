// A room's media is at one instance at a time.

/** What is on its way from an instance that has just lost the room is no second owner. */
const IN_FLIGHT_MS = 250;

/**
 * @typedef {object} Reign an instance was seen to forward a room's media, from the first packet to the last
 * @property {string} room
 * @property {string} owner
 * @property {number} from
 * @property {number} to
 */

/**
 * @param {Reign[]} reigns of any number of observers
 * @param {{ inFlightMs?: number }} options
 * @returns {string[]} what is wrong, in sentences
 */
export function doubleOwners(reigns, { inFlightMs = IN_FLIGHT_MS } = {}) {
  const problems = [];
  const sorted = [...reigns].sort((a, b) => a.from - b.from);
  for (const [at, one] of sorted.entries()) {
    for (const other of sorted.slice(at + 1)) {
      if (other.room !== one.room || other.owner === one.owner) continue;
      const together = Math.min(one.to, other.to) - other.from;
      if (together <= inFlightMs) continue;
      problems.push(
        `${one.room} was at ${one.owner} and at ${other.owner} for ${Math.round(together)} ms`,
      );
    }
  }
  return problems;
}
