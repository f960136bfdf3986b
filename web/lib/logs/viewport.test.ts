import { describe, expect, test } from "vitest";
import { visibleRange } from "./viewport";

describe("visibleRange", () => {
  test("draws what is seen and a little more", () => {
    expect(visibleRange(0, 400, 40, 1000)).toEqual({ begin: 0, end: 22 });
    expect(visibleRange(4000, 400, 40, 1000)).toEqual({ begin: 88, end: 122 });
  });

  test("stays within what there is", () => {
    expect(visibleRange(-50, 400, 40, 3)).toEqual({ begin: 0, end: 3 });
    expect(visibleRange(1e6, 400, 40, 10)).toEqual({ begin: 10, end: 10 });
    expect(visibleRange(0, 400, 40, 0)).toEqual({ begin: 0, end: 0 });
  });
});
