// Shows scenes: serves the exported pages, plays the server's side, and opens one page in one state.
import { fileURLToPath } from "node:url";
import { paintPlainly } from "./browser.mjs";
import { FakeSignaling } from "./fake_signaling.mjs";
import { createStaticServer } from "./static_server.mjs";

export const SIZES = [
  { width: 1440, height: 900, deviceScaleFactor: 1 },
  { width: 1024, height: 768, deviceScaleFactor: 1 },
  { width: 360, height: 740, deviceScaleFactor: 2 },
];

const PICTURES = fileURLToPath(new URL("pictures.js", import.meta.url));
const DEFAULT_EXPORT = fileURLToPath(new URL("../../../web/out", import.meta.url));
const DEFAULT_SETTLE_MS = 700;
/** A busy machine is no failure. */
const SLOW_MACHINE_MS = 120_000;

/** One room in which one scene is shown at a time. The browser belongs to the caller. */
export class Gallery {
  #browser;
  #http;
  #signaling;
  #origin;

  constructor(browser, http, signaling) {
    this.#browser = browser;
    this.#http = http;
    this.#signaling = signaling;
    this.#origin = `http://localhost:${http.address().port}`;
  }

  static async open(browser) {
    const http = createStaticServer(process.env.CONFAB_WEB_DIR ?? DEFAULT_EXPORT);
    const signaling = new FakeSignaling(http);
    await new Promise((done) => http.listen(0, "127.0.0.1", done));
    return new Gallery(browser, http, signaling);
  }

  /**
   * Leads a page into a scene and hands it to `look`. Resolves with what that has `seen`, and with
   * `problems`: errors in the page and breaches of its policy. `still`: nothing moves. `plain`: glass
   * is solid too, which costs far less to paint. `scripts`: files that run before the page's own.
   */
  async show(scene, size, look, { still = false, plain = false, scripts = [] } = {}) {
    this.#signaling.play(scene.script ?? {});
    const context = await this.#browser.newContext(contextOptions(size, still));
    context.setDefaultTimeout(SLOW_MACHINE_MS);
    try {
      const page = await context.newPage();
      const problems = listen(page);
      await dress(page, scene, { still, scripts });
      if (plain) await paintPlainly(page);
      await page.goto(`${this.#origin}${scene.path ?? "/r/quiet-harbor"}`);
      await scene.act?.({ page, signaling: this.#signaling, phone: isPhone(size) });
      await page.waitForTimeout(scene.settleMs ?? DEFAULT_SETTLE_MS);
      const seen = await look(page);
      return { seen, problems };
    } finally {
      await context.close();
    }
  }

  async close() {
    await this.#signaling.close();
    this.#http.close();
  }
}

const isPhone = ({ width }) => width < 600;

function contextOptions({ width, height, deviceScaleFactor }, still) {
  const phone = isPhone({ width });
  return {
    viewport: { width, height },
    deviceScaleFactor,
    hasTouch: phone,
    isMobile: phone,
    permissions: ["clipboard-write"],
    ...(still ? { reducedMotion: "reduce" } : {}),
  };
}

function listen(page) {
  const problems = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) problems.push(message.text());
  });
  return problems;
}

/** Puts in what the scene wants of devices, storage and server health. */
async function dress(page, scene, { still, scripts }) {
  const preferences = { name: "Maya Lindqvist", ...scene.preferences };
  const storage = { "confab.preferences": JSON.stringify(preferences) };
  await page.addInitScript(
    (options) => {
      window.__screens = options.page;
      for (const [key, value] of Object.entries(options.storage)) localStorage.setItem(key, value);
    },
    { page: { ...scene.page, still }, storage },
  );
  for (const path of [PICTURES, ...scripts]) await page.addInitScript({ path });
  if (scene.unhealthy) await page.route("**/healthz", (route) => route.abort());
}
