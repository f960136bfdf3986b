import { roomFromInput } from "../../rooms/names";
import { NO_FILTERS, queryOf } from "../filters";
import { utcOf } from "../times";

const ROOMS = "/rooms/";
/** The server's ids of errors, and the pages' own. */
const ERROR_ID = /^(?:[a-z0-9]{26}|p-[0-9a-f]{16})$/;
/** What lines have in place of a room's name, too. */
const MOST_ROOM_CHARACTERS = 200;

/** The page that explains a call of this room: the newest, or that of a time. */
export function roomAddress(room: string, atUs: number | null = null): string {
  const at = atUs === null ? "" : `?at=${encodeURIComponent(utcOf(atUs))}`;
  return `${ROOMS}${encodeURIComponent(room)}${at}`;
}

/** The room of this page's path; "" for another path. */
export function roomOfPath(pathname: string): string {
  const part = pathname.startsWith(ROOMS) ? pathname.slice(ROOMS.length) : "";
  try {
    return decodeURIComponent(part.split("/")[0] ?? "").slice(0, MOST_ROOM_CHARACTERS);
  } catch {
    return "";
  }
}

/** Where a word leads that somebody has typed or pasted: a room, its link, or an error's id. */
export function addressOfInput(input: string): string | null {
  const text = input.trim().replace(/^Error\s+/, "");
  if (text === "") return null;
  if (ERROR_ID.test(text)) return wordsAddress(text);
  const explained = /\/rooms\/([^/?#]+)/.exec(text)?.[1];
  if (explained) return roomAddress(roomOfPath(ROOMS + explained));
  return roomAddress(roomFromInput(text) ?? text.slice(0, MOST_ROOM_CHARACTERS));
}

/** All lines that hold these words. */
export function wordsAddress(text: string): string {
  return `/${queryOf({ ...NO_FILTERS, text })}`;
}

export function traceAddress(trace: string): string {
  return `/${queryOf({ ...NO_FILTERS, trace })}`;
}

/** One line in the list, opened. Its id begins with its time; null for what is no line's id. */
export function lineAddress(id: string): string | null {
  if (!/^\d{1,17}\.\d+$/.test(id)) return null;
  const us = Number(id.split(".")[0]);
  const filters = { ...NO_FILTERS, from: utcOf(us), to: utcOf(us + 1) };
  return `/${queryOf(filters, { line: id })}`;
}

/** Of a participant's part of the page. */
export function anchorOf(participant: string): string {
  return `participant-${encodeURIComponent(participant)}`;
}
