import type { Stage } from "@/lib/logs/story/types";
import { barOf } from "@/lib/logs/story/words";
import { classes } from "../../ui/classes";

const SHADES = ["bg-accent", "bg-accent/70", "bg-accent/45", "bg-accent/85", "bg-accent/30"];

/** What a join took, part by part. The numbers stand beside it and below. */
export function StagesBar({ stages, className }: { stages: readonly Stage[]; className?: string }) {
  const { parts } = barOf(stages);
  const sum = parts.reduce((total, { ms }) => total + ms, 0);
  if (sum <= 0) return null;
  return (
    <span
      aria-hidden
      className={classes("flex h-2 gap-px overflow-hidden rounded-full bg-hover", className)}
    >
      {parts.map(({ name, ms }, index) => (
        <span
          key={name}
          title={name}
          className={SHADES[index % SHADES.length]}
          style={{ width: `${(ms / sum) * 100}%` }}
        />
      ))}
    </span>
  );
}
