import { type RefObject, useLayoutEffect, useState } from "react";

export interface Size {
  width: number;
  height: number;
}

const UNKNOWN: Size = { width: 0, height: 0 };

/** The content box of an element, whole pixels, kept up to date; `guess` before the first layout. */
export function useSize(ref: RefObject<HTMLElement | null>, guess = UNKNOWN): Size {
  const isGuessed = guess !== UNKNOWN;
  const [size, setSize] = useState<Size>(guess);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!element) return;
    const read = () => {
      const next = { width: element.clientWidth, height: element.clientHeight };
      setSize((now) => (now.width === next.width && now.height === next.height ? now : next));
    };
    // The observer reads with the first layout; without a guess that is one drawing too late.
    if (!isGuessed) read();
    const observer = new ResizeObserver(read);
    observer.observe(element);
    return () => observer.disconnect();
  }, [ref, isGuessed]);
  return size;
}
