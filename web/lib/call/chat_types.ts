import type { Message } from "../protocol/events";

/** With whom: a participant's id, or `EVERYONE`. */
export type Conversation = string;
/** No participant's id is empty. */
export const EVERYONE: Conversation = "";

/** More are not kept in the page: the oldest go. */
export const MOST_MESSAGES = 2000;
/** As many own messages may wait to be sent; then the person has to wait, too. */
export const MOST_OUTGOING = 50;

/** A failure that is shown. */
export interface ChatProblem {
  sentence: string;
  /** Finds it in the server's log. */
  errorId: string;
}

/** An own message that the server has not acknowledged. */
export interface Outgoing {
  /** Sent again with the same one, it is the same message. */
  id: string;
  conversation: Conversation;
  text: string;
  /** Unix ms. */
  writtenAt: number;
  state: "waiting" | "failed";
  /** Why it failed. */
  problem: ChatProblem | null;
}

/** Somebody who is writing now. */
export interface Writer {
  participantId: string;
  conversation: Conversation;
}

export interface HistoryState {
  status: "unknown" | "loading" | "ready" | "failed";
  /** Why it failed. */
  problem: ChatProblem | null;
  /** The server has older ones. */
  more: boolean;
}

export interface ChatState {
  /** What the server has told, by number, each once. */
  messages: readonly Message[];
  /** In the order in which they were written. */
  outgoing: readonly Outgoing[];
  /** Only conversations with something unread. */
  unread: ReadonlyMap<Conversation, number>;
  /** What the person is looking at. */
  shown: Conversation | null;
  writers: readonly Writer[];
  history: HistoryState;
  /** The newest message that came while its conversation was not shown. */
  arrived: Message | null;
}

export const initialChatState: ChatState = {
  messages: [],
  outgoing: [],
  unread: new Map(),
  shown: null,
  writers: [],
  history: { status: "unknown", problem: null, more: false },
  arrived: null,
};

export function conversationOf({ from, to, mine }: Message): Conversation {
  if (to === undefined) return EVERYONE;
  return mine ? to : from;
}
