// Whom each person believes to be in their room.

/**
 * @param {import("./history.mjs").Entry[]} entries of one person
 * @returns {Map<string, string>} name by id, the person themselves left out
 */
export function rosterOf(entries) {
  let roster = new Map();
  for (const entry of entries) {
    if (entry.roster) roster = new Map(entry.roster.map(({ id, name }) => [id, name]));
    else if (entry.kind === "left") roster = new Map();
    else if (entry.kind === "told") tell(roster, entry);
  }
  return roster;
}

function tell(roster, { name, payload }) {
  if (name === "participantJoined") {
    roster.set(payload.participant.id, payload.participant.name);
  } else if (name === "participantLeft") {
    roster.delete(payload.participantId);
  } else if (name === "participantUpdated" && payload.name !== undefined) {
    if (roster.has(payload.participantId)) roster.set(payload.participantId, payload.name);
  }
}

/**
 * Nobody sees a person who is not there, misses one who is, or sees one twice.
 * @param {import("./history.mjs").Entry[]} entries of all
 * @param {{ who: string, id: string, room: string }[]} present who is there, when all is quiet
 * @returns {string[]} what is wrong, in sentences
 */
export function ghosts(entries, present) {
  const problems = [];
  for (const one of present) {
    const roster = rosterOf(entries.filter(({ who }) => who === one.who));
    const others = present.filter(({ room, who }) => room === one.room && who !== one.who);
    for (const other of others) {
      if (!roster.has(other.id)) problems.push(`${one.who} does not see ${other.who}`);
    }
    const ids = new Map(others.map(({ id, who }) => [id, who]));
    for (const [id, name] of roster) {
      if (!ids.has(id)) problems.push(`${one.who} sees a ghost: ${name} (${id})`);
    }
  }
  return problems;
}
