import { useLayoutEffect, useRef } from "react";
import { useStore } from "../hooks/use_store";
import { classes } from "../ui/classes";
import { useRoomSession } from "./session";

/** A place for the own picture, mirrored. Shows nothing while the camera is off. */
export function SelfPicture() {
  const { selfView, media } = useRoomSession();
  const { camera } = useStore(media);
  const place = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (place.current) selfView.mount(place.current);
  }, [selfView]);
  const visible = camera.on && camera.track !== null;
  return (
    <div ref={place} className={classes("mirrored absolute inset-0", !visible && "opacity-0")} />
  );
}
