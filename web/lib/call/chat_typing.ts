import type { Store } from "../store";
import { withWriters } from "./chat_state";
import { type ChatState, type Conversation, EVERYONE } from "./chat_types";

/** A hint is good for so long, unless the message comes first. */
const HINT_MS = 4000;
/** A little more than the server's two seconds: it drops what comes sooner. */
const TELL_EVERY_MS = 2200;
/** Nobody reads a longer list of names. */
const MOST_WRITERS = 20;

export interface TypingParts {
  store: Store<ChatState>;
  tell(payload: { to?: string }): void;
  isOnline(): boolean;
  now(): number;
}

/** Who is writing, and telling others that this person is. Owned by the chat. */
export class ChatTyping {
  readonly #parts: TypingParts;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #toldAt = Number.NEGATIVE_INFINITY;

  constructor(parts: TypingParts) {
    this.#parts = parts;
  }

  /** A key was pressed. */
  press(conversation: Conversation): void {
    const { isOnline, now, tell } = this.#parts;
    if (!isOnline() || now() - this.#toldAt < TELL_EVERY_MS) return;
    this.#toldAt = now();
    tell(conversation === EVERYONE ? {} : { to: conversation });
  }

  heard(participantId: string, conversation: Conversation): void {
    const { store } = this.#parts;
    const isThis = (writer: { participantId: string; conversation: Conversation }) =>
      writer.participantId === participantId && writer.conversation === conversation;
    const { writers } = store.getSnapshot();
    const isNew = !writers.some(isThis);
    if (isNew && writers.length >= MOST_WRITERS) return;
    if (isNew) {
      const writer = { participantId, conversation };
      store.update((state) => withWriters(state, (list) => [...list, writer]));
    }
    const key = `${participantId}/${conversation}`;
    clearTimeout(this.#timers.get(key));
    const timer = setTimeout(() => {
      this.#timers.delete(key);
      this.#drop((writer) => !isThis(writer));
    }, HINT_MS);
    this.#timers.set(key, timer);
  }

  /** They write no more: they are gone. */
  left(participantId: string): void {
    this.#drop((writer) => writer.participantId !== participantId);
  }

  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#toldAt = Number.NEGATIVE_INFINITY;
  }

  #drop(stays: (writer: { participantId: string; conversation: Conversation }) => boolean): void {
    this.#parts.store.update((state) =>
      withWriters(state, (list) => (list.every(stays) ? list : list.filter(stays))),
    );
  }
}
