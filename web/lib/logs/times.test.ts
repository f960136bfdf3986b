import { expect, test } from "vitest";
import { clockOf, momentOf, offsetOf } from "./times";

const TIME_US = 1769903999123456;

test("times are UTC to the microsecond", () => {
  expect(clockOf(TIME_US)).toBe("23:59:59.123");
  expect(momentOf(TIME_US)).toBe("2026-01-31 23:59:59.123456 UTC");
  expect(momentOf(1e300)).toBe("");
  expect(clockOf(1e300)).toBe("");
});

test("offsets say how long after the first", () => {
  expect(offsetOf(TIME_US, TIME_US)).toBe("+0.0 ms");
  expect(offsetOf(TIME_US + 12_340, TIME_US)).toBe("+12.3 ms");
  expect(offsetOf(TIME_US + 1_500_000, TIME_US)).toBe("+1.50 s");
  expect(offsetOf(TIME_US + 90_000_000, TIME_US)).toBe("+1.5 min");
});
