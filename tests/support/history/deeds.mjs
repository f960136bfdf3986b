// What was acknowledged is not lost: each person numbers what they do (`setName`), and the others
// hear of it once and in order, by an event or by a state that holds it.

/** A name that says whose deed it is and which: "Ada 7". */
export const nameOf = (who, number) => `${who} ${number}`;
const NAME = /^(.+) (\d+)$/;

/** The number in such a name. */
export const numberIn = (name) => deedIn(name)?.number ?? 0;

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
    const seen = seenBy(who, entries, acknowledged);
    const missing = others.flatMap((other) => {
      const last = Math.max(0, ...numbersOf(acknowledged, other.who));
      const known = seen.known.get(other.who) ?? 0;
      return known < last ? [`${who} has not heard of ${other.who}'s ${last}: knows ${known}`] : [];
    });
    return [...seen.problems, ...missing];
  });
}

/** By person: number -> its place among the entries. */
function acknowledgedIn(entries) {
  const places = new Map();
  for (const [place, { kind, deed, who, value }] of entries.entries()) {
    if (kind !== "acknowledged" || deed !== "setName") continue;
    if (!places.has(who)) places.set(who, new Map());
    places.get(who).set(value, place);
  }
  return places;
}

const numbersOf = (acknowledged, who) => [...(acknowledged.get(who)?.keys() ?? [])];

function seenBy(who, entries, acknowledged) {
  const seen = { known: new Map(), problems: [] };
  let mayBeBehind = false;
  for (const [place, entry] of entries.entries()) {
    if (entry.kind === "behind" || entry.kind === "level") mayBeBehind = entry.kind === "behind";
    if (entry.who !== who) continue;
    for (const { id, name } of entry.roster ?? []) {
      const deed = deedIn(name);
      if (deed) show(seen, { who, id, deed, place, mayBeBehind }, acknowledged);
    }
    const comer = comerIn(entry);
    if (comer) seen.known.set(comer.who, Math.max(seen.known.get(comer.who) ?? 0, comer.number));
    const deed = toldDeed(entry);
    if (deed) tell(seen, { who, deed, place, mayBeBehind }, acknowledged);
  }
  return seen;
}

/** What was told and not acknowledged by then may be taken back, and is no loss. */
function isLoss({ who, number }, before, place, acknowledged) {
  return [...(acknowledged.get(who) ?? [])].some(
    ([done, at]) => done > number && done <= before && at < place,
  );
}

/** In a state. */
function show({ known, problems }, { who, id, deed, place, mayBeBehind }, acknowledged) {
  const { who: of, number } = deed;
  const before = known.get(of) ?? 0;
  const isWrong = isLoss(deed, before, place, acknowledged) && !mayBeBehind;
  if (isWrong)
    problems.push(`${who} is shown ${nameOf(of, number)} (${id}) after ${nameOf(of, before)}`);
  known.set(of, isWrong ? before : number);
}

/** By an event. From an instance that was behind all may come again, as often as there are such ones. */
function tell({ known, problems }, { who, deed, place, mayBeBehind }, acknowledged) {
  const before = known.get(deed.who) ?? 0;
  const isTakenBack = deed.number < before && !isLoss(deed, before, place, acknowledged);
  known.set(deed.who, isTakenBack ? deed.number : Math.max(before, deed.number));
  if (mayBeBehind || isTakenBack) return;
  if (deed.number <= before) {
    problems.push(`${who} is told ${nameOf(deed.who, deed.number)} twice or too late`);
  }
  const lost = numbersOf(acknowledged, deed.who).filter(
    (number) => number > before && number < deed.number,
  );
  for (const number of lost) problems.push(`${who} was not told ${nameOf(deed.who, number)}`);
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
