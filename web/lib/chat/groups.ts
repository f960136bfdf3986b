import type { Message } from "../protocol/events";

/** Several messages that one person wrote in the same minute. */
export interface Group {
  kind: "group";
  /** The number of its first message: it stays when more come. */
  key: string;
  from: string;
  name: string;
  mine: boolean;
  sentAt: number;
  messages: readonly Message[];
}

/** The first message of a day follows. */
export interface Day {
  kind: "day";
  key: string;
  at: number;
}

export type Entry = Group | Day;

/** A list as it is drawn: groups, with a line between days. */
export function entriesOf(messages: readonly Message[]): Entry[] {
  const entries: Entry[] = [];
  let group: (Group & { messages: Message[] }) | null = null;
  for (const message of messages) {
    const day = startOfDay(message.sentAt);
    const isNewDay = group === null || startOfDay(group.sentAt) !== day;
    if (isNewDay) entries.push({ kind: "day", key: `day-${message.number}`, at: message.sentAt });
    if (group !== null && !isNewDay && belongs(message, group)) {
      group.messages.push(message);
      continue;
    }
    const { number, from, name, mine, sentAt } = message;
    group = { kind: "group", key: String(number), from, name, mine, sentAt, messages: [message] };
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

function belongs(message: Message, { from, mine, name, sentAt }: Group): boolean {
  const isSameMinute = Math.floor(message.sentAt / 60_000) === Math.floor(sentAt / 60_000);
  return isSameMinute && message.from === from && message.mine === mine && message.name === name;
}

function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
