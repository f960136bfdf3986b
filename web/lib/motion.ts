import type { Rect } from "./layout/tiling";

/** What moves by script. styles/globals.css holds the same durations as tokens; a test compares. */
export const MOTION_MS = { hover: 90, panel: 180, tile: 220, page: 320 } as const;
export const EASE = "cubic-bezier(0.2, 0.8, 0.2, 1)";

export function prefersReducedMotion(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

interface Journey {
  from: Rect;
  to: Rect;
  durationMs: number;
  /** How it looks at the start, besides its place. */
  departure?: Keyframe;
}

/** Lets an element that stands at `to` come from `from`. Null where no motion is wanted. */
export function travel(
  element: HTMLElement,
  { from, to, durationMs, departure }: Journey,
): Animation | null {
  if (prefersReducedMotion() || to.width === 0 || to.height === 0) return null;
  const scale = `scale(${from.width / to.width}, ${from.height / to.height})`;
  return element.animate(
    [
      {
        ...departure,
        transformOrigin: "0 0",
        transform: `translate(${from.x - to.x}px, ${from.y - to.y}px) ${scale}`,
      },
      { transformOrigin: "0 0", transform: "none" },
    ],
    { duration: durationMs, easing: EASE },
  );
}
