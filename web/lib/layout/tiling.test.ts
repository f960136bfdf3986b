import { describe, expect, test } from "vitest";
import { cornerRect, pageArea } from "./frame";
import { type Rect, stage, tile, tilesPerPage } from "./tiling";

const SIZES = [
  [1440, 900],
  [1024, 768],
  [1920, 1080],
  [360, 740],
  [740, 360],
  [3440, 1440],
  [320, 320],
] as const;

const overlaps = (a: Rect, b: Rect) =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

describe("tile", () => {
  test.each(SIZES)(
    "keeps %i x %i free of overlaps and inside the area, for 1 to 49",
    (width, height) => {
      for (let count = 1; count <= 49; count++) {
        const rects = tile({ count, width, height, gap: 8 });
        expect(rects).toHaveLength(count);
        const outside = rects.filter(
          (rect) =>
            rect.x < 0 ||
            rect.y < 0 ||
            rect.x + rect.width > width + 1 ||
            rect.y + rect.height > height + 1,
        );
        expect(outside).toEqual([]);
        const overlapping = rects.filter((rect, index) =>
          rects.slice(index + 1).some((other) => overlaps(rect, other)),
        );
        expect(overlapping).toEqual([]);
      }
    },
  );

  test("keeps the aspect between 4:3 and 16:9", () => {
    for (const [width, height] of SIZES) {
      for (let count = 1; count <= 25; count++) {
        const [rect] = tile({ count, width, height, gap: 8 });
        if (!rect || rect.width < 40) continue;
        expect(rect.width / rect.height).toBeGreaterThan(4 / 3 - 0.05);
        expect(rect.width / rect.height).toBeLessThan(16 / 9 + 0.05);
      }
    }
  });

  test("no other column count gives larger tiles", () => {
    for (const [width, height] of SIZES) {
      for (let count = 1; count <= 16; count++) {
        const best = tile({ count, width, height, gap: 8 })[0];
        const bestArea = (best?.width ?? 0) * (best?.height ?? 0);
        for (let columns = 1; columns <= count; columns++) {
          const other = tile({ count, width, height, gap: 8, columns })[0];
          expect((other?.width ?? 0) * (other?.height ?? 0)).toBeLessThanOrEqual(bestArea);
        }
      }
    }
  });

  test("centres the last row", () => {
    const rects = tile({ count: 5, width: 1440, height: 900, gap: 12 });
    const last = rects.slice(3);
    const left = last[0]?.x ?? 0;
    const right = 1440 - ((last[1]?.x ?? 0) + (last[1]?.width ?? 0));
    expect(Math.abs(left - right)).toBeLessThanOrEqual(1);
  });

  test("an area without room gives nothing", () => {
    expect(tile({ count: 3, width: 0, height: 100, gap: 8 })).toEqual([]);
    expect(tile({ count: 0, width: 100, height: 100, gap: 8 })).toEqual([]);
  });
});

describe("stage", () => {
  const area = { width: 1200, height: 800, gap: 12, perPage: 9, page: 0 };

  test("one person fills it, two leave it to the other", () => {
    expect(stage({ ...area, others: 0 })).toMatchObject({ layout: "solo", from: 0, to: 1 });
    expect(stage({ ...area, others: 1 })).toMatchObject({ layout: "duo", from: 1, to: 2 });
  });

  test("pages hold everyone once, and a page that is gone falls back to the last", () => {
    const seen = [0, 1, 2].flatMap((page) => {
      const { from, to } = stage({ ...area, others: 22, page });
      return Array.from({ length: to - from }, (_, index) => from + index);
    });
    expect(seen).toEqual(Array.from({ length: 23 }, (_, index) => index));
    expect(stage({ ...area, others: 9, page: 7 })).toMatchObject({
      from: 9,
      to: 10,
      pages: 2,
      page: 1,
    });
    expect([0, 1].map((others) => stage({ ...area, others, page: 7 }).page)).toEqual([0, 0]);
  });

  test("a phone in portrait has one column up to three, then two", () => {
    const phone = { width: 344, height: 640, gap: 8, perPage: 8, page: 0 };
    const columns = (others: number) =>
      new Set(stage({ ...phone, others }).rects.map(({ x }) => x)).size;
    expect(columns(2)).toBe(1);
    expect(columns(3)).toBe(2);
    expect(columns(5)).toBe(2);
  });

  test("larger pages hold more tiles", () => {
    expect(tilesPerPage(360, 740)).toBeLessThan(tilesPerPage(1440, 900));
  });
});

describe("frame", () => {
  test("the panel takes its room from the tiles on wide pages only", () => {
    const open = pageArea({ width: 1440, height: 900, panelOpen: true }, false);
    const shut = pageArea({ width: 1440, height: 900, panelOpen: false }, false);
    expect(shut.width - open.width).toBe(372);
    const phone = { width: 360, height: 740 };
    expect(pageArea({ ...phone, panelOpen: true }, false)).toEqual(
      pageArea({ ...phone, panelOpen: false }, false),
    );
  });

  test("the small self-view stays on the page in every corner", () => {
    for (const [width, height] of SIZES) {
      for (const corner of ["top-left", "top-right", "bottom-left", "bottom-right"] as const) {
        const rect = cornerRect({ width, height, panelOpen: false }, corner);
        expect(rect.x).toBeGreaterThanOrEqual(0);
        expect(rect.y).toBeGreaterThanOrEqual(0);
        expect(rect.x + rect.width).toBeLessThanOrEqual(width);
        expect(rect.y + rect.height).toBeLessThanOrEqual(height);
      }
    }
  });
});
