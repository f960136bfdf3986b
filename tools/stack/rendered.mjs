import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const RENDER = fileURLToPath(new URL("../../deploy/render.sh", import.meta.url));

/**
 * The configuration that operators get, by deploy/render.sh, in a folder of its own. Throws with the
 * words of the script where it refuses.
 * @param {"nginx" | "coturn"} server
 * @returns {string} the folder
 */
export function render(server, settings, folder) {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "settings");
  const lines = Object.entries(settings).map(([name, value]) => `${name} = ${value}\n`);
  writeFileSync(file, lines.join(""));
  const stdio = ["ignore", "pipe", "pipe"];
  try {
    execFileSync(RENDER, [server, file, join(folder, "rendered")], { stdio });
  } catch (error) {
    throw new Error(`${server} cannot be configured: ${error.stderr || error.message}`);
  }
  return join(folder, "rendered");
}
