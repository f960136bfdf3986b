import { useEffect, useRef, useState } from "react";

const SETTLE_MS = 400;

/**
 * True from the moment when the structure changes (someone joins, a panel opens) until it has
 * settled. While only the window is resized it is false, and tiles follow at once.
 */
export function useStructureChange(structure: string): boolean {
  const before = useRef(structure);
  const [settled, setSettled] = useState(structure);
  const changed = before.current !== structure || settled !== structure;
  useEffect(() => {
    before.current = structure;
    const timer = setTimeout(() => setSettled(structure), SETTLE_MS);
    return () => clearTimeout(timer);
  }, [structure]);
  return changed;
}
