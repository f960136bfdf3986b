import { MicOff, WifiOff } from "lucide-react";
import { type ReactNode, useEffect, useRef } from "react";
import type { RemoteMedia, RemoteParticipant } from "@/lib/call/types";
import type { Rect } from "@/lib/layout/tiling";
import { displayName, nameInSentence } from "@/lib/people/avatar";
import { useFlip } from "../hooks/use_flip";
import { useRoomSession } from "../room/session";
import { AvatarGround } from "../ui/avatar";
import { classes } from "../ui/classes";
import { Icon } from "../ui/icon";
import { PersonMenu } from "./person_menu";
import { RemoteVideo } from "./remote_video";

export type TileShape =
  /** Fills the whole page, the bar floats over it. */
  "bleed" | "card";

interface RemoteTileProps {
  participant: RemoteParticipant;
  rect: Rect;
  shape: TileShape;
  animate: boolean;
}

export function mediaOf(
  participant: RemoteParticipant,
  source: RemoteMedia["source"],
): RemoteMedia | null {
  return participant.media.find((media) => media.source === source) ?? null;
}

export function RemoteTile({ participant, rect, shape, animate }: RemoteTileProps) {
  const ref = useRef<HTMLElement>(null);
  useFlip(ref, rect, animate);
  const camera = mediaOf(participant, "camera");
  const microphone = mediaOf(participant, "microphone");
  const muted = !microphone || microphone.paused;
  const cameraOff = !camera || camera.paused;
  const name = displayName(participant.name);
  return (
    <article
      ref={ref}
      data-testid="tile"
      data-participant-id={participant.id}
      aria-label={`${name}${muted ? ", muted" : ""}${cameraOff ? ", camera off" : ""}`}
      className={classes("tile animate-fade", shape === "bleed" && "rounded-none! after:hidden")}
    >
      <AvatarGround name={participant.name} />
      {camera?.track && <RemoteVideo track={camera.track} paused={camera.paused} />}
      {shape === "bleed" && !cameraOff && <BarShade />}
      {!participant.connected && <LostVeil name={participant.name} />}
      {shape === "card" && participant.connected && <SpeakingRing participantId={participant.id} />}
      <TileLabel muted={muted} shape={shape}>
        {name}
      </TileLabel>
      <PersonMenu
        participant={participant}
        className={classes(
          "glass-label person-menu absolute",
          shape === "bleed" ? "top-4 right-4" : "top-2 right-2",
        )}
      />
    </article>
  );
}

interface TileLabelProps {
  muted: boolean;
  shape: TileShape;
  children: ReactNode;
}

/** Bottom left: the name, and the crossed microphone while muted. */
export function TileLabel({ muted, shape, children }: TileLabelProps) {
  return (
    <div
      className={classes(
        "glass-label absolute flex h-8 items-center gap-1 rounded-[10px]",
        muted ? "pr-3 pl-1.5" : "px-3",
        shape === "bleed"
          ? "bottom-[100px] left-3 max-w-[calc(100%-24px)] lg:bottom-7 lg:left-6 lg:max-w-[calc(50%-360px)]"
          : "bottom-2 left-2 max-w-[calc(100%-16px)]",
      )}
    >
      {muted && <Icon icon={MicOff} className="text-danger-on-glass" />}
      <span dir="auto" className="truncate text-14 font-medium">
        {children}
      </span>
    </div>
  );
}

/** A shade at the lower edge of a full picture, so that the bar reads on anything. */
export function BarShade() {
  return (
    <div
      aria-hidden
      className="absolute inset-x-0 bottom-0 h-40 bg-gradient-to-t from-[oklch(0.1_0.02_265/0.55)] to-transparent"
    />
  );
}

function LostVeil({ name }: { name: string }) {
  return (
    <div className="animate-fade absolute inset-0 flex flex-col items-center justify-center gap-2 bg-[oklch(0.14_0.02_265/0.72)] p-4 text-center text-secondary">
      <Icon icon={WifiOff} className="animate-breathe" />
      <p className="text-14 max-sm:sr-only">{nameInSentence(name)} has lost connection</p>
    </div>
  );
}

const QUIET_DBOV = -60;

/** Follows the level without drawing the tile again. */
function SpeakingRing({ participantId }: { participantId: string }) {
  const { client } = useRoomSession();
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const draw = () => {
      const level = client.levels.getSnapshot().get(participantId);
      const ring = ref.current;
      if (!ring) return;
      ring.style.opacity = level === undefined ? "0" : String(strengthOf(level));
      ring.dataset.speaking = String(level !== undefined);
    };
    draw();
    return client.levels.subscribe(draw);
  }, [client, participantId]);
  return <div ref={ref} aria-hidden className="tile-ring" data-testid="speaking-ring" />;
}

function strengthOf(level: number): number {
  const loudness = Math.min(1, Math.max(0, (level - QUIET_DBOV) / -QUIET_DBOV));
  return 0.55 + 0.45 * Math.min(1, loudness * 1.6);
}
