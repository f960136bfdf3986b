import { useEffect, useState } from "react";

/** `closing`: no longer wanted, but still drawn for a moment, so that it can go as it came. */
export type Presence = "open" | "closing" | "gone";

export function useExit(wanted: boolean, exitMs: number): Presence {
  const [drawn, setDrawn] = useState(wanted);
  useEffect(() => {
    if (wanted) {
      setDrawn(true);
      return;
    }
    const timer = setTimeout(() => setDrawn(false), exitMs);
    return () => clearTimeout(timer);
  }, [wanted, exitMs]);
  if (wanted) return "open";
  return drawn ? "closing" : "gone";
}
