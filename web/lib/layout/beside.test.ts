import { expect, test } from "vitest";
import { beside } from "./beside";

const menu = { width: 224, height: 160 };
const phone = { width: 360, height: 740 };
const box = (left: number, top: number) => ({ left, top, right: left + 40, bottom: top + 40 });

test("opens below its button, right edge at right edge", () => {
  expect(beside(box(300, 100), menu, phone)).toEqual({ left: 116, top: 146 });
});

test("opens above where there is no room below", () => {
  expect(beside(box(300, 600), menu, phone)).toEqual({ left: 116, top: 434 });
});

test("stays inside of a window that is hardly larger", () => {
  expect(beside(box(4, 100), menu, phone).left).toBe(8);
  expect(beside(box(310, 20), menu, { width: 230, height: 120 })).toEqual({ left: 8, top: 8 });
});
