import type { LucideIcon } from "lucide-react";
import type { ComponentProps, ReactNode } from "react";
import { classes } from "./classes";
import { Icon } from "./icon";
import { Spinner } from "./spinner";

type Tone = "primary" | "quiet" | "danger";

interface ButtonProps extends ComponentProps<"button"> {
  tone?: Tone;
  icon?: LucideIcon;
  busy?: boolean;
  children: ReactNode;
}

const TONES: Record<Tone, string> = {
  primary:
    "bg-accent text-on-accent hover:bg-accent-strong shadow-[inset_0_1px_0_rgb(255_255_255/0.25)]",
  quiet: "bg-hover text-text hover:bg-press shadow-[inset_0_0_0_1px_rgb(255_255_255/0.08)]",
  danger: "bg-danger-solid text-white hover:bg-danger-solid-strong",
};

export function Button({
  tone = "quiet",
  icon,
  busy = false,
  className,
  children,
  disabled,
  ...rest
}: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={disabled || busy}
      aria-busy={busy || undefined}
      className={classes(
        "inline-flex h-12 shrink-0 items-center justify-center gap-2 rounded-control px-5 text-16 font-medium",
        "transition-[background-color,scale] motion-safe:enabled:active:scale-98",
        disabled && !busy ? "bg-hover text-secondary" : TONES[tone],
        className,
      )}
    >
      {busy ? <Spinner /> : icon && <Icon icon={icon} />}
      {children}
    </button>
  );
}

interface IconButtonProps extends Omit<ComponentProps<"button">, "children"> {
  icon: LucideIcon;
  label: string;
}

/** A small round button of panels and dialogs. */
export function IconButton({ icon, label, className, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      {...rest}
      className={classes(
        "inline-flex size-10 shrink-0 items-center justify-center rounded-full text-secondary",
        "transition-colors hover:bg-hover hover:text-text active:bg-press",
        className,
      )}
    >
      <Icon icon={icon} />
    </button>
  );
}
