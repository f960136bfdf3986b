import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ConfabServer } from "../../e2e/support/confab_server.mjs";

/** A `confab serve` whose own pages nobody could take for those of the UI server. */
export function startGateway(folder) {
  const pages = join(folder, "pages");
  mkdirSync(pages, { recursive: true });
  writeFileSync(join(pages, "index.html"), "<!doctype html><title>-</title>");
  process.env.CONFAB_WEB_DIR = pages;
  return ConfabServer.start(join(folder, "server"), ["--media-address", "127.0.0.1"]);
}
