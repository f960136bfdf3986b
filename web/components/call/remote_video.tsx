import { useEffect, useLayoutEffect, useRef } from "react";
import { whenShown } from "@/lib/media/remote_pictures";
import { useRoomSession } from "../room/session";

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
    return whenShown(video, isOld, (now, metadata) => {
      video.classList.remove("opacity-0");
      client.pictureShown(now, metadata);
    });
  }, [client, pictures, track, paused]);

  return <div ref={place} className="absolute inset-0" />;
}
