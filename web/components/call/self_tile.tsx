import { useEffect, useLayoutEffect, useRef } from "react";
import type { Rect } from "@/lib/layout/tiling";
import { watchLevel } from "@/lib/media/level_meter";
import { MOTION_MS, travel } from "@/lib/motion";
import { useFlip } from "../hooks/use_flip";
import { useSelected, useStore } from "../hooks/use_store";
import { SelfPicture } from "../room/self_picture";
import { useRoomSession } from "../room/session";
import { useShown } from "../room/shown";
import { AvatarGround } from "../ui/avatar";
import { classes } from "../ui/classes";
import { BarShade, TileLabel, type TileShape } from "./tile";
import { type Corner, useCornerDrag } from "./use_corner_drag";

const SPEAKING_LEVEL = 0.28;

interface SelfTileProps {
  rect: Rect;
  shape: TileShape;
  floating: boolean;
  /** Nobody else is here: no label is needed. */
  alone: boolean;
  animate: boolean;
  onCorner(corner: Corner): void;
  bounds: { width: number; height: number };
}

/** The own picture: full, in the grid, or small in a corner where it can be dragged. */
export function SelfTile(props: SelfTileProps) {
  const { rect, shape, floating, alone, animate, onCorner, bounds } = props;
  const { client, media } = useRoomSession();
  const ref = useRef<HTMLElement>(null);
  const shown = useShown();
  useFlight(ref, rect, shown);
  useFlip(ref, rect, animate);
  const name = useSelected(client, (state) => state.self.name);
  const { microphone, camera } = useStore(media);
  const muted = !microphone.on || !microphone.track;
  const cameraOff = !camera.on || !camera.track;
  const drag = useCornerDrag(ref, { enabled: floating, bounds, onCorner });
  return (
    <article
      ref={ref}
      data-testid="self-tile"
      aria-label={`You${muted ? ", muted" : ""}${cameraOff ? ", camera off" : ""}${
        floating ? ". Arrow keys move your picture" : ""
      }`}
      tabIndex={floating ? 0 : undefined}
      {...drag}
      className={classes(
        "tile",
        shape === "bleed" && "rounded-none! after:hidden",
        floating && "floating z-10",
      )}
    >
      <AvatarGround name={name} />
      {shown && <SelfPicture />}
      {shape === "bleed" && !cameraOff && <BarShade />}
      {shape === "card" && <OwnRing />}
      {!alone && (
        <TileLabel muted={muted} shape={shape}>
          You
        </TileLabel>
      )}
    </article>
  );
}

/** The flight of the picture from the preview to its place in the call. */
function useFlight(ref: React.RefObject<HTMLElement | null>, rect: Rect, shown: boolean): void {
  const { selfView } = useRoomSession();
  const flown = useRef(false);
  useLayoutEffect(() => {
    const element = ref.current;
    if (!shown || flown.current || !element || rect.width === 0) return;
    flown.current = true;
    const from = selfView.takeRememberedPlace();
    const departure = { borderRadius: "22px" };
    if (from) travel(element, { from, to: rect, durationMs: MOTION_MS.page, departure });
  }, [ref, rect, selfView, shown]);
}

/** One's own voice, measured here. */
function OwnRing() {
  const { media } = useRoomSession();
  const ref = useRef<HTMLDivElement>(null);
  const track = useSelected(media, ({ microphone }) => (microphone.on ? microphone.track : null));
  const shown = useShown();
  useEffect(() => {
    if (!track || !shown) return;
    return watchLevel(track, (level) => {
      if (ref.current) ref.current.style.opacity = level > SPEAKING_LEVEL ? "0.9" : "0";
    });
  }, [track, shown]);
  return <div ref={ref} aria-hidden className="tile-ring" />;
}
