import type { Conversation, Writer } from "@/lib/call/chat_types";
import { typingLine } from "@/lib/chat/typing_line";
import { useSelected } from "../../hooks/use_store";
import { useRoomSession } from "../../room/session";

interface TypingLineProps {
  conversation: Conversation;
  writers: readonly Writer[];
}

/** Who is writing. Its place is kept, so that nothing moves; it is not announced. */
export function TypingLine({ conversation, writers }: TypingLineProps) {
  const { client } = useRoomSession();
  const participants = useSelected(client, (state) => state.participants);
  const names = writers
    .filter((writer) => writer.conversation === conversation)
    .flatMap(({ participantId }) => participants.find(({ id }) => id === participantId) ?? [])
    .map(({ name }) => name);
  return (
    <p className="h-6 shrink-0 truncate px-5 text-12 leading-6 text-secondary">
      {typingLine(names)}
    </p>
  );
}
