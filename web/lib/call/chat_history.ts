import type { Message, MessagesReply } from "../protocol/events";
import type { Store } from "../store";
import { freshOf, type Origin } from "./chat_state";
import { type ChatProblem, type ChatState, type HistoryState, MOST_MESSAGES } from "./chat_types";
import { remedyFor, repeatDelayMs } from "./remedies";

/** The first look back; the server's own default. */
const FIRST_PAGE = 50;
const PAGE = 100;
/** No gap that is longer than what the page keeps is filled. */
const MOST_PAGES = MOST_MESSAGES / PAGE;

export interface HistoryParts {
  store: Store<ChatState>;
  ask(payload: { before?: number; limit: number }): Promise<MessagesReply>;
  /** In the room, over a connection. */
  isOnline(): boolean;
  /** A failure that is about to be shown. */
  problemOf(error: unknown): ChatProblem;
  found(messages: readonly Message[], origin: Origin): void;
}

/** What was written before, and while the page was away. One request at a time. Owned by the chat. */
export class ChatHistory {
  readonly #parts: HistoryParts;
  #hasRead = false;
  /** Something is to be read as soon as there is a connection. */
  #owed = false;
  /** Up to this number nothing is missing. */
  #sureUpTo = 0;
  #running = false;
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #epoch = 0;

  constructor(parts: HistoryParts) {
    this.#parts = parts;
  }

  /** The connection is gone: what comes after the newest message may be missed. */
  lost(): void {
    if (!this.#owed) this.#sureUpTo = this.#newest;
  }

  /** In the room anew, or the server no longer has every event: since the connection was lost. */
  catchUp(): void {
    this.#owed = true;
    this.#readNow();
  }

  /** Messages may be missing anywhere among the newest. */
  missed(): void {
    this.lost();
    this.catchUp();
  }

  online(): void {
    if (this.#owed) this.#readNow();
  }

  /** By the person's wish, after a failure. */
  retry(): void {
    if (this.#owed) this.#readNow();
    else this.older();
  }

  /** A page of what was before the oldest message that is here. */
  older(): void {
    const { store, ask, isOnline, found } = this.#parts;
    const { history, messages } = store.getSnapshot();
    const oldest = messages[0]?.number;
    if (this.#running || !history.more || oldest === undefined || !isOnline()) return;
    void this.#run(async (isCurrent) => {
      const reply = await ask({ before: oldest, limit: PAGE });
      if (!isCurrent()) return;
      found(reply.messages, "past");
      this.#noteMore(reply);
    });
  }

  clear(): void {
    this.#epoch += 1;
    this.#running = false;
    this.#hasRead = false;
    this.#owed = false;
    this.#sureUpTo = 0;
    this.#clearTimer();
  }

  #readNow(): void {
    if (this.#running || !this.#parts.isOnline()) return;
    this.#owed = false;
    void this.#run(async (isCurrent) => {
      try {
        await (this.#hasRead ? this.#fillGap(isCurrent) : this.#readFirst(isCurrent));
      } catch (error) {
        this.#owed = isCurrent();
        throw error;
      }
    });
  }

  async #run(work: (isCurrent: () => boolean) => Promise<void>): Promise<void> {
    this.#running = true;
    this.#clearTimer();
    const epoch = this.#epoch;
    const isCurrent = () => epoch === this.#epoch;
    this.#patch({ status: "loading", problem: null });
    let failure: { error: unknown } | null = null;
    try {
      await work(isCurrent);
    } catch (error) {
      failure = { error };
    }
    if (!isCurrent()) return;
    this.#running = false;
    if (failure) this.#onFailed(failure.error);
    else this.#onDone();
  }

  async #readFirst(isCurrent: () => boolean): Promise<void> {
    const { ask, found } = this.#parts;
    const reply = await ask({ limit: FIRST_PAGE });
    if (!isCurrent()) return;
    this.#hasRead = true;
    found(reply.messages, "past");
    this.#noteMore(reply);
  }

  /** Backwards, until a page that begins before the gap has brought nothing new. */
  async #fillGap(isCurrent: () => boolean): Promise<void> {
    const { store, ask, found } = this.#parts;
    const floor = this.#floor;
    let before: number | undefined;
    for (let page = 0; page < MOST_PAGES; page++) {
      const reply = await ask({ limit: PAGE, ...(before === undefined ? {} : { before }) });
      if (!isCurrent()) return;
      const inRange = reply.messages.filter(({ number }) => number > floor);
      const fresh = freshOf(store.getSnapshot().messages, inRange).length;
      found(inRange, "new");
      before = reply.messages[0]?.number;
      const isBefore = before === undefined || (before <= this.#sureUpTo && fresh === 0);
      if (!reply.more || isBefore || (before ?? 0) <= floor) return;
    }
  }

  /** Only a page at the very beginning of what is here says whether there is more before. */
  #noteMore({ messages, more }: MessagesReply): void {
    const known = this.#parts.store.getSnapshot().messages;
    const isFull = known.length >= MOST_MESSAGES;
    const first = messages[0]?.number;
    if (first === undefined || first <= (known[0]?.number ?? first) || isFull) {
      this.#patch({ more: more && !isFull });
    }
  }

  #onDone(): void {
    this.#failures = 0;
    this.#patch({ status: "ready" });
    this.online();
  }

  #onFailed(error: unknown): void {
    const remedy = remedyFor(error);
    if (remedy === "wait") {
      this.#patch({ status: this.#hasRead ? "ready" : "unknown" });
      return;
    }
    this.#failures += 1;
    this.#patch({ status: "failed", problem: this.#parts.problemOf(error) });
    if (remedy !== "repeat" || !this.#owed) return;
    this.#timer = setTimeout(
      () => {
        this.#timer = null;
        this.online();
      },
      repeatDelayMs(error, this.#failures),
    );
  }

  /** What is older than this belongs to pages that nobody has asked for, or was let go. */
  get #floor(): number {
    const { messages, history } = this.#parts.store.getSnapshot();
    const hasOlder = history.more || messages.length >= MOST_MESSAGES;
    return hasOlder ? (messages[0]?.number ?? 0) : 0;
  }

  get #newest(): number {
    return this.#parts.store.getSnapshot().messages.at(-1)?.number ?? 0;
  }

  #patch(change: Partial<HistoryState>): void {
    const { store } = this.#parts;
    store.update((state) => ({ ...state, history: { ...state.history, ...change } }));
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
