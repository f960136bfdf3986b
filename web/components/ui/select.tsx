import { ChevronDown, type LucideIcon } from "lucide-react";
import { Icon } from "./icon";

export interface Choice {
  value: string;
  label: string;
}

interface SelectProps {
  label: string;
  icon: LucideIcon;
  value: string;
  choices: readonly Choice[];
  /** Shown when there is nothing to choose. */
  empty: string;
  onChange(value: string): void;
}

/** The browser's own select in our clothes: it works everywhere, with touch and keyboard. */
export function Select({ label, icon, value, choices, empty, onChange }: SelectProps) {
  const nothing = choices.length === 0;
  return (
    <label className="group relative flex h-12 min-w-0 items-center rounded-control bg-hover shadow-[inset_0_0_0_1px_rgb(255_255_255/0.07)] transition-colors hover:bg-press has-disabled:opacity-60">
      <span className="sr-only">{label}</span>
      <Icon icon={icon} className="pointer-events-none absolute left-3 text-secondary" />
      <select
        value={value}
        disabled={nothing}
        onChange={(event) => onChange(event.target.value)}
        className="h-full w-full min-w-0 cursor-pointer appearance-none truncate rounded-control bg-transparent pr-10 pl-12 text-14 text-text disabled:cursor-default [&>option]:bg-raised"
      >
        {nothing && <option value={value}>{empty}</option>}
        {choices.map((choice) => (
          <option key={choice.value} value={choice.value}>
            {choice.label}
          </option>
        ))}
      </select>
      <Icon icon={ChevronDown} className="pointer-events-none absolute right-2 text-faint" />
    </label>
  );
}
