import { useEffect, useRef } from "react";
import { watchLevel } from "@/lib/media/level_meter";
import { useSelected } from "../hooks/use_store";
import { useRoomSession } from "./session";

/** Writes the microphone's level as `--level` on an element, outside of React's drawing. */
export function useMicLevel() {
  const { media } = useRoomSession();
  const ref = useRef<HTMLDivElement>(null);
  const track = useSelected(media, ({ microphone }) => (microphone.on ? microphone.track : null));
  useEffect(() => {
    if (!track) return;
    return watchLevel(track, (level) => {
      ref.current?.style.setProperty("--level", level.toFixed(3));
    });
  }, [track]);
  return ref;
}

const BARS = ["h-[40%]", "h-[70%]", "h-full", "h-[70%]", "h-[40%]"];

/** Five bars that move with the voice. */
export function MicBars() {
  const ref = useMicLevel();
  return (
    <div ref={ref} aria-hidden className="flex h-6 w-8 items-center justify-center gap-[3px]">
      {BARS.map((height, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: five fixed bars
        <span key={index} className={`flex w-1 items-center ${height}`}>
          <span className="mic-bar w-full rounded-full bg-good" />
        </span>
      ))}
    </div>
  );
}
