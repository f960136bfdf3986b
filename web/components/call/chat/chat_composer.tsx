import { Lock, SendHorizontal } from "lucide-react";
import { type FormEvent, type KeyboardEvent, useId, useLayoutEffect, useState } from "react";
import { type Conversation, EVERYONE, MOST_OUTGOING } from "@/lib/call/chat_types";
import { MOST_CHARACTERS, textLength } from "@/lib/chat/text_length";
import type { Thread } from "@/lib/chat/threads";
import { isComposing } from "@/lib/composing";
import { displayName, nameInSentence } from "@/lib/people/avatar";
import { useInitialFocus } from "../../hooks/use_initial_focus";
import { useSelected } from "../../hooks/use_store";
import { useRoomSession } from "../../room/session";
import { classes } from "../../ui/classes";
import { Icon } from "../../ui/icon";

/** What was begun and not sent, by conversation. Lives as long as the call. */
export type Drafts = Map<Conversation, string>;

/** From here on the number of characters that are left is shown. */
const COUNT_FROM = MOST_CHARACTERS - 200;
const TALLEST_PX = 132;

interface ChatComposerProps {
  /** Null: to everyone. */
  thread: Thread | null;
  drafts: Drafts;
  /** Own messages that are not sent. */
  waiting: number;
}

/** Where messages are written, or the sentence that says why they cannot be. */
export function ChatComposer(props: ChatComposerProps) {
  const { client } = useRoomSession();
  const mayWrite = useSelected(client, (state) => state.self.grants.chat);
  const { thread } = props;
  if (!mayWrite) {
    return <Barred>Your invitation lets you read messages, but not send them.</Barred>;
  }
  if (thread?.gone) {
    return (
      <Barred>
        <bdi>{displayName(thread.name)}</bdi> has left the call and will not get any more messages.
      </Barred>
    );
  }
  return <Writing {...props} />;
}

function Barred({ children }: { children: React.ReactNode }) {
  return (
    <p className="mx-3 mb-3 shrink-0 rounded-label bg-hover px-4 py-3 text-center text-secondary">
      {children}
    </p>
  );
}

function Writing({ thread, drafts, waiting }: ChatComposerProps) {
  const { chat } = useRoomSession().client;
  const conversation = thread?.conversation ?? EVERYONE;
  const [text, setText] = useState(() => drafts.get(conversation) ?? "");
  const ref = useInitialFocus<HTMLTextAreaElement>(hasKeyboard());
  const noteId = useId();
  useFittingHeight(ref, text);
  const note = useNote(text, waiting);
  const canSend = text.trim() !== "" && !note.blocks;
  const change = (next: string) => {
    drafts.set(conversation, next);
    setText(next);
  };
  const send = (event?: FormEvent) => {
    event?.preventDefault();
    if (canSend && chat.send(conversation, text)) change("");
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || event.shiftKey || isComposing(event.nativeEvent)) return;
    event.preventDefault();
    send();
  };
  const label = thread ? `Private message to ${displayName(thread.name)}` : "Message to everyone";
  const hint = thread ? `Message ${nameInSentence(thread.name)} privately` : label;
  return (
    <form onSubmit={send} className="flex shrink-0 flex-col gap-1 px-3 pb-3">
      {note.text && (
        <p
          id={noteId}
          className={classes(
            "px-2 text-12",
            note.blocks ? "text-danger-on-glass" : "text-secondary",
          )}
        >
          {note.text}
        </p>
      )}
      <div className="composer" data-private={thread !== null || undefined}>
        {thread && <Icon icon={Lock} className="mb-2.5 ml-3 text-accent" />}
        <textarea
          ref={ref}
          rows={1}
          dir="auto"
          aria-label={label}
          aria-describedby={note.text ? noteId : undefined}
          aria-invalid={note.isTooLong || undefined}
          enterKeyHint="send"
          placeholder={hint}
          data-testid="chat-input"
          value={text}
          onChange={(event) => {
            change(event.target.value);
            if (event.target.value.trim() !== "") chat.press(conversation);
          }}
          onKeyDown={onKeyDown}
        />
        <SendButton canSend={canSend} />
      </div>
    </form>
  );
}

function SendButton({ canSend }: { canSend: boolean }) {
  return (
    <button
      type="submit"
      aria-label="Send"
      title="Send"
      disabled={!canSend}
      data-testid="chat-send"
      className={classes(
        "m-0.5 flex size-10 shrink-0 items-center justify-center rounded-full transition-colors",
        canSend ? "bg-accent text-on-accent hover:bg-accent-strong" : "text-faint",
      )}
    >
      <Icon icon={SendHorizontal} />
    </button>
  );
}

interface Note {
  text: string;
  /** It cannot be sent as it is. */
  blocks: boolean;
  isTooLong: boolean;
}

/** The one line above the field: what is in the way, else what is worth knowing. */
function useNote(text: string, waiting: number): Note {
  const { client } = useRoomSession();
  const away = useSelected(client, ({ connection }) => connection.status !== "online");
  const left = MOST_CHARACTERS - textLength(text.trim());
  if (left < 0) {
    const count = -left === 1 ? "One character" : `${-left} characters`;
    return { text: `${count} too many.`, blocks: true, isTooLong: true };
  }
  if (waiting >= MOST_OUTGOING) {
    const full = "Too many messages are waiting. Wait until they are sent, or discard some.";
    return { text: full, blocks: true, isTooLong: false };
  }
  const remaining = left === 1 ? "One character left." : `${left} characters left.`;
  const count = left <= MOST_CHARACTERS - COUNT_FROM ? remaining : "";
  const offline = away ? "You are offline. Messages will be sent when you are back." : "";
  return { text: count || offline, blocks: false, isTooLong: false };
}

function useFittingHeight(ref: React.RefObject<HTMLTextAreaElement | null>, text: string): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what makes it taller
  useLayoutEffect(() => {
    const field = ref.current;
    if (!field) return;
    field.style.height = "auto";
    field.style.height = `${Math.min(TALLEST_PX, field.scrollHeight)}px`;
  }, [ref, text]);
}

/** Where there is none, one on the screen would cover what was opened. */
function hasKeyboard(): boolean {
  return window.matchMedia("(pointer: fine)").matches;
}
