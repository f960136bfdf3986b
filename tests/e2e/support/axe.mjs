import { createRequire } from "node:module";

/** The file of axe's script for pages. */
export const AXE = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
