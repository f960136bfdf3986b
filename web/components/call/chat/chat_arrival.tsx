import { Lock, MessageSquare, X } from "lucide-react";
import { useEffect } from "react";
import { conversationOf } from "@/lib/call/chat_types";
import { nameInSentence } from "@/lib/people/avatar";
import type { Message } from "@/lib/protocol/events";
import { useSelected } from "../../hooks/use_store";
import { useRoomSession } from "../../room/session";
import { IconButton } from "../../ui/button";
import { Icon } from "../../ui/icon";
import { useOpenChat } from "./open_chat";

const SHOWN_MS = 7000;
/** What a glance, or a voice, takes in. */
const MOST_READ = 160;

interface ChatArrivalProps {
  /** The panel is open at another conversation, and shows by itself where something is new. */
  quiet: boolean;
}

/** A message that came while its conversation was not shown. A press opens it there. */
export function ChatArrival({ quiet }: ChatArrivalProps) {
  const { chat } = useRoomSession().client;
  const arrived = useSelected(chat, (state) => state.arrived);
  useEffect(() => {
    if (!arrived) return;
    const timer = setTimeout(() => chat.dismissArrived(), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [chat, arrived]);
  if (!arrived) return null;
  if (quiet) {
    return (
      <p key={arrived.number} className="sr-only">
        {titleOf(arrived)}: {beginningOf(arrived)}
      </p>
    );
  }
  return <Card key={arrived.number} message={arrived} onClose={() => chat.dismissArrived()} />;
}

function Card({ message, onClose }: { message: Message; onClose(): void }) {
  const open = useOpenChat();
  const isPrivate = message.to !== undefined;
  return (
    <div
      data-testid="chat-arrival"
      className="glass-2 animate-rise pointer-events-auto flex w-full max-w-[440px] items-start rounded-label p-1"
    >
      <button
        type="button"
        onClick={() => open(conversationOf(message))}
        className="flex min-w-0 flex-1 items-start gap-3 rounded-control p-2 text-left transition-colors hover:bg-hover"
      >
        <Icon icon={isPrivate ? Lock : MessageSquare} className="mt-2 text-accent" />
        <span className="min-w-0 flex-1">
          <span className="block truncate font-medium">{titleOf(message)}</span>
          <span dir="auto" className="line-clamp-2 block text-secondary [overflow-wrap:anywhere]">
            {beginningOf(message)}
          </span>
        </span>
      </button>
      <IconButton icon={X} label="Dismiss message" onClick={onClose} className="mt-1" />
    </div>
  );
}

function titleOf({ to, name }: Message): string {
  const kind = to === undefined ? "Message" : "Private message";
  return `${kind} from ${nameInSentence(name)}`;
}

/** By characters: none is cut in two. */
function beginningOf({ text }: Message): string {
  const characters = [...text];
  return characters.length <= MOST_READ ? text : `${characters.slice(0, MOST_READ).join("")}…`;
}
