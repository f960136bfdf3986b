// What was acknowledged is not lost: each person numbers what they do (`setName`), and the others
// hear of it once and in order, by an event or by a state that holds it.

/** A name that says whose deed it is and which: "Ada 7". */
export const nameOf = (who, number) => `${who} ${number}`;
const NAME = /^(.+) (\d+)$/;

function deedIn(name) {
  const [, who, number] = NAME.exec(name) ?? [];
  return who === undefined ? undefined : { who, number: Number(number) };
}

/**
 * @param {import("./history.mjs").Entry[]} entries of all
 * @param {{ who: string, room: string }[]} present who is there, when all is quiet
 * @returns {string[]} what is wrong, in sentences
 */
export function lostDeeds(entries, present) {
  const acknowledged = acknowledgedIn(entries);
  return present.flatMap(({ who, room }) => {
    const others = present.filter((other) => other.room === room && other.who !== who);
    const seen = seenBy(
      entries.filter((entry) => entry.who === who),
      acknowledged,
    );
    const missing = others.flatMap((other) => {
      const last = Math.max(0, ...(acknowledged.get(other.who) ?? []));
      const known = seen.known.get(other.who) ?? 0;
      return known < last ? [`${who} has not heard of ${other.who}'s ${last}: knows ${known}`] : [];
    });
    return [...seen.problems, ...missing];
  });
}

function acknowledgedIn(entries) {
  const numbers = new Map();
  for (const { kind, deed, who, value } of entries) {
    if (kind !== "acknowledged" || deed !== "setName") continue;
    numbers.set(who, [...(numbers.get(who) ?? []), value]);
  }
  return numbers;
}

function seenBy(own, acknowledged) {
  const known = new Map();
  const problems = [];
  for (const entry of own) {
    for (const { id, name } of entry.roster ?? []) {
      const deed = deedIn(name);
      if (!deed) continue;
      const before = known.get(deed.who) ?? 0;
      // What was told and not acknowledged may be taken back.
      const isLost = (acknowledged.get(deed.who) ?? []).some(
        (number) => number > deed.number && number <= before,
      );
      if (isLost) {
        problems.push(`${entry.who} is shown ${name} (${id}) after ${nameOf(deed.who, before)}`);
      }
      known.set(deed.who, isLost ? before : deed.number);
    }
    const comer = comerIn(entry);
    if (comer) known.set(comer.who, Math.max(known.get(comer.who) ?? 0, comer.number));
    const deed = toldDeed(entry);
    if (!deed) continue;
    const before = known.get(deed.who) ?? 0;
    if (deed.number <= before) {
      problems.push(`${entry.who} is told ${nameOf(deed.who, deed.number)} twice or too late`);
    }
    const lost = (acknowledged.get(deed.who) ?? []).filter(
      (number) => number > before && number < deed.number,
    );
    for (const number of lost)
      problems.push(`${entry.who} was not told ${nameOf(deed.who, number)}`);
    known.set(deed.who, Math.max(before, deed.number));
  }
  return { known, problems };
}

/** Of who comes in anew, the name says what they have done before; it may be an old one. */
function comerIn({ kind, name, payload }) {
  if (kind !== "told" || name !== "participantJoined") return null;
  return deedIn(payload.participant.name) ?? null;
}

function toldDeed({ kind, name, payload, isPart }) {
  if (kind !== "told" || isPart || name !== "participantUpdated" || payload.name === undefined)
    return null;
  return deedIn(payload.name) ?? null;
}

/**
 * The events of each participant bear numbers without a gap, once each, also over lost connections.
 * @param {import("./history.mjs").Entry[]} entries of all
 * @returns {string[]} what is wrong, in sentences
 */
export function brokenSequences(entries) {
  const last = new Map();
  const problems = [];
  for (const { who, kind, seq, roster, name, payload, isPart } of entries) {
    if (kind === "joined" || (kind === "resumed" && roster)) last.set(who, seq);
    if (kind !== "told" || isPart || payload?.seq === undefined) continue;
    const before = last.get(who);
    if (before !== undefined && payload.seq !== before + 1) {
      problems.push(`${who} is told ${name} as number ${payload.seq} after ${before}`);
    }
    last.set(who, payload.seq);
  }
  return problems;
}
