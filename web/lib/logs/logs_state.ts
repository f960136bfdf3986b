import { NO_FILTERS } from "./filters";
import type { Filters, Refusal, Row, Status } from "./types";

/** Lines that the page holds of the live log; older ones are fetched again. */
export const MAX_LIVE_ROWS = 5000;
/** And with older ones that a person has asked for. */
export const MAX_ROWS = 20_000;

export type Phase =
  /** Nobody has said who they are. */
  | "no-token"
  /** Asking for the first time, or with other filters. */
  | "loading"
  | "live"
  /** Nothing answers; it is tried again. */
  | "away"
  /** The token is not good. */
  | "refused"
  /** The server does not understand the filters. */
  | "wrong";

export interface TraceView {
  id: string;
  /** In the order of time; null while it is asked for. */
  rows: readonly Row[] | null;
  /** There are more lines than are shown. */
  more: boolean;
  refusal: Refusal | null;
}

export interface LogsState {
  phase: Phase;
  refusal: Refusal | null;
  filters: Filters;
  /** The newest first. */
  rows: readonly Row[];
  /** A person has stopped the list. */
  paused: boolean;
  /** The list is scrolled: it stands still as long as it is read. */
  reading: boolean;
  /** New lines that wait for the list to go on. */
  held: readonly Row[];
  heldCount: number;
  /** Lines that came faster than they could be sent. */
  dropped: number;
  /** Where older lines begin; null: there are none. */
  next: string | null;
  older: "idle" | "loading" | "failed";
  status: Status | null;
  /** Event names seen so far, for choosing. */
  events: readonly string[];
  selected: Row | null;
  trace: TraceView | null;
}

export const INITIAL: LogsState = {
  phase: "loading",
  refusal: null,
  filters: NO_FILTERS,
  rows: [],
  paused: false,
  reading: false,
  held: [],
  heldCount: 0,
  dropped: 0,
  next: null,
  older: "idle",
  status: null,
  events: [],
  selected: null,
  trace: null,
};

const MAX_EVENTS = 200;

/** New lines, the newest first: into the list, or beside it while it stands still. */
export function withNews(state: LogsState, news: readonly Row[], dropped: number): LogsState {
  const still = state.paused || state.reading;
  const next = {
    ...state,
    dropped: state.dropped + dropped,
    events: withEvents(state.events, news),
  };
  if (news.length === 0) return next;
  if (still) {
    return {
      ...next,
      held: [...news, ...state.held].slice(0, MAX_LIVE_ROWS),
      heldCount: state.heldCount + news.length,
    };
  }
  return { ...next, ...withRows(state, news) };
}

/** What was held comes into the list; both kinds of standing still end. */
export function goingOn(state: LogsState): LogsState {
  const moving = { ...state, paused: false, reading: false, held: [], heldCount: 0 };
  return { ...moving, ...withRows(state, state.held) };
}

function withRows(state: LogsState, news: readonly Row[]): Pick<LogsState, "rows" | "next"> {
  const rows = [...news, ...state.rows];
  if (rows.length <= MAX_LIVE_ROWS) return { rows, next: state.next };
  const kept = rows.slice(0, MAX_LIVE_ROWS);
  return { rows: kept, next: kept[kept.length - 1]?.id ?? state.next };
}

export function withEvents(known: readonly string[], rows: readonly Row[]): readonly string[] {
  const fresh = new Set(rows.map(({ event }) => event).filter((event) => event !== ""));
  for (const event of known) fresh.delete(event);
  return fresh.size === 0 ? known : [...known, ...fresh].sort().slice(0, MAX_EVENTS);
}
