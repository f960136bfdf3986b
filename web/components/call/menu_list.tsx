import type { LucideIcon } from "lucide-react";
import { type KeyboardEvent, type RefObject, useEffect, useRef } from "react";
import { classes } from "../ui/classes";
import { Icon } from "../ui/icon";

export interface MenuItem {
  icon: LucideIcon;
  label: string;
  hint?: string;
  /** What cannot be taken back. */
  danger?: boolean;
  /** Drawn, so that the others keep their places, but not to be had now. */
  disabled?: boolean;
  onSelect(): void;
}

interface MenuListProps {
  id: string;
  label: string;
  items: readonly MenuItem[];
  /** Gets the focus back; a press on it is not one outside. */
  button: RefObject<HTMLElement | null>;
  onClose(): void;
  ref?: RefObject<HTMLDivElement | null>;
  className?: string;
}

/** An open menu: arrows move, Escape closes and gives the focus back, a press elsewhere closes. */
export function MenuList(props: MenuListProps) {
  const { id, label, items, button, onClose, className } = props;
  const own = useRef<HTMLDivElement>(null);
  const list = props.ref ?? own;

  useEffect(() => {
    list.current?.querySelector<HTMLElement>('[role="menuitem"]')?.focus({ preventScroll: true });
  }, [list]);
  useEffect(() => {
    const onPointer = (event: PointerEvent) => {
      const target = event.target as Node;
      if (!list.current?.contains(target) && !button.current?.contains(target)) onClose();
    };
    document.addEventListener("pointerdown", onPointer);
    return () => document.removeEventListener("pointerdown", onPointer);
  }, [list, button, onClose]);

  const close = () => {
    onClose();
    button.current?.focus({ preventScroll: true });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const entries = [...(list.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])];
    const at = entries.indexOf(document.activeElement as HTMLElement);
    if (event.key === "Escape" || event.key === "Tab") close();
    else if (event.key === "ArrowDown") entries[(at + 1) % entries.length]?.focus();
    else if (event.key === "ArrowUp") entries.at(at - 1)?.focus();
    else if (event.key === "Home") entries[0]?.focus();
    else if (event.key === "End") entries.at(-1)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };

  return (
    <div
      ref={list}
      id={id}
      role="menu"
      aria-label={label}
      tabIndex={-1}
      onKeyDown={onKeyDown}
      className={classes("glass-2 animate-pop rounded-[18px] p-2", className)}
    >
      {items.map((item) => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          aria-disabled={item.disabled || undefined}
          onClick={() => {
            if (item.disabled) return;
            close();
            item.onSelect();
          }}
          className={classes(
            "flex h-12 w-full items-center gap-3 rounded-control px-3 text-left text-14 transition-colors focus-visible:outline-offset-[-2px]",
            item.disabled
              ? "cursor-default text-faint"
              : "hover:bg-hover focus-visible:bg-hover active:bg-press",
            item.danger && "text-danger-on-glass",
          )}
        >
          <Icon
            icon={item.icon}
            className={item.danger ? "text-danger-on-glass" : "text-secondary"}
          />
          <span className="flex-1">{item.label}</span>
          {item.hint && <kbd className="font-[inherit] text-12 text-faint">{item.hint}</kbd>}
        </button>
      ))}
    </div>
  );
}
