import type { LucideIcon } from "lucide-react";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { classes } from "../ui/classes";
import { Icon } from "../ui/icon";
import { Tip } from "./bar_button";

export interface MenuItem {
  icon: LucideIcon;
  label: string;
  hint?: string;
  onSelect(): void;
}

interface MenuProps {
  icon: LucideIcon;
  label: string;
  items: readonly MenuItem[];
}

/** A menu above its button: arrows move, Escape closes and gives the focus back. */
export function Menu({ icon, label, items }: MenuProps) {
  const [open, setOpen] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();

  useEffect(() => {
    if (!open) return;
    root.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus();
    const onPointer = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false);
    };
    document.addEventListener("pointerdown", onPointer);
    return () => document.removeEventListener("pointerdown", onPointer);
  }, [open]);

  const onKeyDown = (event: KeyboardEvent) => {
    const entries = [...(root.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
    const at = entries.indexOf(document.activeElement as HTMLElement);
    if (event.key === "Escape" || event.key === "Tab") {
      setOpen(false);
      button.current?.focus();
    } else if (event.key === "ArrowDown") entries[(at + 1) % entries.length]?.focus();
    else if (event.key === "ArrowUp") entries.at(at - 1)?.focus();
    else if (event.key === "Home") entries[0]?.focus();
    else if (event.key === "End") entries.at(-1)?.focus();
    else return;
    event.preventDefault();
  };

  return (
    <div ref={root} className="has-tip relative">
      <button
        ref={button}
        type="button"
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        data-testid="more"
        onClick={() => setOpen(!open)}
        className={classes(
          "flex size-11 items-center justify-center rounded-full transition-[background-color,scale] motion-safe:active:scale-95 sm:size-12",
          open ? "bg-press" : "bg-hover hover:bg-press",
        )}
      >
        <Icon icon={icon} />
      </button>
      <Tip text={label} />
      {open && (
        <div
          id={id}
          role="menu"
          aria-label={label}
          tabIndex={-1}
          onKeyDown={onKeyDown}
          className="glass-2 animate-pop absolute right-0 bottom-[calc(100%+16px)] w-64 rounded-[18px] p-2 max-sm:-right-16"
        >
          {items.map((item) => (
            <button
              key={item.label}
              type="button"
              role="menuitem"
              onClick={() => {
                setOpen(false);
                button.current?.focus();
                item.onSelect();
              }}
              className="flex h-12 w-full items-center gap-3 rounded-control px-3 text-left text-14 transition-colors hover:bg-hover focus-visible:bg-hover focus-visible:outline-offset-[-2px] active:bg-press"
            >
              <Icon icon={item.icon} className="text-secondary" />
              <span className="flex-1">{item.label}</span>
              {item.hint && <kbd className="font-[inherit] text-12 text-faint">{item.hint}</kbd>}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
