import { type RefObject, useLayoutEffect, useRef } from "react";
import type { Rect } from "@/lib/layout/tiling";

const FLIP_MS = 220;
const EASE = "cubic-bezier(.2,.8,.2,1)";

/**
 * Moves an absolutely placed element from its old rectangle to its new one. `animate` is false while
 * the window is being resized: then the element follows at once.
 */
export function useFlip(ref: RefObject<HTMLElement | null>, rect: Rect, animate: boolean): void {
  const before = useRef<Rect | null>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    const from = before.current;
    before.current = rect;
    if (!element) return;
    place(element, rect);
    if (!from || !animate || same(from, rect) || prefersReducedMotion()) return;
    const scaleX = from.width / Math.max(1, rect.width);
    const scaleY = from.height / Math.max(1, rect.height);
    element.animate(
      [
        {
          transformOrigin: "0 0",
          transform: `translate(${from.x - rect.x}px, ${from.y - rect.y}px) scale(${scaleX}, ${scaleY})`,
        },
        { transformOrigin: "0 0", transform: "none" },
      ],
      { duration: FLIP_MS, easing: EASE },
    );
  }, [ref, rect, animate]);
}

export function place(element: HTMLElement, rect: Rect): void {
  element.style.left = `${rect.x}px`;
  element.style.top = `${rect.y}px`;
  element.style.width = `${rect.width}px`;
  element.style.height = `${rect.height}px`;
}

export function prefersReducedMotion(): boolean {
  return window.matchMedia("(prefers-reduced-motion: reduce)").matches;
}

function same(a: Rect, b: Rect): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}
