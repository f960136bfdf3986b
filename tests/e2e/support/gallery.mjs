// Shows scenes: serves the exported pages, plays the server's side, and opens one page in one state.
import { fileURLToPath } from "node:url";
import { FakeSignaling } from "./fake_signaling.mjs";
import { Stage } from "./stage.mjs";
import { createStaticServer } from "./static_server.mjs";

export const SIZES = [
  { width: 1440, height: 900, deviceScaleFactor: 1, phone: false },
  { width: 1024, height: 768, deviceScaleFactor: 1, phone: false },
  { width: 360, height: 740, deviceScaleFactor: 2, phone: true },
];

const DEFAULT_EXPORT = fileURLToPath(new URL("../../../web/out", import.meta.url));
const DEFAULT_SETTLE_MS = 700;

/** One room in which one scene is shown at a time. The browser belongs to the caller. */
export class Gallery {
  #browser;
  #http;
  #signaling;
  #origin;
  /** The page of the last scene, and what it was opened for; the next scene may want the same. */
  #stage = null;
  #stageFor = "";

  constructor(browser, http, signaling) {
    this.#browser = browser;
    this.#http = http;
    this.#signaling = signaling;
    this.#origin = `http://localhost:${http.address().port}`;
  }

  static async open(browser) {
    let signaling = null;
    const root = process.env.CONFAB_WEB_DIR ?? DEFAULT_EXPORT;
    const http = createStaticServer(root, (path) => signaling?.api(path) ?? null);
    signaling = new FakeSignaling(http);
    await new Promise((done) => http.listen(0, "127.0.0.1", done));
    return new Gallery(browser, http, signaling);
  }

  /**
   * Leads a page into a scene and hands it to `look`. Resolves with what that has `seen`, and with
   * `problems`: errors in the page and breaches of its policy. `still`: nothing moves. `plain`: glass
   * is solid too, which costs far less to paint. `scripts`: files that run before the page's own.
   */
  async show(scene, size, look, { still = false, plain = false, scripts = [] } = {}) {
    const stage = await this.#stageOf({ size, still, plain, scripts });
    this.#signaling.play(scene.script ?? {});
    let seen;
    try {
      const problems = await stage.play(scene, { origin: this.#origin, still }, async (page) => {
        await scene.act?.({ page, signaling: this.#signaling, phone: size.phone });
        await page.waitForTimeout(scene.settleMs ?? DEFAULT_SETTLE_MS);
        await page.waitForFunction(isCalm);
        seen = await look(page);
      });
      return { seen, problems };
    } catch (error) {
      await this.#clear(); // Whatever has failed must not harm the next scene.
      throw error;
    }
  }

  async close() {
    await this.#clear();
    await this.#signaling.close();
    this.#http.close();
  }

  /** One page at a time: what moves on another one would slow down this one. */
  async #stageOf(wanted) {
    const key = JSON.stringify(wanted);
    if (this.#stage && this.#stageFor === key) return this.#stage;
    await this.#clear();
    this.#stage = await Stage.open(this.#browser, wanted);
    this.#stageFor = key;
    return this.#stage;
  }

  async #clear() {
    await this.#stage?.close();
    this.#stage = null;
  }
}

/** Runs in the page: its letters are there, and every movement that ends has ended. */
function isCalm() {
  const moves = ({ playState, effect }) =>
    playState === "running" && effect.getComputedTiming().endTime !== Number.POSITIVE_INFINITY;
  return document.fonts.status === "loaded" && !document.getAnimations().some(moves);
}
