import { cpSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "../../tests/e2e/support/bundle.mjs";
import { whatIsTested } from "../../tests/e2e/support/confab_server.mjs";

const PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><title>classic</title>
<body><script src="/classic.js"></script></body></html>`;

/**
 * A copy of the exported pages with the tutorials' client as classic.html beside them: served by
 * confab itself, it may use a WebSocket as the other pages do.
 */
export async function pagesWithClassicClient(folder) {
  cpSync(whatIsTested().webDir, folder, { recursive: true });
  writeFileSync(join(folder, "classic.html"), PAGE);
  writeFileSync(join(folder, "classic.js"), await bundle("classic/client.mjs"));
  return folder;
}
