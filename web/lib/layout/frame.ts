import type { Rect } from "./tiling";

/** The page around the tiles: the bar below, a panel beside. CSS pixels. */
export interface StageFrame {
  width: number;
  height: number;
  panelOpen: boolean;
  /** A pager stands above the bar on narrow pages. */
  paged?: boolean;
}

export const WIDE_FROM = 960;
export const PANEL_WIDTH = 360;
const MARGIN = 12;
const PHONE_MARGIN = 8;
/** Bar, and the space above and below it. */
const BAR_ZONE = 92;
const PHONE_BAR_ZONE = 74;
const PAGER_ZONE = 50;
/** From this width on the pager has room beside the bar. */
const PAGER_BESIDE_BAR_FROM = 768;
const FLOAT_MARGIN = 24;
const PHONE_FLOAT_MARGIN = 12;
/** From this width on the bar leaves room for the small self-view beside it. */
const FLOAT_BESIDE_BAR_FROM = 1100;

/** Where the tiles go. One or two people fill the page and the bar floats over them. */
export function pageArea(frame: StageFrame, bleed: boolean): Rect {
  const wide = frame.width >= WIDE_FROM;
  const panel = frame.panelOpen && wide ? PANEL_WIDTH + MARGIN : 0;
  if (bleed && panel === 0) return { x: 0, y: 0, width: frame.width, height: frame.height };
  const margin = frame.width < 600 ? PHONE_MARGIN : MARGIN;
  const pager = frame.paged && frame.width < PAGER_BESIDE_BAR_FROM ? PAGER_ZONE : 0;
  const bar = (frame.width < 600 ? PHONE_BAR_ZONE : BAR_ZONE) + pager;
  return {
    x: margin,
    y: margin,
    width: Math.max(0, frame.width - 2 * margin - panel),
    height: Math.max(0, frame.height - margin - bar),
  };
}

/** The small self-view in one of the four corners. */
export function cornerRect(
  frame: StageFrame,
  corner: "top-left" | "top-right" | "bottom-left" | "bottom-right",
): Rect {
  const wide = frame.width >= WIDE_FROM;
  const phone = frame.width < 600;
  const panel = frame.panelOpen && wide ? PANEL_WIDTH + MARGIN : 0;
  const upright = phone && frame.height > frame.width;
  const width = upright ? 108 : Math.round(Math.min(288, Math.max(160, frame.width * 0.17)));
  const height = Math.round(upright ? (width * 4) / 3 : (width * 9) / 16);
  const margin = phone ? PHONE_FLOAT_MARGIN : FLOAT_MARGIN;
  const beside = frame.width >= FLOAT_BESIDE_BAR_FROM && panel === 0;
  const below = beside ? margin : phone ? PHONE_BAR_ZONE + 4 : BAR_ZONE + 8;
  const [vertical, horizontal] = corner.split("-");
  return {
    x: horizontal === "left" ? margin : frame.width - panel - margin - width,
    y: vertical === "top" ? margin : frame.height - below - height,
    width,
    height,
  };
}
