import { Lock } from "lucide-react";
import { useEffect, useRef } from "react";
import { type Conversation, EVERYONE } from "@/lib/call/chat_types";
import type { Thread } from "@/lib/chat/threads";
import { displayName } from "@/lib/people/avatar";
import { classes } from "../../ui/classes";
import { Icon } from "../../ui/icon";
import { countText } from "./unread_badge";

interface ChatSwitchProps {
  threads: readonly Thread[];
  unreadOfAll: number;
  conversation: Conversation;
  onConversation(conversation: Conversation): void;
}

/** Everyone, and one person after the other. */
export function ChatSwitch(props: ChatSwitchProps) {
  const { threads, unreadOfAll, conversation, onConversation } = props;
  return (
    <nav aria-label="Conversations" className="shrink-0 overflow-x-auto px-3 pt-1 pb-2">
      <ul className="flex w-max gap-2">
        <Choice
          name="Everyone"
          unread={unreadOfAll}
          current={conversation === EVERYONE}
          onClick={() => onConversation(EVERYONE)}
        />
        {threads.map((thread) => (
          <Choice
            key={thread.conversation}
            name={displayName(thread.name)}
            isPrivate
            gone={thread.gone}
            unread={thread.unread}
            current={thread.conversation === conversation}
            onClick={() => onConversation(thread.conversation)}
          />
        ))}
      </ul>
    </nav>
  );
}

interface ChoiceProps {
  name: string;
  isPrivate?: boolean;
  gone?: boolean;
  unread: number;
  current: boolean;
  onClick(): void;
}

function Choice({ name, isPrivate, gone, unread, current, onClick }: ChoiceProps) {
  const ref = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (current) ref.current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [current]);
  return (
    <li>
      <button
        ref={ref}
        type="button"
        aria-current={current || undefined}
        onClick={onClick}
        className={classes(
          "flex h-10 max-w-48 items-center gap-1.5 rounded-full text-14 font-medium transition-colors focus-visible:outline-offset-[-2px]",
          isPrivate ? "pr-4 pl-2.5" : "px-4",
          current
            ? "bg-press text-text shadow-[inset_0_0_0_1.5px_var(--color-accent)]"
            : "bg-hover text-secondary hover:bg-press hover:text-text",
        )}
      >
        {isPrivate && <Icon icon={Lock} />}
        {isPrivate && <span className="sr-only">Private with</span>}
        <bdi className="truncate">{name}</bdi>
        {gone && <span className="sr-only">, has left</span>}
        {unread > 0 && (
          <span className="flex h-5 min-w-5 shrink-0 items-center justify-center rounded-full bg-accent px-1.5 text-12 font-semibold text-on-accent tabular-nums">
            {countText(unread)}
            <span className="sr-only"> unread</span>
          </span>
        )}
      </button>
    </li>
  );
}
