import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const render = fileURLToPath(new URL("../../../deploy/render.sh", import.meta.url));

/**
 * What operators get: the configuration of "nginx" or "coturn" in a folder, by deploy/render.sh.
 * Throws an error with its words where it refuses.
 */
export function renderConfiguration(server, settings, folder) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "settings");
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
  writeFileSync(file, lines.join(""));
  const out = join(folder, "rendered");
  try {
    execFileSync(render, [server, file, out], { stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    throw new Error(String(error.stderr));
  }
  return out;
}
