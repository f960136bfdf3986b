/** Where tiles go. Pure: the same input gives the same rectangles. All lengths in CSS pixels. */
export interface Rect {
  x: number;
  y: number;
  width: number;
  height: number;
}

export interface TilingInput {
  count: number;
  width: number;
  height: number;
  gap: number;
  /** Narrowest and widest allowed width : height. */
  minAspect?: number;
  maxAspect?: number;
  /** A fixed number of columns, as on phones. */
  columns?: number;
}

const MIN_ASPECT = 4 / 3;
const MAX_ASPECT = 16 / 9;

interface Grid {
  columns: number;
  rows: number;
  width: number;
  height: number;
}

/** Tries every column count and takes the one with the largest tiles; the last row is centred. */
export function tile(input: TilingInput): Rect[] {
  if (input.count <= 0 || input.width <= 0 || input.height <= 0) return [];
  return place(bestGrid(input), input);
}

function bestGrid(input: TilingInput): Grid {
  const first = input.columns ?? 1;
  const last = input.columns ?? input.count;
  let best = gridWith(first, input);
  for (let columns = first + 1; columns <= last; columns++) {
    const grid = gridWith(columns, input);
    if (grid.width * grid.height > best.width * best.height) best = grid;
  }
  return best;
}

function gridWith(columns: number, input: TilingInput): Grid {
  const { count, gap, minAspect = MIN_ASPECT, maxAspect = MAX_ASPECT } = input;
  const rows = Math.ceil(count / columns);
  const cellWidth = Math.max(0, (input.width - gap * (columns - 1)) / columns);
  const cellHeight = Math.max(0, (input.height - gap * (rows - 1)) / rows);
  return {
    columns,
    rows,
    width: Math.floor(Math.min(cellWidth, cellHeight * maxAspect)),
    height: Math.floor(Math.min(cellHeight, cellWidth / minAspect)),
  };
}

function place(grid: Grid, { count, width, height, gap }: TilingInput): Rect[] {
  const usedHeight = grid.rows * grid.height + (grid.rows - 1) * gap;
  const top = Math.round((height - usedHeight) / 2);
  return Array.from({ length: count }, (_, index) => {
    const row = Math.floor(index / grid.columns);
    const inRow = Math.min(grid.columns, count - row * grid.columns);
    const usedWidth = inRow * grid.width + (inRow - 1) * gap;
    const left = Math.round((width - usedWidth) / 2);
    return {
      x: left + (index % grid.columns) * (grid.width + gap),
      y: top + row * (grid.height + gap),
      width: grid.width,
      height: grid.height,
    };
  });
}

const PHONE_WIDTH = 600;
const ONE_COLUMN_UP_TO = 3;

export interface StageInput {
  /** People in the call besides oneself. */
  others: number;
  width: number;
  height: number;
  gap: number;
  perPage: number;
  page: number;
}

export interface Stage {
  /** `duo`: one other fills the stage and the self-view floats. */
  layout: "solo" | "duo" | "grid";
  /** Rectangles of the page's tiles; in a grid the own tile comes first. */
  rects: Rect[];
  /** Which tiles (self is 0 in a grid) are on this page. */
  from: number;
  to: number;
  pages: number;
  /** The wanted one, or the nearest that there is. */
  page: number;
}

/** The whole stage: one, two, a grid, or a page of a larger grid. */
export function stage(input: StageInput): Stage {
  const { others, width, height, gap, perPage } = input;
  const full: Rect = { x: 0, y: 0, width: Math.max(0, width), height: Math.max(0, height) };
  if (others === 0) return { layout: "solo", rects: [full], from: 0, to: 1, pages: 1, page: 0 };
  if (others === 1) return { layout: "duo", rects: [full], from: 1, to: 2, pages: 1, page: 0 };
  const total = others + 1;
  const pages = Math.ceil(total / perPage);
  const page = Math.min(Math.max(0, input.page), pages - 1);
  const from = page * perPage;
  const to = Math.min(total, from + perPage);
  const portraitPhone = width < PHONE_WIDTH && height > width;
  const shape = portraitPhone ? phoneShape(to - from) : {};
  const rects = tile({ count: to - from, width, height, gap, ...shape });
  return { layout: "grid", rects, from, to, pages, page };
}

/** On a phone in portrait: one column up to three, then two; tiles may be square or upright. */
function phoneShape(count: number): Pick<TilingInput, "columns" | "minAspect"> {
  return count <= ONE_COLUMN_UP_TO
    ? { columns: 1, minAspect: 4 / 3 }
    : { columns: 2, minAspect: 0.64 };
}

/** How many tiles a page holds at this size: small tiles help nobody. */
export function tilesPerPage(width: number, height: number): number {
  const area = width * height;
  if (width < PHONE_WIDTH) return 8;
  if (area < 700_000) return 9;
  return area < 1_100_000 ? 12 : 16;
}
