import { describe, expect, test } from "vitest";
import { brief, MAX_SHOWN, shown, visible } from "./clean";

describe("visible", () => {
  test("leaves what people write as it is", () => {
    for (const text of ["Grüße, Ada!", "王小明", "عبد الرحمن", "👍 🎉", '<b>&amp;"\\', ""]) {
      expect(visible(text)).toBe(text);
    }
  });

  test("writes control characters as escapes", () => {
    expect(visible("a\u001b[31mb\u0000c\nd\te\u009bf\u007f")).toBe(
      "a\\u001b[31mb\\u0000c\\nd\\te\\u009bf\\u007f",
    );
  });

  test("writes what turns or hides text as escapes", () => {
    expect(visible("user\u202egnp.exe")).toBe("user\\u202egnp.exe");
    expect(visible("a\u200bb\u2066c\u2069d\ufeffe\u2028f\u061cg")).toBe(
      "a\\u200bb\\u2066c\\u2069d\\ufeffe\\u2028f\\u061cg",
    );
    expect(visible("\u{e0041}")).toBe("\\u{e0041}");
    expect(visible("\ud800x")).toBe("\\ud800x");
  });
});

describe("shown", () => {
  test("cuts what is too long and says how much is missing", () => {
    expect(shown("x".repeat(MAX_SHOWN))).toBe("x".repeat(MAX_SHOWN));
    const cut = shown("x".repeat(1_000_000));
    expect(cut.length).toBeLessThan(MAX_SHOWN + 50);
    expect(cut).toContain("995,904 more characters");
  });

  test("is brief in a row", () => {
    expect(brief("abc", 2)).toBe("ab…");
    expect(brief("abc", 3)).toBe("abc");
  });
});
