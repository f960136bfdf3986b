// How long people did not hear each other.

/**
 * @typedef {object} Silence one listener did not hear one speaker between two packets
 * @property {string} who
 * @property {string} of
 * @property {number} from
 * @property {number} to
 * @property {number} lost packets that never came
 */

/** For each listener the longest silence of a time, zero for who had none that is longer than `over`. */
export function gapsOf(silences, { from, to, listeners, over = 0 }) {
  return listeners.map((who) => {
    const own = silences.filter((each) => each.who === who && each.to > from && each.from < to);
    const longest = Math.max(0, ...own.map((each) => each.to - each.from));
    return longest > over ? longest : 0;
  });
}

/** The packets that never came in silences that ended after `from`; one that came late takes none away. */
export function lostSince(silences, from) {
  const later = silences.filter(({ to }) => to > from);
  return later.reduce((sum, { lost }) => sum + Math.max(0, lost), 0);
}

/** The nearest rank. `share` from 0 to 1; of no numbers 0. */
export function percentile(numbers, share) {
  if (numbers.length === 0) return 0;
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}
