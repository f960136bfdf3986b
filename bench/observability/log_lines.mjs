import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** How many lines of each event the files of a folder have; none where there is no folder. */
export function linesIn(folder) {
  const counts = {};
  if (!existsSync(folder)) return counts;
  for (const name of readdirSync(folder)) {
    if (!name.endsWith(".jsonl")) continue;
    for (const line of readFileSync(join(folder, name), "utf8").split("\n")) {
      const event = /"event":"([^"]+)"/.exec(line)?.[1];
      if (event) counts[event] = (counts[event] ?? 0) + 1;
    }
  }
  return counts;
}
