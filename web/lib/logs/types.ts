/** The levels that confab writes, the least important first. */
export const LEVELS = ["debug", "info", "warning", "error"] as const;
export type Level = (typeof LEVELS)[number];

/** What the server says is wrong with a line. */
export type Damage = "torn" | "binary" | "oversized" | "unreadable";

/** One line as the page draws it: texts only, whatever stood in the file. */
export interface Row {
  /** Unique while the server runs; for older pages too. */
  id: string;
  /** Microseconds since the Unix epoch, by which it is ordered. */
  timeUs: number;
  level: Level;
  service: string;
  instance: string;
  event: string;
  room: string;
  participant: string;
  session: string;
  trace: string;
  /** The rest of the line, in its order. */
  fields: readonly Field[];
  file: string;
  damage: Damage | null;
  /** Octets in the file, of a damaged line. */
  octets: number;
}

export interface Field {
  name: string;
  text: string;
}

/** What stands in the address bar, and what the server is asked for. Empty: everything. */
export interface Filters {
  text: string;
  level: string;
  service: string;
  event: string;
  room: string;
  participant: string;
  session: string;
  trace: string;
  from: string;
  to: string;
}

/** What the server tells beside the lines. */
export interface Status {
  files: number;
  kept: number;
  oldest: string | null;
  problem: string;
  services: readonly string[];
  /** Lines read so far, by their state; "whole" is what is not damaged. */
  lines: Readonly<Record<string, number>>;
}

/** A refusal of the server, in its words. */
export interface Refusal {
  code: string;
  message: string;
  id: string;
}
