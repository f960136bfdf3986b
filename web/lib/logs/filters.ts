import type { Filters } from "./types";

export const NO_FILTERS: Filters = {
  text: "",
  level: "",
  service: "",
  event: "",
  room: "",
  participant: "",
  session: "",
  trace: "",
  from: "",
  to: "",
};

/** The server takes no longer values. */
const MAX_LENGTH = 200;
const NAMES = Object.keys(NO_FILTERS) as (keyof Filters)[];

/** From the query of an address; names that are no filter are left out. */
export function filtersFromQuery(query: string): Filters {
  const values = new URLSearchParams(query);
  const filters = { ...NO_FILTERS };
  for (const name of NAMES) filters[name] = (values.get(name) ?? "").slice(0, MAX_LENGTH);
  return filters;
}

/** For the address bar and for the server: "" or "?room=tea&…", without what is empty. */
export function queryOf(filters: Filters, more: Readonly<Record<string, string>> = {}): string {
  const parts = [...NAMES.map((name) => [name, filters[name].trim()]), ...Object.entries(more)]
    .filter(([, value]) => value !== "")
    .map(([name, value]) => `${name}=${encodeURIComponent(value ?? "")}`);
  return parts.length > 0 ? `?${parts.join("&")}` : "";
}

/** For the first message of the live log. */
export function filledOf(filters: Filters): Partial<Filters> {
  const filled: Partial<Filters> = {};
  for (const name of NAMES) {
    const value = filters[name].trim();
    if (value !== "") filled[name] = value;
  }
  return filled;
}

/** How many are set, the search aside. */
export function countOf(filters: Filters): number {
  return NAMES.filter((name) => name !== "text" && filters[name] !== "").length;
}

/** Whether the wanted time is over, so that nothing new can match. */
export function isOver(filters: Filters, nowMs: number): boolean {
  const end = Date.parse(filters.to);
  return Number.isFinite(end) && end <= nowMs;
}

/** Of a field for date and time, which knows no zone: UTC, as the logs have it. "" for "". */
export function utcOfField(value: string): string {
  if (value === "") return "";
  return value.length === 16 ? `${value}:00Z` : `${value}Z`;
}

/** And back, for the field. */
export function fieldOfUtc(utc: string): string {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d/.test(utc) ? utc.slice(0, 19) : "";
}
