import { describe, expect, test } from "vitest";
import { piecesOf, safeHref } from "./links";

const links = (text: string) =>
  piecesOf(text).flatMap((piece) => (piece.kind === "link" ? [piece.text] : []));

describe("an address in a message", () => {
  test("is found among words, and what ends the sentence stays outside", () => {
    expect(piecesOf("See https://example.com/a?b=c#d, then http://example.org.")).toEqual([
      { kind: "text", text: "See " },
      { kind: "link", text: "https://example.com/a?b=c#d", href: "https://example.com/a?b=c#d" },
      { kind: "text", text: ", then " },
      { kind: "link", text: "http://example.org", href: "http://example.org/" },
      { kind: "text", text: "." },
    ]);
  });

  test.each([
    ["(https://example.com/a)", "https://example.com/a"],
    ["https://example.com/a_(b)", "https://example.com/a_(b)"],
    ["(https://example.com/a_(b))", "https://example.com/a_(b)"],
    ["“https://example.com”", "https://example.com"],
    ["https://example.com/a!?…", "https://example.com/a"],
    ["HTTPS://Example.COM/Path", "HTTPS://Example.COM/Path"],
    ["https://example.com:443/x", "https://example.com:443/x"],
    ["https://example.com:8443/x", "https://example.com:8443/x"],
    ["http://[2001:db8::1]:80/x", "http://[2001:db8::1]:80/x"],
    ["http://192.0.2.1/x", "http://192.0.2.1/x"],
  ])("%s is %s", (text, link) => {
    expect(links(text)).toEqual([link]);
  });

  test.each([
    "javascript:alert(1)",
    "data:text/html,x",
    "file:///etc/passwd",
    "ftp://example.com",
    "//example.com",
    "www.example.com",
    "xhttps://example.com",
    "https://",
    "https:///example.com",
    "https://xn--80ak6aa92e.com",
    "https://www.XN--80ak6aa92e.com",
    "https://аpple.com",
    "https://example。com",
    "https://bank.example@evil.example",
    "https://bank.example%40evil.example",
    "https://bank.example\\@evil.example",
    "https://2130706433/",
    "https://0x7f.1/",
    "https://example.com/\u202egpj.exe",
    "https://exa\u200bmple.com",
    `https://example.com/${"a".repeat(2048)}`,
  ])("%s stays text", (text) => {
    expect(links(text)).toEqual([]);
    expect(piecesOf(text)).toEqual([{ kind: "text", text }]);
  });

  test("markup stays text", () => {
    const text = '<a href="https://example.com/x" onclick="y()">z</a>';
    expect(piecesOf(text)).toEqual([
      { kind: "text", text: '<a href="' },
      { kind: "link", text: "https://example.com/x", href: "https://example.com/x" },
      { kind: "text", text: '" onclick="y()">z</a>' },
    ]);
  });
});

test("the pieces of any text are the text", () => {
  const parts = ["https://", "example.com", "/", "(", ")", ".", " ", "é", "😀", "@", "\n", "<b>"];
  for (let seed = 1; seed <= 500; seed++) {
    let state = seed;
    const next = () => {
      state = (state * 1103515245 + 12345) % 2147483648;
      return parts[state % parts.length] ?? "";
    };
    const text = Array.from({ length: 12 }, next).join("");
    const pieces = piecesOf(text);
    expect(pieces.map((piece) => piece.text).join("")).toBe(text);
    for (const piece of pieces) {
      if (piece.kind === "link") expect(new URL(piece.href).protocol).toMatch(/^https?:$/);
    }
  }
});

test("an address leads to the host that is shown", () => {
  expect(safeHref("https://example.com/ä")).toBe("https://example.com/%C3%A4");
});
