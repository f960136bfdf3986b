import type { Message, SendMessagePayload } from "../protocol/events";
import type { Store } from "../store";
import { withOutgoing } from "./chat_state";
import {
  type ChatProblem,
  type ChatState,
  type Conversation,
  EVERYONE,
  MOST_OUTGOING,
  type Outgoing,
} from "./chat_types";
import { remedyFor, repeatDelayMs } from "./remedies";

/** So often in a row before the person is asked. */
const MOST_TRIES = 4;

export interface OutboxParts {
  store: Store<ChatState>;
  send(payload: SendMessagePayload): Promise<{ message: Message }>;
  /** In the room, over a connection. */
  isOnline(): boolean;
  /** A failure that is about to be shown. */
  problemOf(error: unknown): ChatProblem;
  now(): number;
  sent(message: Message): void;
}

/**
 * Own messages until the server has acknowledged them. One is under way at a time: so they arrive in
 * the order in which they were written. Owned by the chat.
 */
export class ChatOutbox {
  readonly #parts: OutboxParts;
  #running = false;
  /** The connection is there, but the room is not: until `online()`. */
  #stalled = false;
  #tries = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;
  /** An answer to what was sent before `clear()` is late. */
  #epoch = 0;

  constructor(parts: OutboxParts) {
    this.#parts = parts;
  }

  /** False: too many are waiting. */
  add(conversation: Conversation, text: string): boolean {
    const { store, now } = this.#parts;
    if (store.getSnapshot().outgoing.length >= MOST_OUTGOING) return false;
    const message: Outgoing = {
      id: newId(),
      conversation,
      text,
      writtenAt: now(),
      state: "waiting",
      problem: null,
    };
    store.update((state) => ({ ...state, outgoing: [...state.outgoing, message] }));
    this.#pump();
    return true;
  }

  /** Once more, by the person's wish: after what was written meanwhile. */
  retry(id: string): void {
    const { store } = this.#parts;
    const message = store.getSnapshot().outgoing.find((other) => other.id === id);
    if (message?.state !== "failed") return;
    const again: Outgoing = { ...message, state: "waiting", problem: null };
    store.update((state) => {
      const others = withOutgoing(state, id, null);
      return { ...others, outgoing: [...others.outgoing, again] };
    });
    this.#pump();
  }

  /** Only what has failed: what waits may be at the server already. */
  discard(id: string): void {
    const { store } = this.#parts;
    const message = store.getSnapshot().outgoing.find((other) => other.id === id);
    if (message?.state === "failed") store.update((state) => withOutgoing(state, id, null));
  }

  online(): void {
    this.#stalled = false;
    this.#tries = 0;
    this.#clearTimer();
    this.#pump();
  }

  /** The messages themselves are the caller's affair. */
  clear(): void {
    this.#epoch += 1;
    this.#running = false;
    this.#stalled = false;
    this.#tries = 0;
    this.#clearTimer();
  }

  #pump(): void {
    const { store, send, isOnline } = this.#parts;
    if (this.#running || this.#stalled || this.#timer !== null || !isOnline()) return;
    const next = store.getSnapshot().outgoing.find(({ state }) => state === "waiting");
    if (!next) return;
    this.#running = true;
    const epoch = this.#epoch;
    const { id, text, conversation } = next;
    const settle = (settled: () => void) => {
      if (epoch !== this.#epoch) return;
      this.#running = false;
      settled();
      this.#pump();
    };
    send({ id, text, ...(conversation === EVERYONE ? {} : { to: conversation }) }).then(
      ({ message }) => settle(() => this.#onSent(id, message)),
      (error: unknown) => settle(() => this.#onRefused(id, error)),
    );
  }

  #onSent(id: string, message: Message): void {
    this.#tries = 0;
    this.#parts.sent(message);
    this.#parts.store.update((state) => withOutgoing(state, id, null));
  }

  #onRefused(id: string, error: unknown): void {
    const remedy = remedyFor(error);
    if (remedy === "wait") {
      this.#stalled = true;
      return;
    }
    this.#tries += 1;
    if (remedy === "repeat" && this.#tries < MOST_TRIES) {
      this.#timer = setTimeout(
        () => {
          this.#timer = null;
          this.#pump();
        },
        repeatDelayMs(error, this.#tries),
      );
      return;
    }
    this.#tries = 0;
    const problem = this.#parts.problemOf(error);
    this.#parts.store.update((state) => withOutgoing(state, id, { state: "failed", problem }));
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}

/** Works on pages without HTTPS too, unlike `crypto.randomUUID`. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
