import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** One self-contained script for a page, from a module of this folder. */
export async function bundle(path) {
  const result = await build({
    entryPoints: [fileURLToPath(new URL(`../${path}`, import.meta.url))],
    bundle: true,
    format: "iife",
    platform: "browser",
    target: "chrome120",
    write: false,
    logLevel: "error",
  });
  return result.outputFiles[0].text;
}
