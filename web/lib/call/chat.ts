import { MOST_CHARACTERS, textLength } from "../chat/text_length";
import type { Message, ServerEvents } from "../protocol/events";
import { Store } from "../store";
import { sentenceFor } from "./chat_errors";
import { ChatHistory } from "./chat_history";
import { ChatOutbox } from "./chat_outbox";
import { type Origin, withMessages, withShown } from "./chat_state";
import { type ChatState, type Conversation, EVERYONE, initialChatState } from "./chat_types";
import { ChatTyping } from "./chat_typing";
import type { FailureReports } from "./failure_reports";
import type { Signaling } from "./signaling";

export interface ChatParts {
  signaling: Pick<Signaling, "request">;
  /** In the room, over a connection that is not being resumed. */
  isOnline(): boolean;
  /** The invitation includes writing. */
  mayWrite(): boolean;
  failures: Pick<FailureReports, "shown">;
  now(): number;
}

/** The chat of one call, without a user interface. Owned by the call client. */
export class Chat {
  readonly #parts: ChatParts;
  readonly #store = new Store<ChatState>(initialChatState);
  readonly #history: ChatHistory;
  readonly #outbox: ChatOutbox;
  readonly #typing: ChatTyping;
  readonly getSnapshot = this.#store.getSnapshot;
  readonly subscribe = this.#store.subscribe;

  constructor(parts: ChatParts) {
    this.#parts = parts;
    const { signaling, isOnline, failures, now } = parts;
    const problemOf = (error: unknown) => {
      const described = failures.shown(error);
      return { sentence: sentenceFor(described), errorId: described.id };
    };
    const common = { store: this.#store, isOnline, now, problemOf };
    this.#history = new ChatHistory({
      ...common,
      ask: (payload) => signaling.request("getMessages", payload),
      found: (messages, origin) => this.#add(messages, origin),
    });
    this.#outbox = new ChatOutbox({
      ...common,
      send: (payload) => signaling.request("sendMessage", payload),
      sent: (message) => this.#add([message], "new"),
    });
    this.#typing = new ChatTyping({
      ...common,
      tell: (payload) => void signaling.request("typing", payload).catch(() => undefined),
    });
  }

  // ---- what a person does ----

  /** Also without a connection: then it waits. False: it cannot be sent as it is. */
  send(conversation: Conversation, raw: string): boolean {
    const text = raw.trim();
    const fits = text !== "" && textLength(text) <= MOST_CHARACTERS;
    return fits && this.#parts.mayWrite() && this.#outbox.add(conversation, text);
  }

  retry(id: string): void {
    this.#outbox.retry(id);
  }

  discard(id: string): void {
    this.#outbox.discard(id);
  }

  /** Looks at a conversation, which reads it; null: at none. */
  show(conversation: Conversation | null): void {
    this.#store.update((state) => withShown(state, conversation));
  }

  press(conversation: Conversation): void {
    if (this.#parts.mayWrite()) this.#typing.press(conversation);
  }

  /** The list was scrolled to its beginning. */
  older(): void {
    this.#history.older();
  }

  retryHistory(): void {
    this.#history.retry();
  }

  dismissArrived(): void {
    this.#store.update((state) => (state.arrived === null ? state : { ...state, arrived: null }));
  }

  // ---- what the call tells ----

  received({ message }: ServerEvents["message"]): void {
    this.#add([message], "new");
  }

  typing({ participantId, to }: ServerEvents["typing"]): void {
    this.#typing.heard(participantId, to === undefined ? EVERYONE : participantId);
  }

  left(participantId: string): void {
    this.#typing.left(participantId);
  }

  /** This page has joined, or come back after the session had ended. */
  entered(): void {
    this.#history.catchUp();
    this.#outbox.online();
  }

  /** Events were lost while the connection was. */
  missedAll(): void {
    this.#history.catchUp();
  }

  missedSome(): void {
    this.#history.missed();
  }

  /** The session goes on over a new connection. */
  online(): void {
    this.#history.online();
    this.#outbox.online();
  }

  lost(): void {
    this.#history.lost();
  }

  /** The call has ended: nothing of it stays. */
  clear(): void {
    this.#history.clear();
    this.#outbox.clear();
    this.#typing.clear();
    this.#store.set(initialChatState);
  }

  #add(messages: readonly Message[], origin: Origin): void {
    this.#store.update((state) => withMessages(state, messages, origin));
  }
}
