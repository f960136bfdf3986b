import { type ChatState, type Conversation, conversationOf, EVERYONE } from "../call/chat_types";
import type { RemoteParticipant } from "../call/types";
import type { Message } from "../protocol/events";

/** A private conversation. */
export interface Thread {
  conversation: Conversation;
  /** As the person is called now, or was when they wrote last. */
  name: string;
  /** Out of the call: what was written can be read, and nothing be sent. */
  gone: boolean;
  unread: number;
}

type Known = Pick<RemoteParticipant, "id" | "name">;

/**
 * Everybody with whom there is something private, in the order in which it began: so that none moves.
 * `open` is among them also where nothing has been written yet.
 */
export function threadsOf(
  { messages, outgoing, unread }: Pick<ChatState, "messages" | "outgoing" | "unread">,
  participants: readonly Known[],
  open: Conversation,
): Thread[] {
  const names = new Map<Conversation, string>();
  for (const message of messages) {
    const conversation = conversationOf(message);
    if (conversation !== EVERYONE) names.set(conversation, nameIn(message));
  }
  for (const { conversation } of outgoing) keep(names, conversation);
  keep(names, open);
  return [...names].map(([conversation, name]) => {
    const person = participants.find(({ id }) => id === conversation);
    return {
      conversation,
      name: person?.name ?? name,
      gone: !person,
      unread: unread.get(conversation) ?? 0,
    };
  });
}

export function messagesIn(
  messages: readonly Message[],
  conversation: Conversation,
): readonly Message[] {
  return messages.filter((message) => conversationOf(message) === conversation);
}

function keep(names: Map<Conversation, string>, conversation: Conversation): void {
  if (conversation !== EVERYONE && !names.has(conversation)) names.set(conversation, "");
}

/** The other person's, in a private message. */
function nameIn({ mine, name, toName }: Message): string {
  return mine ? (toName ?? "") : name;
}
