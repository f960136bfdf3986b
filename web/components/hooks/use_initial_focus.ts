import { type RefObject, useEffect, useRef } from "react";

/**
 * Moves the focus to an element when it appears, so that keyboard and screen reader go on from
 * there when one screen takes the place of another, and gives it back when the element goes with
 * the focus in it. What inside of it has taken the focus already keeps it. `shown`: where it is there
 * before it is seen. The element needs `tabIndex={-1}`.
 */
export function useInitialFocus<T extends HTMLElement>(shown = true): RefObject<T | null> {
  const ref = useRef<T>(null);
  useEffect(() => {
    if (!shown) return;
    const before = document.activeElement;
    // With the next drawing: focusing now would lay the page out once more than it needs.
    const next = requestAnimationFrame(() => {
      const element = ref.current;
      if (!element?.contains(document.activeElement)) element?.focus({ preventScroll: true });
    });
    return () => {
      cancelAnimationFrame(next);
      const lost = document.activeElement === document.body;
      if (lost && before instanceof HTMLElement && before.isConnected) before.focus();
    };
  }, [shown]);
  return ref;
}
