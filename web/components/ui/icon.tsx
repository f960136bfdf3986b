import type { LucideIcon } from "lucide-react";
import { classes } from "./classes";

interface IconProps {
  icon: LucideIcon;
  className?: string;
}

/** The one size and weight of icons. Decorative: the control that holds it carries the label. */
export function Icon({ icon: Glyph, className }: IconProps) {
  return (
    <Glyph aria-hidden className={classes("w-6 h-6 shrink-0", className)} strokeWidth={1.75} />
  );
}
