import { Lock } from "lucide-react";
import { useEffect, useMemo } from "react";
import { type Conversation, EVERYONE } from "@/lib/call/chat_types";
import { messagesIn, type Thread, threadsOf } from "@/lib/chat/threads";
import { displayName } from "@/lib/people/avatar";
import { useSelected, useStore } from "../../hooks/use_store";
import { useRoomSession } from "../../room/session";
import { Icon } from "../../ui/icon";
import { SidePanel } from "../side_panel";
import { ChatComposer, type Drafts } from "./chat_composer";
import { ChatMessages } from "./chat_messages";
import { ChatSwitch } from "./chat_switch";
import { TypingLine } from "./typing_line";

interface ChatPanelProps {
  /** On its way out. */
  closing: boolean;
  conversation: Conversation;
  drafts: Drafts;
  onConversation(conversation: Conversation): void;
  onClose(): void;
}

/** Messages to everyone, and private ones, one conversation at a time. */
export function ChatPanel(props: ChatPanelProps) {
  const { closing, conversation, drafts, onConversation, onClose } = props;
  const { client } = useRoomSession();
  const state = useStore(client.chat);
  const participants = useSelected(client, (call) => call.participants);
  useShowing(closing ? null : conversation);
  const { messages, outgoing } = state;
  const threads = threadsOf(state, participants, conversation);
  const thread = threads.find((other) => other.conversation === conversation) ?? null;
  const shown = useMemo(() => messagesIn(messages, conversation), [messages, conversation]);
  const own = useMemo(
    () => outgoing.filter((message) => message.conversation === conversation),
    [outgoing, conversation],
  );
  return (
    <SidePanel
      title="Chat"
      testId="chat-panel"
      closing={closing}
      onClose={onClose}
      className="max-lg:h-[min(76dvh,620px)] max-lg:max-h-none!"
    >
      {threads.length > 0 && (
        <ChatSwitch
          threads={threads}
          unreadOfAll={state.unread.get(EVERYONE) ?? 0}
          conversation={conversation}
          onConversation={onConversation}
        />
      )}
      {thread && <PrivateLine thread={thread} />}
      <ChatMessages
        key={`messages-${conversation}`}
        thread={thread}
        messages={shown}
        outgoing={own}
        history={state.history}
      />
      <TypingLine conversation={conversation} writers={state.writers} />
      <ChatComposer
        key={`composer-${conversation}`}
        thread={thread}
        drafts={drafts}
        waiting={outgoing.length}
      />
    </SidePanel>
  );
}

function PrivateLine({ thread }: { thread: Thread }) {
  return (
    <p className="mx-3 mb-1 flex shrink-0 items-center gap-2 rounded-label bg-hover px-3 py-2 text-14 text-secondary">
      <Icon icon={Lock} className="text-accent" />
      <span className="min-w-0">
        Only you and <bdi className="font-medium text-text">{displayName(thread.name)}</bdi> can
        read this.
      </span>
    </p>
  );
}

/** Tells the client what is looked at: that is read. */
function useShowing(conversation: Conversation | null): void {
  const { chat } = useRoomSession().client;
  useEffect(() => {
    chat.show(conversation);
    return () => chat.show(null);
  }, [chat, conversation]);
}
