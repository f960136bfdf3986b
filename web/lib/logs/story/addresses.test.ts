import { expect, test } from "vitest";
import {
  addressOfInput,
  anchorOf,
  lineAddress,
  roomAddress,
  roomOfPath,
  traceAddress,
} from "./addresses";

test.each([
  ["quiet-harbor", "/rooms/quiet-harbor"],
  ["  quiet harbor ", "/rooms/quiet-harbor"],
  ["https://meet.example/r/quiet-harbor?token=x", "/rooms/quiet-harbor"],
  ["http://127.0.0.1:9000/rooms/quiet-harbor?at=x", "/rooms/quiet-harbor"],
  ["~3f9c/…", "/rooms/~3f9c%2F%E2%80%A6"],
  ["Error p-0123456789abcdef", "/?text=p-0123456789abcdef"],
  ["abcdefghijklmnopqrstuvwxyz", "/?text=abcdefghijklmnopqrstuvwxyz"],
])("%s leads to %s", (input, address) => {
  expect(addressOfInput(input)).toBe(address);
});

test("an empty field leads nowhere", () => {
  expect(addressOfInput("  ")).toBeNull();
  expect(addressOfInput("Error ")).toBe("/rooms/Error");
});

test("finds the room in a path, whatever its letters", () => {
  for (const room of ["tea", "~a/b", "عبد", "a b%"]) {
    expect(roomOfPath(roomAddress(room))).toBe(room);
  }
  expect(roomOfPath("/logs")).toBe("");
  expect(roomOfPath("/rooms/%E0%A4%A")).toBe("");
});

test("a time in the address is that of the logs", () => {
  const at = Date.parse("2026-11-29T06:44:13Z") * 1000 + 7;
  expect(roomAddress("tea", at)).toBe("/rooms/tea?at=2026-11-29T06%3A44%3A13.000007Z");
});

test("leads to one line by its time, and to a trace", () => {
  const us = Date.parse("2026-11-29T06:44:13.123Z") * 1000 + 456;
  expect(lineAddress(`${us}.7`)).toBe(
    `/?from=2026-11-29T06%3A44%3A13.123456Z&to=2026-11-29T06%3A44%3A13.123457Z&line=${us}.7`,
  );
  for (const odd of ["", "x", "1", "1.2.3", "javascript:1", "9".repeat(30)]) {
    expect(lineAddress(odd)).toBeNull();
  }
  expect(traceAddress("0af7")).toBe("/?trace=0af7");
});

test("an anchor holds no space", () => {
  expect(anchorOf("a b")).toBe("participant-a%20b");
});
