import { useEffect, useLayoutEffect, useRef } from "react";
import { whenShown } from "@/lib/media/remote_pictures";
import { useRoomSession } from "../room/session";

/** Two frames of a screen. */
const DRAWING_MS = 34;

interface RemoteVideoProps {
  track: MediaStreamTrack;
  /** The sender has switched it off: the last picture must not stay. */
  paused: boolean;
}

/** One remote picture; until a frame is drawn the ground behind shows through. */
export function RemoteVideo({ track, paused }: RemoteVideoProps) {
  const { client, pictures } = useRoomSession();
  const place = useRef<HTMLDivElement>(null);

  useLayoutEffect(
    () => (place.current ? pictures.mount(track, place.current) : undefined),
    [pictures, track],
  );

  const wasPaused = useRef(paused);
  useEffect(() => {
    const video = pictures.of(track);
    if (paused) {
      wasPaused.current = true;
      video.classList.add("opacity-0");
      return;
    }
    const isOld = wasPaused.current;
    wasPaused.current = false;
    let told: ReturnType<typeof setTimeout> | undefined;
    const stop = whenShown(video, isOld, (now, metadata) => {
      video.classList.remove("opacity-0");
      // What follows a first picture is work for this thread: it comes after the drawing.
      told = setTimeout(() => client.pictureShown(now, metadata), DRAWING_MS);
    });
    return () => {
      stop();
      clearTimeout(told);
    };
  }, [client, pictures, track, paused]);

  return <div ref={place} className="absolute inset-0" />;
}
