import type { LucideIcon } from "lucide-react";
import { useCallback, useId, useRef, useState } from "react";
import { classes } from "../ui/classes";
import { Icon } from "../ui/icon";
import { Tip } from "./bar_button";
import { type MenuItem, MenuList } from "./menu_list";

interface MenuProps {
  icon: LucideIcon;
  label: string;
  items: readonly MenuItem[];
}

/** A button of the bar with a menu above it. */
export function Menu({ icon, label, items }: MenuProps) {
  const [open, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = useCallback(() => setOpen(false), []);
  return (
    <div className="has-tip relative">
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
        <MenuList
          id={id}
          label={label}
          items={items}
          button={button}
          onClose={close}
          className="absolute right-0 bottom-[calc(100%+16px)] w-64 max-sm:-right-16"
        />
      )}
    </div>
  );
}
