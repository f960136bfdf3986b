import type { LucideIcon } from "lucide-react";
import { memo } from "react";
import { classes } from "./classes";

interface IconProps {
  icon: LucideIcon;
  className?: string;
}

/** The one size and weight of icons. Decorative: the control that holds it carries the label. */
export const Icon = memo(({ icon: Glyph, className }: IconProps) => (
  <Glyph aria-hidden className={classes("w-6 h-6 shrink-0", className)} strokeWidth={1.75} />
));
Icon.displayName = "Icon";
