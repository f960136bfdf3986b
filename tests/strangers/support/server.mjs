import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ConfabServer } from "../../e2e/support/confab_server.mjs";

/** A `confab serve` of its own. `configuration`: a file's text. */
export async function startServer(configuration = "") {
  const folder = mkdtempSync(join(tmpdir(), "confab-strangers-"));
  // Nobody looks at pages here but the server, once, when it starts.
  process.env.CONFAB_WEB_DIR = join(folder, "pages");
  mkdirSync(process.env.CONFAB_WEB_DIR);
  writeFileSync(join(process.env.CONFAB_WEB_DIR, "index.html"), "<!doctype html><title>-</title>");
  const file = join(folder, "confab.toml");
  writeFileSync(file, configuration);
  const server = await ConfabServer.start(join(folder, "server"), ["--config", file]);
  return {
    origin: server.origin,
    folder,
    async stop() {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
