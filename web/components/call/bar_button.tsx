import type { LucideIcon } from "lucide-react";
import { classes } from "../ui/classes";
import { Icon } from "../ui/icon";
import { UnreadBadge } from "./chat/unread_badge";

interface BarButtonProps {
  icon: LucideIcon;
  label: string;
  /** What the tooltip says, when more than the label. */
  tip?: string;
  shortcut?: string;
  pressed?: boolean;
  /** Microphone or camera that is off. */
  off?: boolean;
  /** The device cannot be used. */
  alert?: boolean;
  /** May not be used. It still takes the focus and a press, which says why. */
  barred?: boolean;
  leave?: boolean;
  badge?: number;
  /** At the corner, where there are some. */
  unread?: number;
  fill?: boolean;
  testId: string;
  onClick(): void;
}

/** A button of the bar: its state shows in shape, fill and label, not by colour alone. */
export function BarButton(props: BarButtonProps) {
  const { icon, label, tip, shortcut, pressed, off, alert, barred, leave, badge, fill } = props;
  const lit = pressed && (badge !== undefined || props.unread !== undefined);
  return (
    <div className="has-tip relative">
      <button
        type="button"
        aria-label={labelOf(props)}
        aria-pressed={pressed}
        aria-disabled={barred || undefined}
        aria-keyshortcuts={shortcut}
        data-testid={props.testId}
        onClick={props.onClick}
        className={classes(
          "relative flex h-11 items-center justify-center overflow-hidden rounded-full transition-[background-color,color,scale] motion-safe:active:scale-95 sm:h-12",
          leave ? "w-14 sm:w-16" : badge === undefined ? "w-11 sm:w-12" : "w-14 gap-1 sm:w-16",
          leave && "bg-danger-solid text-white hover:bg-danger-solid-strong",
          off && !barred && "off-glass",
          barred && "cursor-default bg-hover text-faint",
          lit && "bg-accent text-on-accent hover:bg-accent-strong",
          !leave && !off && !lit && !barred && "bg-hover text-text hover:bg-press",
        )}
      >
        {fill && <span aria-hidden className="mic-fill" />}
        <Icon icon={icon} className="relative" />
        {badge !== undefined && (
          <span aria-hidden className="relative text-14 font-semibold tabular-nums">
            {badge}
          </span>
        )}
      </button>
      {props.unread !== undefined && <UnreadBadge count={props.unread} />}
      {alert && (
        <span
          aria-hidden
          className="pointer-events-none absolute -top-0.5 -right-0.5 flex size-4 items-center justify-center rounded-full bg-warning text-12 leading-none font-bold text-on-accent"
        >
          !
        </span>
      )}
      <Tip text={tip ?? label} {...(shortcut ? { shortcut } : {})} />
    </div>
  );
}

function labelOf({ label, badge, unread = 0 }: BarButtonProps): string {
  if (unread > 0) return `${label}, ${unread} unread`;
  return badge === undefined ? label : `${label}, ${badge}`;
}

export function Tip({ text, shortcut }: { text: string; shortcut?: string }) {
  return (
    <span
      role="presentation"
      className="tip glass-2 flex h-9 items-center gap-2 rounded-control px-3 text-14"
    >
      {text}
      {shortcut && (
        <kbd className="rounded-[5px] bg-press px-1.5 text-12 text-secondary">{shortcut}</kbd>
      )}
    </span>
  );
}
