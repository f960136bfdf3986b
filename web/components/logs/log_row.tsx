import { memo } from "react";
import { brief } from "@/lib/logs/clean";
import { summaryOf, titleOf } from "@/lib/logs/rows";
import { clockOf } from "@/lib/logs/times";
import type { Level, Row } from "@/lib/logs/types";
import { classes } from "../ui/classes";

export const LEVEL_LOOKS: Readonly<Record<Level, string>> = {
  debug: "text-faint",
  info: "text-secondary",
  warning: "text-warning",
  error: "text-danger font-semibold",
};

const EDGES: Readonly<Record<Level, string>> = {
  debug: "before:bg-transparent",
  info: "before:bg-transparent",
  warning: "before:bg-warning",
  error: "before:bg-danger",
};

interface LogRowProps {
  row: Row;
  top: number;
  phone: boolean;
  selected: boolean;
  onSelect(row: Row): void;
}

/** One line of the list, which opens to its fields. All of it is text. */
export const LogRow = memo(({ row, top, phone, selected, onSelect }: LogRowProps) => (
  <li className="absolute inset-x-0" style={{ transform: `translateY(${top}px)` }}>
    <button
      type="button"
      aria-pressed={selected}
      onClick={() => onSelect(row)}
      className={classes(
        "relative w-full cursor-pointer px-4 text-left transition-colors before:absolute before:inset-y-1 before:left-1 before:w-[3px] before:rounded-full focus-visible:-outline-offset-2",
        EDGES[row.level],
        selected ? "bg-hover shadow-[inset_0_0_0_1px_var(--color-accent)]" : "hover:bg-hover",
        phone ? "flex h-15 flex-col justify-center gap-1" : "log-grid h-9",
      )}
    >
      {phone ? <PhoneCells row={row} /> : <WideCells row={row} />}
    </button>
  </li>
));
LogRow.displayName = "LogRow";

function WideCells({ row }: { row: Row }) {
  return (
    <>
      <span className="mono truncate text-12 text-secondary">{clockOf(row.timeUs)}</span>
      <span className={classes("truncate text-14", LEVEL_LOOKS[row.level])}>{row.level}</span>
      <span className="truncate text-14 text-secondary">{serviceOf(row)}</span>
      <span
        className={classes("truncate text-14", row.damage ? "text-warning italic" : "text-text")}
      >
        {brief(titleOf(row), 80)}
      </span>
      <span className="mono truncate text-12 text-secondary">{brief(summaryOf(row))}</span>
    </>
  );
}

function PhoneCells({ row }: { row: Row }) {
  return (
    <>
      <span className="flex items-baseline gap-2">
        <span
          className={classes(
            "min-w-0 truncate text-14",
            row.damage ? "text-warning italic" : "text-text",
          )}
        >
          {brief(titleOf(row), 80)}
        </span>
        <span className={classes("shrink-0 text-12", LEVEL_LOOKS[row.level])}>{row.level}</span>
        <span className="mono ml-auto shrink-0 text-12 text-secondary">{clockOf(row.timeUs)}</span>
      </span>
      <span className="mono truncate text-12 text-secondary">
        {serviceOf(row)} {brief(summaryOf(row))}
      </span>
    </>
  );
}

function serviceOf(row: Row): string {
  return brief(row.service || "–", 40);
}
