// What a gate does to what passes it. Directions: `there` from whoever connects, `back` from the
// part behind the gate.

const DIRECTIONS = ["there", "back"];
const MOST_DELAY_MS = 600_000;

/**
 * @typedef {object} Rules
 * @property {"open" | "refuse" | "hold"} door
 *   refuse: the port is closed, so that a connection is answered with RST; those that are there go on.
 *   hold: a partition. Nothing passes in either direction and nobody is told. TCP loses nothing of it
 *   afterwards, as with a cable that is plugged in again; datagrams are lost
 * @property {Record<"there" | "back", number>} delayMs for each octet, in order
 * @property {Record<"there" | "back", number>} corruptOneIn one octet of so many is changed; 0: none
 * @property {Record<"there" | "back", number>} octetsPerSecond 0: as fast as it goes
 */

const NEITHER = { there: 0, back: 0 };

/** @type {Rules} */
export const PASS = {
  door: "open",
  delayMs: NEITHER,
  corruptOneIn: NEITHER,
  octetsPerSecond: NEITHER,
};

/**
 * Complete rules from some of them; a number counts for both directions. Throws with a sentence where
 * they are none.
 * @param {Partial<Rules> | Record<string, number>} given
 * @returns {Rules}
 */
export function rulesFrom(given) {
  const rules = { ...PASS };
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(PASS, name)) {
      throw new Error(`a gate has no rule "${name}": there are ${Object.keys(PASS).join(", ")}`);
    }
    rules[name] = name === "door" ? doorFrom(value) : bothWays(name, value);
  }
  return rules;
}

function doorFrom(value) {
  if (["open", "refuse", "hold"].includes(value)) return value;
  throw new Error(`a gate's door is open, refuse or hold, not ${JSON.stringify(value)}`);
}

function bothWays(name, value) {
  const pair = typeof value === "number" ? { there: value, back: value } : { ...NEITHER, ...value };
  const most = name === "delayMs" ? MOST_DELAY_MS : Number.MAX_SAFE_INTEGER;
  for (const [direction, number] of Object.entries(pair)) {
    if (!DIRECTIONS.includes(direction)) {
      throw new Error(`${name} has the directions there and back, not "${direction}"`);
    }
    if (!Number.isInteger(number) || number < 0 || number > most) {
      throw new Error(`${name}.${direction} is a whole number from 0 to ${most}, not ${number}`);
    }
  }
  return pair;
}
