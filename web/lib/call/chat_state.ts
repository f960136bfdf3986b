import type { Message } from "../protocol/events";
import {
  type ChatState,
  type Conversation,
  conversationOf,
  MOST_MESSAGES,
  type Outgoing,
  type Writer,
} from "./chat_types";

/** Pure changes to the state of the chat. What changes nothing gives back the same object. */

/** Why messages come: only what is new can be unread. */
export type Origin = "past" | "new";

/** Messages of the server, in any order; those that are there already change nothing. */
export function withMessages(
  state: ChatState,
  incoming: readonly Message[],
  origin: Origin,
): ChatState {
  const fresh = freshOf(state.messages, incoming);
  const outgoing = withoutConfirmed(state.outgoing, incoming);
  if (fresh.length === 0 && outgoing === state.outgoing) return state;
  const messages = [...state.messages, ...fresh].sort(byNumber).slice(-MOST_MESSAGES);
  const writers = fresh.reduce((list, message) => withoutAuthor(list, message), state.writers);
  const next = { ...state, messages, outgoing, writers };
  return origin === "new" ? withUnread(next, fresh) : next;
}

export function freshOf(known: readonly Message[], incoming: readonly Message[]): Message[] {
  const numbers = new Set(known.map(({ number }) => number));
  return incoming.filter(({ number }) => {
    const isFresh = !numbers.has(number);
    numbers.add(number);
    return isFresh;
  });
}

/** Looking at a conversation reads it; null: at none. */
export function withShown(state: ChatState, shown: Conversation | null): ChatState {
  if (shown === null) return state.shown === null ? state : { ...state, shown };
  const unread = new Map(state.unread);
  unread.delete(shown);
  const { arrived } = state;
  const isSeen = arrived !== null && conversationOf(arrived) === shown;
  return { ...state, shown, unread, arrived: isSeen ? null : arrived };
}

export function withOutgoing(
  state: ChatState,
  id: string,
  change: Partial<Outgoing> | null,
): ChatState {
  const outgoing = state.outgoing.flatMap((message) => {
    if (message.id !== id) return [message];
    return change === null ? [] : [{ ...message, ...change }];
  });
  return { ...state, outgoing };
}

export function withWriters(
  state: ChatState,
  change: (list: readonly Writer[]) => readonly Writer[],
): ChatState {
  const writers = change(state.writers);
  return writers === state.writers ? state : { ...state, writers };
}

export function unreadOf({ unread }: ChatState): number {
  return [...unread.values()].reduce((sum, count) => sum + count, 0);
}

function withUnread(state: ChatState, fresh: readonly Message[]): ChatState {
  const missed = fresh.filter(
    (message) => !message.mine && conversationOf(message) !== state.shown,
  );
  if (missed.length === 0) return state;
  const unread = new Map(state.unread);
  for (const message of missed) {
    const conversation = conversationOf(message);
    unread.set(conversation, (unread.get(conversation) ?? 0) + 1);
  }
  return { ...state, unread, arrived: [...missed].sort(byNumber).at(-1) ?? null };
}

/** History may tell of an own message before its acknowledgement comes, or after that was lost. */
function withoutConfirmed(
  outgoing: readonly Outgoing[],
  incoming: readonly Message[],
): readonly Outgoing[] {
  const own = new Set(incoming.filter(({ mine }) => mine).map(({ id }) => id));
  const left = outgoing.filter(({ id }) => !own.has(id));
  return left.length === outgoing.length ? outgoing : left;
}

function withoutAuthor(writers: readonly Writer[], message: Message): readonly Writer[] {
  const conversation = conversationOf(message);
  const left = writers.filter(
    (writer) => writer.participantId !== message.from || writer.conversation !== conversation,
  );
  return left.length === writers.length ? writers : left;
}

function byNumber(a: Message, b: Message): number {
  return a.number - b.number;
}
