import { Store } from "../store";
import { filledOf, NO_FILTERS, queryOf } from "./filters";
import {
  goingOn,
  INITIAL,
  type LogsState,
  MAX_ROWS,
  type TraceView,
  withEvents,
  withNews,
} from "./logs_state";
import { type Message, readMessage } from "./messages";
import type { Filters, Refusal, Row } from "./types";

const PATH = "/api/v1/logs";
const OLDER_LINES = 500;
const TRACE_LINES = 1000;
const FIRST_RETRY_MS = 500;
const LAST_RETRY_MS = 10_000;
/** The server says something every 15 s. */
const SILENCE_MS = 45_000;

/** What of a WebSocket is used. */
export interface LiveSocket {
  send(text: string): void;
  close(): void;
  onopen: (() => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: (() => void) | null;
}

/** The world outside, so that tests need none. */
export interface LogsWorld {
  open(path: string): LiveSocket;
  ask(path: string, token: string): Promise<string>;
}

const AWAY: Refusal = {
  code: "unavailable",
  message: "The log server is not responding.",
  id: "",
};

/** All that the page knows, and the way to the server. Follows the live log by itself. */
export class LogsClient extends Store<LogsState> {
  readonly #world: LogsWorld;
  #token = "";
  /** The id of a line that shall be opened as soon as it is there; "": none. */
  #wanted = "";
  #socket: LiveSocket | null = null;
  #retries = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(world: LogsWorld) {
    super(INITIAL);
    this.#world = world;
  }

  /** `line`: the id of one to be opened. */
  start(token: string, filters: Filters, line = ""): void {
    this.#token = token;
    this.#wanted = line;
    this.set({ ...INITIAL, filters });
    this.#connect();
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#drop();
  }

  enter(token: string): void {
    this.#token = token;
    this.#retries = 0;
    this.update((state) => ({ ...state, phase: "loading", refusal: null }));
    this.#connect();
  }

  filter(change: Partial<Filters>): void {
    const filters = { ...this.getSnapshot().filters, ...change };
    const { status, events } = this.getSnapshot();
    this.set({ ...INITIAL, filters, status, events });
    this.#connect();
  }

  clearFilters(): void {
    this.filter(NO_FILTERS);
  }

  pause(): void {
    this.update((state) => ({ ...state, paused: true }));
  }

  /** The list is scrolled away from its newest line, or back. */
  read(reading: boolean): void {
    const state = this.getSnapshot();
    if (state.reading === reading) return;
    if (!reading && !state.paused) this.set(goingOn(state));
    else this.set({ ...state, reading });
  }

  goOn(): void {
    this.update(goingOn);
  }

  select(selected: Row | null): void {
    this.update((state) => ({ ...state, selected, trace: null }));
  }

  closeTrace(): void {
    this.update((state) => ({ ...state, trace: null }));
  }

  async loadOlder(): Promise<void> {
    const { next, older, filters, rows } = this.getSnapshot();
    if (next === null || older === "loading" || rows.length >= MAX_ROWS) return;
    this.update((state) => ({ ...state, older: "loading" }));
    const more = { before: next, limit: String(OLDER_LINES) };
    const answer = await this.#ask(`${PATH}${queryOf(filters, more)}`);
    const now = this.getSnapshot();
    if (now.filters !== filters || now.next !== next) {
      // Another list by now.
      this.update((state) => ({ ...state, older: "idle" }));
      return;
    }
    if (answer.refusal) {
      this.update((state) => ({ ...state, older: "failed" }));
      return;
    }
    this.update((state) => ({
      ...state,
      older: "idle",
      next: answer.next,
      rows: [...state.rows, ...answer.rows],
      events: withEvents(state.events, answer.rows),
    }));
  }

  /** All lines of one trace, of every service and whatever the filters. */
  async showTrace(id: string): Promise<void> {
    const showing: TraceView = { id, rows: null, more: false, refusal: null };
    this.update((state) => ({ ...state, trace: showing }));
    const query = queryOf({ ...NO_FILTERS, trace: id }, { limit: String(TRACE_LINES) });
    const answer = await this.#ask(PATH + query);
    this.update((state) => {
      if (state.trace !== showing) return state;
      const rows = answer.refusal ? null : answer.rows.reverse();
      return {
        ...state,
        trace: { ...showing, rows, more: answer.next !== null, refusal: answer.refusal },
      };
    });
  }

  async #ask(path: string): Promise<Message> {
    const failed = { rows: [], first: false, dropped: 0, next: null, status: null };
    try {
      const message = readMessage(await this.#world.ask(path, this.#token));
      return message ?? { ...failed, refusal: AWAY };
    } catch {
      return { ...failed, refusal: AWAY };
    }
  }

  #connect(): void {
    clearTimeout(this.#timer);
    this.#drop();
    if (this.#token === "") {
      this.update((state) => ({ ...state, phase: "no-token" }));
      return;
    }
    const socket = this.#world.open(`${PATH}/live`);
    this.#socket = socket;
    socket.onopen = () => {
      const filter = filledOf(this.getSnapshot().filters);
      socket.send(JSON.stringify({ token: this.#token, filter }));
    };
    socket.onmessage = ({ data }) => this.#take(String(data));
    socket.onclose = () => this.#lost();
    this.#watchSilence();
  }

  #drop(): void {
    const socket = this.#socket;
    this.#socket = null;
    if (!socket) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    socket.close();
  }

  #take(text: string): void {
    const message = readMessage(text);
    if (!message) return;
    if (message.refusal) {
      this.#refused(message.refusal);
      return;
    }
    this.#watchSilence();
    this.#retries = 0;
    this.update((state) => {
      const status = message.status ?? state.status;
      if (!message.first) return withNews({ ...state, status }, message.rows, message.dropped);
      return firstRows({ ...state, status, phase: "live", refusal: null }, message);
    });
    if (message.first) this.#openWanted();
  }

  #openWanted(): void {
    const row = this.getSnapshot().rows.find(({ id }) => id === this.#wanted);
    this.#wanted = "";
    if (row) this.select(row);
  }

  #refused(refusal: Refusal): void {
    clearTimeout(this.#timer);
    this.#drop();
    const isDoor = refusal.code === "unauthorized" || refusal.code === "forbidden";
    const phase = isDoor ? "refused" : refusal.code === "invalid_message" ? "wrong" : "away";
    this.update((state) => ({ ...state, phase, refusal }));
    if (phase === "away") this.#retryLater();
  }

  #lost(): void {
    this.#socket = null;
    this.update((state) => ({ ...state, phase: "away", refusal: AWAY }));
    this.#retryLater();
  }

  #retryLater(): void {
    clearTimeout(this.#timer);
    const wait = Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#retries);
    this.#retries += 1;
    this.#timer = setTimeout(() => this.#connect(), wait * (0.75 + Math.random() / 2));
  }

  #watchSilence(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#drop();
      this.#lost();
    }, SILENCE_MS);
  }
}

/** What there is when a connection begins. A list that stands still is not taken away. */
function firstRows(state: LogsState, message: Message): LogsState {
  const events = withEvents(state.events, message.rows);
  const still = (state.paused || state.reading) && state.rows.length > 0;
  if (!still) {
    return { ...state, events, rows: message.rows, next: message.next, held: [], heldCount: 0 };
  }
  const newest = state.held[0]?.timeUs ?? state.rows[0]?.timeUs ?? 0;
  const news = message.rows.filter(({ timeUs }) => timeUs > newest);
  return withNews({ ...state, events }, news, 0);
}

/** The browser's own. */
export function browserWorld(): LogsWorld {
  return {
    open: (path) => {
      const url = new URL(path, window.location.href);
      url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
      return new WebSocket(url) as LiveSocket;
    },
    ask: async (path, token) => {
      const headers = { Authorization: `Bearer ${token}` };
      return (await fetch(path, { headers, cache: "no-store" })).text();
    },
  };
}
