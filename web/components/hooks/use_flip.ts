import { type RefObject, useLayoutEffect, useRef } from "react";
import type { Rect } from "@/lib/layout/tiling";
import { MOTION_MS, travel } from "@/lib/motion";

/**
 * Moves an absolutely placed element from its old rectangle to its new one; a move that is still
 * under way goes on from where it is. `animate` is false while the window is being resized: then
 * the element follows at once.
 */
export function useFlip(ref: RefObject<HTMLElement | null>, rect: Rect, animate: boolean): void {
  const before = useRef<Rect | null>(null);
  const move = useRef<Animation | null>(null);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const moving = move.current?.playState === "running";
    const from = moving ? visibleRect(element) : before.current;
    if (before.current && same(before.current, rect)) return;
    before.current = rect;
    move.current?.cancel();
    place(element, rect);
    const durationMs = MOTION_MS.tile;
    move.current = from && animate ? travel(element, { from, to: rect, durationMs }) : null;
  }, [ref, rect, animate]);
}

function place(element: HTMLElement, rect: Rect): void {
  element.style.left = `${rect.x}px`;
  element.style.top = `${rect.y}px`;
  element.style.width = `${rect.width}px`;
  element.style.height = `${rect.height}px`;
}

/** Where the element is drawn right now, in the coordinates of its parent. */
function visibleRect(element: HTMLElement): Rect {
  const { x, y, width, height } = element.getBoundingClientRect();
  const origin = element.offsetParent?.getBoundingClientRect();
  return { x: x - (origin?.x ?? 0), y: y - (origin?.y ?? 0), width, height };
}

function same(a: Rect, b: Rect): boolean {
  return a.x === b.x && a.y === b.y && a.width === b.width && a.height === b.height;
}
