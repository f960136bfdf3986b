import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { useRoomSession } from "../room/session";
import { classes } from "../ui/classes";

interface RemoteVideoProps {
  track: MediaStreamTrack;
  /** The sender has switched it off: the last picture must not stay. */
  paused: boolean;
}

/**
 * One remote picture. The track is attached at once, before its first packet; until a new frame is
 * drawn the ground behind shows through.
 */
export function RemoteVideo({ track, paused }: RemoteVideoProps) {
  const { client } = useRoomSession();
  const ref = useRef<HTMLVideoElement>(null);
  const [fresh, setFresh] = useState(false);

  useLayoutEffect(() => {
    const video = ref.current;
    if (!video) return;
    video.srcObject = new MediaStream([track]);
    void video.play().catch(() => undefined);
    return () => {
      video.srcObject = null;
    };
  }, [track]);

  useEffect(() => {
    const video = ref.current;
    if (!video || paused) {
      setFresh(false);
      return;
    }
    const shown = (now: number, metadata?: VideoFrameCallbackMetadata) => {
      client.pictureShown(now, metadata);
      setFresh(true);
    };
    if (!video.requestVideoFrameCallback) {
      const playing = () => shown(performance.now());
      video.addEventListener("playing", playing, { once: true });
      return () => video.removeEventListener("playing", playing);
    }
    const callback = video.requestVideoFrameCallback(shown);
    return () => video.cancelVideoFrameCallback(callback);
  }, [client, paused]);

  return (
    <video
      ref={ref}
      autoPlay
      playsInline
      muted
      disablePictureInPicture
      className={classes("absolute inset-0", !fresh && "opacity-0")}
    />
  );
}
