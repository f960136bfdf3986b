import { type KeyboardEvent, type PointerEvent, type RefObject, useRef } from "react";
import { EASE, MOTION_MS, prefersReducedMotion } from "@/lib/motion";

export type Corner = "top-left" | "top-right" | "bottom-left" | "bottom-right";

interface CornerDragOptions {
  enabled: boolean;
  bounds: { width: number; height: number };
  onCorner(corner: Corner): void;
}

/** Dragging with a pointer, arrows with the keyboard; on release the nearest corner wins. */
export function useCornerDrag(ref: RefObject<HTMLElement | null>, options: CornerDragOptions) {
  const start = useRef<{ x: number; y: number } | null>(null);
  if (!options.enabled) return {};

  const finish = (event: PointerEvent) => {
    const element = ref.current;
    const from = start.current;
    start.current = null;
    if (!element || !from) return;
    const dropped = element.getBoundingClientRect();
    element.style.translate = "";
    const corner = nearestCorner(dropped, options.bounds);
    settle(element, dropped);
    if (Math.hypot(event.clientX - from.x, event.clientY - from.y) > 4) options.onCorner(corner);
  };

  return {
    onPointerDown(event: PointerEvent) {
      if (event.button !== 0) return;
      start.current = { x: event.clientX, y: event.clientY };
      ref.current?.setPointerCapture(event.pointerId);
    },
    onPointerMove(event: PointerEvent) {
      const from = start.current;
      if (!from || !ref.current) return;
      ref.current.style.translate = `${event.clientX - from.x}px ${event.clientY - from.y}px`;
    },
    onPointerUp: finish,
    onPointerCancel: finish,
    onKeyDown(event: KeyboardEvent) {
      const element = ref.current;
      if (!element || !event.key.startsWith("Arrow")) return;
      const now = nearestCorner(element.getBoundingClientRect(), options.bounds);
      const [vertical, horizontal] = now.split("-") as ["top" | "bottom", "left" | "right"];
      const next = {
        ArrowUp: `top-${horizontal}`,
        ArrowDown: `bottom-${horizontal}`,
        ArrowLeft: `${vertical}-left`,
        ArrowRight: `${vertical}-right`,
      }[event.key];
      if (next) options.onCorner(next as Corner);
      event.preventDefault();
    },
  };
}

/** From where it was dropped to where it belongs. */
function settle(element: HTMLElement, dropped: DOMRect): void {
  if (prefersReducedMotion()) return;
  const home = element.getBoundingClientRect();
  element.animate(
    [{ translate: `${dropped.x - home.x}px ${dropped.y - home.y}px` }, { translate: "0 0" }],
    { duration: MOTION_MS.tile, easing: EASE },
  );
}

function nearestCorner(rect: DOMRect, bounds: { width: number; height: number }): Corner {
  const vertical = rect.y + rect.height / 2 < bounds.height / 2 ? "top" : "bottom";
  const horizontal = rect.x + rect.width / 2 < bounds.width / 2 ? "left" : "right";
  return `${vertical}-${horizontal}`;
}
