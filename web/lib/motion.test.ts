import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { EASE, MOTION_MS } from "./motion";

const sheet = readFileSync(new URL("../styles/globals.css", import.meta.url), "utf8");

test.each(Object.entries(MOTION_MS))("--motion-%s is %i ms in the sheet too", (name, duration) => {
  expect(sheet).toContain(`--motion-${name}: ${duration}ms;`);
});

test("scripts and styles ease alike", () => {
  expect(sheet).toContain(`--ease-soft: ${EASE};`);
});
