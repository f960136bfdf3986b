import { useEffect, useState } from "react";
import { copyText } from "@/lib/rooms/copy";

const COPIED_MS = 2000;

/** Whether the text was copied just now, and the function that copies it. */
export function useCopy(text: string): [boolean, () => void] {
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), COPIED_MS);
    return () => clearTimeout(timer);
  }, [copied]);
  const copy = () => {
    void copyText(text).then(setCopied);
  };
  return [copied, copy];
}
