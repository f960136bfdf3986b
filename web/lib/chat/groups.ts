import type { Outgoing } from "../call/chat_types";
import type { Message } from "../protocol/events";

/** A message as it is drawn: one of the server's, or an own one that is not there yet. */
export interface Line {
  /** The same before and after the acknowledgement: nothing is drawn anew then. */
  key: string;
  from: string;
  name: string;
  mine: boolean;
  text: string;
  sentAt: number;
  /** Not acknowledged. */
  outgoing: Outgoing | null;
}

/** Several messages that one person wrote in the same minute. */
export interface Group extends Pick<Line, "key" | "from" | "name" | "mine" | "sentAt"> {
  kind: "group";
  lines: readonly Line[];
}

/** The first message of a day follows. */
export interface Day {
  kind: "day";
  key: string;
  at: number;
}

export type Entry = Group | Day;

/** All messages of a conversation; those that wait come last, whatever this page's clock says. */
export function linesOf(messages: readonly Message[], outgoing: readonly Outgoing[]): Line[] {
  const newest = messages.at(-1)?.sentAt ?? 0;
  const told = messages.map(({ number, id, from, name, mine, text, sentAt }) => {
    const key = mine ? id : String(number);
    return { key, from, name, mine, text, sentAt, outgoing: null };
  });
  const waiting = outgoing.map((own) => ({
    key: own.id,
    from: "",
    name: "",
    mine: true,
    text: own.text,
    sentAt: Math.max(own.writtenAt, newest),
    outgoing: own,
  }));
  return [...told, ...waiting];
}

/** A list as it is drawn: groups, with a line between days. */
export function entriesOf(lines: readonly Line[]): Entry[] {
  const entries: Entry[] = [];
  let group: (Group & { lines: Line[] }) | null = null;
  for (const line of lines) {
    const { key, from, name, mine, sentAt } = line;
    const isNewDay = group === null || startOfDay(group.sentAt) !== startOfDay(sentAt);
    if (isNewDay) entries.push({ kind: "day", key: `day-${key}`, at: sentAt });
    if (group !== null && !isNewDay && belongs(line, group)) {
      group.lines.push(line);
      continue;
    }
    group = { kind: "group", key, from, name, mine, sentAt, lines: [line] };
    entries.push(group);
  }
  return entries;
}

/** The day's name: today, yesterday, or a date. */
export function dayName(at: number, now: number): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / 86_400_000);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  const isThisYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return new Date(at).toLocaleDateString(undefined, {
    weekday: "long",
    day: "numeric",
    month: "long",
    ...(isThisYear ? {} : { year: "numeric" }),
  });
}

export function timeOf(at: number): string {
  return new Date(at).toLocaleTimeString(undefined, { hour: "2-digit", minute: "2-digit" });
}

function belongs(line: Line, group: Group): boolean {
  if (minuteOf(line.sentAt) !== minuteOf(group.sentAt) || line.mine !== group.mine) return false;
  // One is oneself, also after a rejoin.
  return line.mine || (line.from === group.from && line.name === group.name);
}

function minuteOf(at: number): number {
  return Math.floor(at / 60_000);
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
