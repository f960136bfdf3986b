import { VolumeX } from "lucide-react";
import { useEffect, useState } from "react";
import { useStore } from "../hooks/use_store";
import { useRoomSession } from "../room/session";
import { Icon } from "../ui/icon";
import { Spinner } from "../ui/spinner";

const QUIET_FOR_MS = 700;
/** From here on it is no hiccup: the line says what to do. */
const LONG_AFTER_S = 10;

const LINE =
  "glass-1 animate-rise flex min-h-12 items-center gap-3 rounded-panel py-2 pr-5 pl-3 text-14";

/** One quiet line above the picture: reconnecting with its seconds, or sound that waits for a tap. */
export function StatusLine() {
  const { client, playback } = useRoomSession();
  const { connection, media } = useStore(client);
  const { blocked } = useStore(playback);
  const lost = connection.status !== "online";
  const recovering = !lost && media === "recovering";
  const visible = useSteady(lost || recovering, QUIET_FOR_MS);
  const seconds = useSecondsSince(lost ? connection.since : null);
  return (
    <div className="pointer-events-none absolute inset-x-3 top-4 z-30 flex flex-col items-center gap-2">
      <div role="status" aria-live="polite">
        {visible && lost && (
          <div className={LINE}>
            <Spinner className="text-accent" />
            <div>
              <p className="flex gap-3">
                Connection lost. Reconnecting…
                <span aria-hidden className="min-w-8 text-secondary tabular-nums">
                  {seconds} s
                </span>
              </p>
              {seconds >= LONG_AFTER_S && (
                <p className="text-secondary">
                  You will be reconnected automatically. Check your network.
                </p>
              )}
            </div>
          </div>
        )}
        {visible && recovering && (
          <div className={LINE}>
            <Spinner className="text-accent" />
            <p>Sound and picture are coming back…</p>
          </div>
        )}
      </div>
      {blocked && (
        <button
          type="button"
          onClick={() => playback.unblock()}
          className="animate-rise pointer-events-auto flex min-h-14 items-center gap-3 rounded-full bg-accent py-2 pr-6 pl-4 text-left text-on-accent shadow-[0_8px_32px_rgb(0_0_0/0.35)] transition-colors hover:bg-accent-strong"
        >
          <Icon icon={VolumeX} />
          <span>
            <span className="block text-16 font-semibold">Tap to hear the others</span>
            <span className="block text-12">Your browser blocks their sound until you do</span>
          </span>
        </button>
      )}
    </div>
  );
}

/** True only after the condition has held for a while: a hiccup is not worth a word. */
function useSteady(condition: boolean, forMs: number): boolean {
  const [steady, setSteady] = useState(false);
  useEffect(() => {
    if (!condition) {
      setSteady(false);
      return;
    }
    const timer = setTimeout(() => setSteady(true), forMs);
    return () => clearTimeout(timer);
  }, [condition, forMs]);
  return steady && condition;
}

function useSecondsSince(since: number | null): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (since === null) return;
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 500);
    return () => clearInterval(timer);
  }, [since]);
  return since === null ? 0 : Math.max(0, Math.floor((now - since) / 1000));
}
