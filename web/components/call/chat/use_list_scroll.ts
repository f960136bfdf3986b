import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";

/** So close to the end the list follows what comes. */
const NEAR_PX = 48;

interface Content {
  /** Changes when something comes before. */
  first: number | undefined;
  /** Changes when something comes after. */
  last: string;
  /** The newest that the person has written: the list goes there. */
  own: string | undefined;
}

/**
 * A list that stays at its end while one looks at its end, and where one looks otherwise, also when
 * older entries come above.
 */
export function useListScroll(ref: RefObject<HTMLElement | null>, content: Content) {
  const place = useRef({ ...content, height: 0, atEnd: true });
  const [atEnd, setAtEnd] = useState(true);

  const read = useCallback(() => {
    const list = ref.current;
    if (!list) return;
    const now = list.scrollHeight - list.scrollTop - list.clientHeight <= NEAR_PX;
    place.current.atEnd = now;
    setAtEnd(now);
  }, [ref]);

  const toEnd = useCallback(() => {
    const list = ref.current;
    if (list) list.scrollTop = list.scrollHeight;
    read();
  }, [ref, read]);

  const { first, last, own } = content;
  useLayoutEffect(() => {
    const list = ref.current;
    if (!list) return;
    const before = place.current;
    const isOwn = own !== undefined && own !== before.own;
    place.current = { first, last, own, height: list.scrollHeight, atEnd: before.atEnd };
    if (before.atEnd || isOwn) toEnd();
    else if (first !== before.first) list.scrollTop += list.scrollHeight - before.height;
  }, [ref, first, last, own, toEnd]);

  // A keyboard on the screen, or a longer draft, takes room from the list; what is in it may grow.
  useEffect(() => {
    const list = ref.current;
    if (!list) return;
    const observer = new ResizeObserver(() => {
      if (place.current.atEnd) toEnd();
    });
    observer.observe(list);
    if (list.firstElementChild) observer.observe(list.firstElementChild);
    return () => observer.disconnect();
  }, [ref, toEnd]);

  return { atEnd, read, toEnd };
}
