import { classes } from "./classes";

/** Two voices that overlap. */
export function BrandMark({ className }: { className?: string }) {
  return (
    <svg aria-hidden="true" viewBox="0 0 48 32" className={classes("text-accent", className)}>
      <circle cx="17" cy="16" r="13" fill="none" stroke="currentColor" strokeWidth="3.5" />
      <circle
        cx="31"
        cy="16"
        r="13"
        fill="none"
        stroke="currentColor"
        strokeWidth="3.5"
        opacity="0.55"
      />
      <path d="M24 5.05a13 13 0 0 1 0 21.9 13 13 0 0 1 0-21.9Z" fill="currentColor" opacity="0.9" />
    </svg>
  );
}
