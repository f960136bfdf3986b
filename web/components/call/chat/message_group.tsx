import type { ReactNode } from "react";
import { type Group, timeOf } from "@/lib/chat/groups";
import { displayName } from "@/lib/people/avatar";
import { classes } from "../../ui/classes";
import { MessageText } from "./message_text";
import { OwnState } from "./own_state";

interface MessageGroupProps {
  group: Group;
  isPrivate: boolean;
}

/** What one person wrote in one minute. */
export function MessageGroup({ group, isPrivate }: MessageGroupProps) {
  return (
    <li className={classes("flex flex-col gap-1", group.mine && "items-end")}>
      <p className="flex max-w-full items-center gap-2 px-1 text-12 text-secondary">
        {isPrivate && <span className="shrink-0 font-medium text-accent-strong">Private</span>}
        <bdi className="truncate font-medium text-text">
          {group.mine ? "You" : displayName(group.name)}
        </bdi>
        <time dateTime={new Date(group.sentAt).toISOString()} className="shrink-0 tabular-nums">
          {timeOf(group.sentAt)}
        </time>
      </p>
      {group.lines.map(({ key, mine, text, outgoing }) => (
        <div key={key} className={classes("flex w-full flex-col gap-1", mine && "items-end")}>
          <Bubble mine={mine} isPrivate={isPrivate} waiting={outgoing !== null}>
            <MessageText text={text} />
          </Bubble>
          {outgoing && <OwnState message={outgoing} />}
        </div>
      ))}
    </li>
  );
}

interface BubbleProps {
  mine: boolean;
  isPrivate: boolean;
  waiting: boolean;
  children: ReactNode;
}

function Bubble({ mine, isPrivate, waiting, children }: BubbleProps) {
  return (
    <div
      data-testid="message"
      data-waiting={waiting || undefined}
      className={classes(
        "max-w-[92%] min-w-0 rounded-label px-3 py-2 text-14 transition-colors",
        mine ? "rounded-br-[4px] bg-own" : "w-fit rounded-bl-[4px] bg-hover",
        isPrivate && "outline-1 -outline-offset-1 outline-line-strong outline-dashed",
        waiting && "text-secondary",
      )}
    >
      {children}
    </div>
  );
}
