import { Check, Copy } from "lucide-react";
import { useEffect, useState } from "react";
import { copyText } from "@/lib/rooms/copy";
import { Button } from "./button";

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

interface CopyButtonProps {
  text: string;
  label: string;
  tone?: "primary" | "quiet";
  className?: string;
}

export function CopyButton({ text, label, tone = "quiet", className = "" }: CopyButtonProps) {
  const [copied, copy] = useCopy(text);
  return (
    <>
      <Button tone={tone} icon={copied ? Check : Copy} onClick={copy} className={className}>
        {copied ? "Copied" : label}
      </Button>
      <span role="status" className="sr-only">
        {copied ? "Copied to the clipboard" : ""}
      </span>
    </>
  );
}
