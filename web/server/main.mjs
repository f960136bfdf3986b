// `npm start`: the pages as a server of their own. See docs/deployment.md.
import { fileURLToPath } from "node:url";
import next from "next";
import { settingsOf } from "./settings.mjs";
import { UiServer } from "./ui_server.mjs";

/** Cannot be used as it was asked to, as with `confab`. */
const UNUSABLE = 2;

function fail(error, status) {
  process.stderr.write(`confab-web: ${error.message}\n`);
  process.exit(status);
}

async function start() {
  // next.config.ts asks for it: here as when the pages were built.
  process.env.CONFAB_UI = "server";
  const { gateway, address, port } = settingsOf(process.env);
  const dir = fileURLToPath(new URL("..", import.meta.url));
  const app = next({ dev: false, dir, hostname: address, port });
  await app.prepare();
  const server = new UiServer({ pages: app.getRequestHandler(), gateway });
  await server.listen(port, address);
  process.stdout.write(
    `confab-web has started on ${address}, port ${port}; gateway ${gateway.origin}\n`,
  );
  const end = async () => {
    await server.close();
    await app.close();
    process.exit(0);
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
}

start().catch((error) => fail(error, UNUSABLE));
