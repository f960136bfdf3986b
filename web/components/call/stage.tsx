import { useEffect, useMemo, useRef, useState } from "react";
import { cornerRect, pageArea, type StageFrame } from "@/lib/layout/frame";
import { type Rect, stage, tilesPerPage } from "@/lib/layout/tiling";
import { useSize } from "../hooks/use_size";
import { useSelected } from "../hooks/use_store";
import { useRoomSession } from "../room/session";
import { useShown } from "../room/shown";
import { classes } from "../ui/classes";
import { InviteCard } from "./invite_card";
import { Pager } from "./pager";
import { SelfTile } from "./self_tile";
import { mediaOf, RemoteTile } from "./tile";
import type { Corner } from "./use_corner_drag";
import { useStructureChange } from "./use_structure_change";

const GAP = 12;
const PHONE_GAP = 8;

/** All pictures, each absolutely placed, so that any layout can turn into any other. */
export function Stage({ panelOpen, dimmed }: { panelOpen: boolean; dimmed: boolean }) {
  const { client } = useRoomSession();
  const participants = useSelected(client, (state) => state.participants);
  const ref = useRef<HTMLDivElement>(null);
  // The stage is the window: so it can be drawn before it is shown.
  const size = useSize(ref, { width: window.innerWidth, height: window.innerHeight });
  const [page, setPage] = useState(0);
  const [corner, setCorner] = useState<Corner>("bottom-right");
  const others = participants.length;

  const layout = useMemo(() => {
    const bleed = others < 2;
    const perPage = tilesPerPage(size.width, size.height);
    const frame: StageFrame = { ...size, panelOpen, paged: others + 1 > perPage };
    const area = pageArea(frame, bleed);
    const gap = size.width < 600 ? PHONE_GAP : GAP;
    const result = stage({ others, width: area.width, height: area.height, gap, perPage, page });
    const shift = (rect: Rect) => ({ ...rect, x: rect.x + area.x, y: rect.y + area.y });
    return { ...result, rects: result.rects.map(shift), frame };
  }, [size, panelOpen, others, page]);
  // A page that is gone is not gone back to when people come again.
  if (layout.page !== page) setPage(layout.page);

  const shape = layout.layout === "grid" || panelIsBeside(layout.frame) ? "card" : "bleed";
  const animate = useStructureChange(`${others}|${panelOpen}|${layout.from}|${corner}`);
  const remoteFrom = Math.max(0, layout.from - 1);
  const shownRemotes =
    layout.layout === "solo" ? [] : participants.slice(remoteFrom, layout.to - 1);
  const selfRect = selfRectOf(layout, corner);
  const rectOffset = layout.layout === "grid" && layout.from === 0 ? 1 : 0;

  useViewReport(
    shownRemotes.map((participant, index) => ({
      participantId: participant.id,
      hasCamera: mediaOf(participant, "camera") !== null,
      rect: layout.rects[index + rectOffset],
    })),
  );

  return (
    <div
      ref={ref}
      className={classes(
        "absolute inset-0 transition-[filter,opacity] duration-(--motion-page)",
        dimmed && "opacity-55 saturate-[0.6]",
      )}
    >
      {size.width > 0 &&
        shownRemotes.map((participant, index) => {
          const rect = layout.rects[index + rectOffset];
          return rect ? (
            <RemoteTile
              key={participant.id}
              participant={participant}
              rect={rect}
              shape={shape}
              animate={animate}
            />
          ) : null;
        })}
      {size.width > 0 && selfRect && (
        <SelfTile
          key="self"
          rect={selfRect}
          shape={layout.layout === "solo" ? shape : "card"}
          floating={layout.layout === "duo"}
          alone={layout.layout === "solo"}
          animate={animate}
          onCorner={setCorner}
          bounds={size}
        />
      )}
      {layout.layout === "solo" && <InviteCard beside={panelIsBeside(layout.frame)} />}
      {layout.pages > 1 && <Pager page={layout.page} pages={layout.pages} onPage={setPage} />}
    </div>
  );
}

type Layout = ReturnType<typeof stage> & { frame: StageFrame };

function selfRectOf(layout: Layout, corner: Corner): Rect | null {
  if (layout.layout === "duo") return cornerRect(layout.frame, corner);
  return layout.from === 0 ? (layout.rects[0] ?? null) : null;
}

function panelIsBeside(frame: StageFrame): boolean {
  return frame.panelOpen && frame.width >= 960;
}

interface Shown {
  participantId: string;
  hasCamera: boolean;
  rect: Rect | undefined;
}

/** Tells the server which tiles are drawn and how large, in device pixels. */
function useViewReport(shown: readonly Shown[]): void {
  const { client } = useRoomSession();
  const tiles = shown
    .filter(({ hasCamera, rect }) => hasCamera && rect)
    .map(({ participantId, rect }) => ({
      participantId,
      source: "camera" as const,
      width: Math.round((rect?.width ?? 0) * devicePixelRatio),
      height: Math.round((rect?.height ?? 0) * devicePixelRatio),
    }));
  const onScreen = useShown();
  const key = JSON.stringify(tiles);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key is the content of tiles
  useEffect(() => {
    if (onScreen) client.setView(tiles);
  }, [client, onScreen, key]);
}
