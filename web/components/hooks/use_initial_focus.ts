import { type RefObject, useEffect, useRef } from "react";

/**
 * Moves the focus to an element when it appears, so that keyboard and screen reader go on from
 * there when one screen takes the place of another, and gives it back when the element goes with
 * the focus in it. The element needs `tabIndex={-1}`.
 */
export function useInitialFocus<T extends HTMLElement>(): RefObject<T | null> {
  const ref = useRef<T>(null);
  useEffect(() => {
    const before = document.activeElement;
    // With the next drawing: focusing now would lay the page out once more than it needs.
    const next = requestAnimationFrame(() => ref.current?.focus({ preventScroll: true }));
    return () => {
      cancelAnimationFrame(next);
      const lost = document.activeElement === document.body;
      if (lost && before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, []);
  return ref;
}
