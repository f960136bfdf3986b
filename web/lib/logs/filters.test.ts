import { describe, expect, test } from "vitest";
import {
  countOf,
  fieldOfUtc,
  filledOf,
  filtersFromQuery,
  isOver,
  NO_FILTERS,
  queryOf,
  utcOfField,
} from "./filters";

describe("filters in the address", () => {
  test("come back as they went", () => {
    const filters = { ...NO_FILTERS, text: 'a b&c=+%"', room: "tea", from: "2026-01-31T23:59:59Z" };
    expect(filtersFromQuery(queryOf(filters))).toEqual(filters);
  });

  test("leave nothing where nothing is set", () => {
    expect(queryOf(NO_FILTERS)).toBe("");
    expect(filtersFromQuery("")).toEqual(NO_FILTERS);
    expect(queryOf(NO_FILTERS, { limit: "5" })).toBe("?limit=5");
  });

  test("take no names that are none, and no endless values", () => {
    const filters = filtersFromQuery(`?rooom=tea&constructor=x&room=${"x".repeat(5000)}`);
    expect(Object.keys(filters)).toEqual(Object.keys(NO_FILTERS));
    expect(filters.room.length).toBe(200);
  });

  test("are counted without the search", () => {
    expect(countOf({ ...NO_FILTERS, text: "x" })).toBe(0);
    expect(countOf({ ...NO_FILTERS, room: "x", level: "error" })).toBe(2);
    expect(filledOf({ ...NO_FILTERS, room: " x " })).toEqual({ room: "x" });
  });
});

describe("times", () => {
  test("of fields are UTC", () => {
    expect(utcOfField("2026-01-31T23:59")).toBe("2026-01-31T23:59:00Z");
    expect(utcOfField("2026-01-31T23:59:58")).toBe("2026-01-31T23:59:58Z");
    expect(utcOfField("")).toBe("");
    expect(fieldOfUtc("2026-01-31T23:59:58.123Z")).toBe("2026-01-31T23:59:58");
    expect(fieldOfUtc("x")).toBe("");
  });

  test("that are over end the live tail", () => {
    const now = Date.parse("2026-02-01T00:00:00Z");
    expect(isOver({ ...NO_FILTERS, to: "2026-01-31T23:59:59Z" }, now)).toBe(true);
    expect(isOver({ ...NO_FILTERS, to: "2026-02-01T00:00:01Z" }, now)).toBe(false);
    expect(isOver(NO_FILTERS, now)).toBe(false);
  });
});
