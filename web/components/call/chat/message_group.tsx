import { Lock } from "lucide-react";
import { memo, type ReactNode } from "react";
import { type Group, timeOf } from "@/lib/chat/groups";
import { displayName } from "@/lib/people/avatar";
import { classes } from "../../ui/classes";
import { Icon } from "../../ui/icon";
import { MessageText } from "./message_text";

interface MessageGroupProps {
  group: Group;
  isPrivate: boolean;
}

/** What one person wrote in one minute. */
export const MessageGroup = memo(({ group, isPrivate }: MessageGroupProps) => (
  <li className={classes("flex flex-col gap-1", group.mine && "items-end")}>
    <p className="flex max-w-full items-center gap-2 px-1 text-12 text-secondary">
      {isPrivate && <PrivateMark />}
      <bdi className="truncate font-medium text-text">
        {group.mine ? "You" : displayName(group.name)}
      </bdi>
      <time dateTime={new Date(group.sentAt).toISOString()} className="shrink-0 tabular-nums">
        {timeOf(group.sentAt)}
      </time>
    </p>
    {group.messages.map(({ number, text }) => (
      <Bubble key={number} mine={group.mine} isPrivate={isPrivate} testId="message">
        <MessageText text={text} />
      </Bubble>
    ))}
  </li>
));
MessageGroup.displayName = "MessageGroup";

interface BubbleProps {
  mine: boolean;
  isPrivate: boolean;
  faint?: boolean;
  testId: string;
  children: ReactNode;
}

export function Bubble({ mine, isPrivate, faint, testId, children }: BubbleProps) {
  return (
    <div
      data-testid={testId}
      className={classes(
        "max-w-[92%] min-w-0 rounded-label px-3 py-2 text-14",
        mine ? "rounded-br-[4px] bg-own" : "rounded-bl-[4px] bg-hover",
        isPrivate && "outline-1 -outline-offset-1 outline-line-strong outline-dashed",
        faint && "text-secondary",
      )}
    >
      {children}
    </div>
  );
}

export function PrivateMark() {
  return (
    <span className="flex shrink-0 items-center gap-1 text-accent-strong">
      <Icon icon={Lock} />
      Private
    </span>
  );
}
