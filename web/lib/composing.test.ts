import { expect, test } from "vitest";
import { isComposing } from "./composing";

const ENTER = 13;

test("a key that ends a composition is the input method's, in Safari too", () => {
  expect(isComposing({ isComposing: true, keyCode: ENTER })).toBe(true);
  expect(isComposing({ isComposing: false, keyCode: 229 })).toBe(true);
  expect(isComposing({ isComposing: false, keyCode: ENTER })).toBe(false);
});
