import { CloudOff } from "lucide-react";
import { useEffect, useState } from "react";
import type { ConnectionState } from "@/lib/call/types";
import { Icon } from "../ui/icon";

/** Whole seconds until a moment, counted down; null when there is none. */
export function useCountdown(until: number | null): number | null {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (until === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 250);
    return () => clearInterval(timer);
  }, [until]);
  return until === null ? null : Math.max(0, Math.ceil((until - now) / 1000));
}

interface ServerLineProps {
  connection: ConnectionState;
  onRetry(): void;
}

/** "Server away", with what happens next. Draws nothing while all is well. */
export function ServerLine({ connection, onRetry }: ServerLineProps) {
  const seconds = useCountdown(connection.retryAt);
  if (connection.status !== "lost") return null;
  const isBusy = connection.cause === "rate_limited";
  return (
    <div
      role="status"
      className="animate-fade flex items-start gap-3 rounded-label bg-warning/10 p-3 text-14 shadow-[inset_0_0_0_1px_oklch(0.8_0.15_80/0.25)]"
    >
      <Icon icon={CloudOff} className="text-warning" />
      <div className="min-w-0 flex-1">
        <p className="font-medium">
          {isBusy ? "Too many requests came from your network" : "The server is not responding"}
        </p>
        <p className="text-secondary">
          {seconds === null || seconds === 0
            ? "Trying again now. You can stay on this page."
            : `Trying again in ${seconds} s. You can stay on this page.`}
        </p>
      </div>
      <button
        type="button"
        onClick={onRetry}
        className="-my-1 -mr-1 shrink-0 rounded-control px-3 py-2 font-medium text-text transition-colors hover:bg-hover"
      >
        Try again
      </button>
    </div>
  );
}
