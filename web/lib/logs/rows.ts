import type { Damage, Field, Level, Row } from "./types";
import { LEVELS } from "./types";

const OWN = new Set([
  "time",
  "level",
  "service",
  "instance",
  "event",
  "room",
  "participant",
  "session",
  "trace",
]);
const DAMAGES: readonly string[] = ["torn", "binary", "oversized", "unreadable"];
/** More fields of one line are left out; the logger writes a dozen. */
export const MAX_FIELDS = 200;

/** A line as the server sends it; null for what is none. Nothing in it is believed. */
export function toRow(entry: unknown): Row | null {
  if (!isObject(entry) || typeof entry.id !== "string") return null;
  const timeUs = Number(entry.id.split(".")[0]);
  if (!Number.isFinite(timeUs)) return null;
  return isObject(entry.line) ? whole(entry, entry.line, timeUs) : damaged(entry, timeUs);
}

type Loose = Readonly<Record<string, unknown>>;

function whole(entry: Loose, line: Loose, timeUs: number): Row {
  return {
    ...heading(entry, timeUs),
    level: levelOf(line.level),
    service: textOf(line.service),
    instance: textOf(line.instance),
    event: textOf(line.event),
    room: textOf(line.room),
    participant: textOf(line.participant),
    session: textOf(line.session),
    trace: textOf(line.trace),
    fields: fieldsOf(line),
  };
}

function damaged(entry: Loose, timeUs: number): Row {
  const damage = DAMAGES.includes(textOf(entry.damage)) ? entry.damage : "unreadable";
  return {
    ...heading(entry, timeUs),
    damage: damage as Damage,
    octets: Number(entry.octets) || 0,
    fields: [{ name: "text", text: textOf(entry.text) }],
  };
}

function heading(entry: Loose, timeUs: number): Row {
  return {
    id: String(entry.id),
    timeUs,
    level: "warning",
    service: "",
    instance: "",
    event: "",
    room: "",
    participant: "",
    session: "",
    trace: "",
    fields: [],
    file: textOf(entry.file),
    damage: null,
    octets: 0,
  };
}

function fieldsOf(line: Loose): Field[] {
  const fields: Field[] = [];
  for (const [name, value] of Object.entries(line)) {
    if (OWN.has(name) && typeof value === "string") continue;
    if (fields.length === MAX_FIELDS) break;
    fields.push({ name, text: typeof value === "string" ? value : JSON.stringify(value) });
  }
  return fields;
}

function isObject(value: unknown): value is Loose {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function levelOf(value: unknown): Level {
  return LEVELS.find((level) => level === value) ?? "warning";
}

/** In one line: what a row of the list says beside time, service and event. */
export function summaryOf(row: Row): string {
  const parts = row.fields.map(({ name, text }) =>
    name === "message" || name === "text" ? text : `${name}=${text}`,
  );
  if (row.room) parts.push(`room=${row.room}`);
  return parts.join("  ");
}

const DAMAGE_WORDS: Readonly<Record<Damage, string>> = {
  torn: "Torn line",
  binary: "Binary line",
  oversized: "Oversized line",
  unreadable: "Unreadable line",
};

/** What stands where an event would. */
export function titleOf(row: Row): string {
  return row.damage ? DAMAGE_WORDS[row.damage] : row.event || "no event";
}

const DAMAGE_SENTENCES: Readonly<Record<Damage, string>> = {
  torn: "This line breaks off in the middle: its service crashed while writing it, or the disk was full.",
  binary:
    "This line contains bytes that are not text. It was not written by confab, or the file is damaged.",
  oversized: "This line is too long. Only its beginning is kept; the whole line is in the file.",
  unreadable:
    "This line is not a JSON object. It was not written by confab, or the file is damaged.",
};

export function damageSentence(damage: Damage): string {
  return DAMAGE_SENTENCES[damage];
}
