import { memo, useEffect, useMemo, useRef, useState } from "react";
import type { HistoryState, Outgoing } from "@/lib/call/chat_types";
import { dayName, type Entry, entriesOf, linesOf } from "@/lib/chat/groups";
import type { Thread } from "@/lib/chat/threads";
import { displayName } from "@/lib/people/avatar";
import type { Message } from "@/lib/protocol/events";
import { useRoomSession } from "../../room/session";
import { EmptyChat, HistoryProblem } from "./chat_states";
import { JumpButton } from "./jump_button";
import { MessageGroup } from "./message_group";
import { useListScroll } from "./use_list_scroll";

/** So close to the beginning older messages are asked for. */
const OLDER_WITHIN_PX = 120;

interface ChatMessagesProps {
  /** Null: everyone's. */
  thread: Thread | null;
  messages: readonly Message[];
  outgoing: readonly Outgoing[];
  history: HistoryState;
}

/** The messages of one conversation, from old to new. */
export function ChatMessages({ thread, messages, outgoing, history }: ChatMessagesProps) {
  const ref = useRef<HTMLElement>(null);
  const scroll = useListScroll(ref, {
    first: messages[0]?.number,
    last: `${messages.at(-1)?.number} ${outgoing.map(({ id, state }) => id + state).join()}`,
    own: outgoing.at(-1)?.id,
  });
  const tellOlder = useOlder(ref, history);
  const entries = useMemo(() => entriesOf(linesOf(messages, outgoing)), [messages, outgoing]);
  const isEmpty = messages.length === 0 && outgoing.length === 0;
  const isPrivate = thread !== null;
  const jump = () => {
    // The button goes: the focus would go with it.
    ref.current?.focus({ preventScroll: true });
    scroll.toEnd();
  };
  const onScroll = () => {
    scroll.read();
    tellOlder();
  };
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      {history.status === "failed" && <HistoryProblem problem={history.problem} />}
      <section
        ref={ref}
        role="log"
        aria-label={thread ? `Messages with ${displayName(thread.name)}` : "Messages with everyone"}
        aria-busy={history.status === "loading"}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        tabIndex={0}
        onScroll={onScroll}
        className="flex min-h-0 flex-1 flex-col overflow-y-auto overscroll-contain px-4 [overflow-anchor:none] focus-visible:outline-offset-[-4px]"
      >
        {/* One element, whose size is watched. */}
        <div className="flex flex-1 shrink-0 flex-col">
          {isEmpty ? (
            <EmptyChat thread={thread} history={history} />
          ) : (
            <>
              {history.more && (
                <p className="pt-2 text-center text-12 text-faint">Older messages</p>
              )}
              <MessageList entries={entries} isPrivate={isPrivate} />
            </>
          )}
        </div>
      </section>
      {!scroll.atEnd && <NewBelow messages={messages} onClick={jump} />}
    </div>
  );
}

interface MessageListProps {
  entries: readonly Entry[];
  isPrivate: boolean;
}

/** Not drawn anew when somebody only begins to write. */
const MessageList = memo(({ entries, isPrivate }: MessageListProps) => (
  <ol className="flex flex-1 flex-col justify-end gap-3 py-2">
    {entries.map((entry) => drawn(entry, isPrivate))}
  </ol>
));
MessageList.displayName = "MessageList";

function drawn(entry: Entry, isPrivate: boolean) {
  return entry.kind === "group" ? (
    <MessageGroup key={entry.key} group={entry} isPrivate={isPrivate} />
  ) : (
    <li key={entry.key} className="flex items-center gap-3 pt-1 text-12 text-secondary">
      <span aria-hidden className="h-px flex-1 bg-line" />
      {dayName(entry.at, Date.now())}
      <span aria-hidden className="h-px flex-1 bg-line" />
    </li>
  );
}

/** Drawn while the end is out of sight: what comes meanwhile is counted. */
function NewBelow({ messages, onClick }: { messages: readonly Message[]; onClick(): void }) {
  const [seen] = useState(() => messages.at(-1)?.number ?? 0);
  const fresh = messages.filter(({ number, mine }) => number > seen && !mine).length;
  return <JumpButton fresh={fresh} onClick={onClick} />;
}

/** Asks for older messages near the beginning, again while the list is still too short. */
function useOlder(ref: React.RefObject<HTMLElement | null>, { status, more }: HistoryState) {
  const { chat } = useRoomSession().client;
  const ask = () => {
    const list = ref.current;
    if (list && list.scrollTop < OLDER_WITHIN_PX) chat.older();
  };
  useEffect(() => {
    const list = ref.current;
    if (status !== "ready" || !more || !list) return;
    if (list.scrollTop < OLDER_WITHIN_PX) chat.older();
  }, [ref, chat, status, more]);
  return ask;
}
