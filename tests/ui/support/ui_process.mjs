import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../../e2e/support/ports.mjs";
import { until } from "../../e2e/support/until.mjs";
import { ServerProcess } from "../../nginx/support/server_process.mjs";

const web = fileURLToPath(new URL("../../../web/", import.meta.url));

/** `npm start` of web/, as a process; `settings` are its variables. */
export function startUi(settings) {
  if (!existsSync(join(web, ".next-server"))) {
    throw new Error("web/.next-server is missing: run `npm run build:server` in web/");
  }
  const { PATH, HOME } = process.env;
  const env = { PATH, HOME, NEXT_TELEMETRY_DISABLED: "1", ...settings };
  return new ServerProcess(process.execPath, ["server/main.mjs"], { cwd: web, env });
}

/** The same, once it says that it has started. */
export class UiProcess {
  /** @param {string} gateway its origin */
  static async start(gateway) {
    const ui = new UiProcess();
    ui.port = await freePort();
    ui.process = startUi({ CONFAB_UI_GATEWAY: gateway, CONFAB_UI_PORT: String(ui.port) });
    await until("the UI server to start", async () => {
      ui.process.assertAlive();
      return ui.process.lastWords.includes("has started") ? null : ui.process.lastWords;
    });
    return ui;
  }

  get origin() {
    return `http://localhost:${this.port}`;
  }

  stop() {
    return this.process.stop();
  }
}
