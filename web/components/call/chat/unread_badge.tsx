const MOST_SHOWN = 99;
/** At a button there is no room for two digits and a plus. */
const MOST_AT_BUTTON = 9;

export function countText(count: number, most = MOST_SHOWN): string {
  return count > most ? `${most}+` : String(count);
}

/** At the corner of a button's icon; the button's label says the number. */
export function UnreadBadge({ count }: { count: number }) {
  if (count === 0) return null;
  return (
    <span
      aria-hidden
      data-testid="unread"
      className="animate-fade pointer-events-none absolute bottom-[calc(50%+12px)] left-[calc(50%+12px)] flex h-5 min-w-5 items-center justify-center rounded-full bg-accent px-1.5 text-12 leading-none font-semibold text-on-accent tabular-nums shadow-[0_0_0_2px_oklch(0.2_0.02_265/0.9)]"
    >
      {countText(count, MOST_AT_BUTTON)}
    </span>
  );
}
