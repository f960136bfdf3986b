import { useEffect } from "react";

const WATCHED_FRAMES = 90;
const SLOW_FRAME_MS = 40;
const SETTLE_MS = 3000;

/** Where blurred glass costs frames, the page goes over to solid glass for the rest of its life. */
export function useFrameWatch(enabled: boolean): void {
  useEffect(() => {
    if (!enabled || document.documentElement.dataset.glass === "solid") return;
    let frame = 0;
    let count = 0;
    let slow = 0;
    let before = 0;
    const watch = (now: number) => {
      if (before > 0 && document.visibilityState === "visible") {
        count += 1;
        if (now - before > SLOW_FRAME_MS) slow += 1;
      }
      before = now;
      if (count < WATCHED_FRAMES) frame = requestAnimationFrame(watch);
      else if (slow > WATCHED_FRAMES / 2) document.documentElement.dataset.glass = "solid";
    };
    const timer = setTimeout(() => {
      frame = requestAnimationFrame(watch);
    }, SETTLE_MS);
    return () => {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
    };
  }, [enabled]);
}
