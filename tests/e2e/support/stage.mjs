// The page that scenes are shown in, one after the other.
import { fileURLToPath } from "node:url";
import { paintPlainly } from "./browser.mjs";

const PICTURES = fileURLToPath(new URL("pictures.js", import.meta.url));
/** A busy machine is no failure. */
const SLOW_MACHINE_MS = 120_000;

/**
 * One page for many scenes: a page of its own for each would need a process of its own, and that
 * takes longer than the scene. Each scene loads it anew and finds it without memories.
 */
export class Stage {
  #context;
  #page;
  #problems = [];
  #showings = 0;

  constructor(context, page) {
    this.#context = context;
    this.#page = page;
    const note = (problem) => this.#problems.push(problem);
    page.on("pageerror", (error) => note(error.message));
    page.on("console", (message) => {
      if (/Content Security Policy/.test(message.text())) note(message.text());
    });
  }

  static async open(browser, { size, still, plain, scripts }) {
    const context = await browser.newContext(contextOptions(size, still));
    context.setDefaultTimeout(SLOW_MACHINE_MS);
    const page = await context.newPage();
    for (const path of scripts) await page.addInitScript({ path });
    if (plain) await paintPlainly(page);
    return new Stage(context, page);
  }

  /** Opens the scene's first page and hands it to `body`; resolves with what goes wrong in it. */
  async play(scene, { origin, still }, body) {
    const page = this.#page;
    const undress = await this.#dress(scene, still);
    // Nothing lies under the pointer that the scene before has left somewhere.
    await page.mouse.move(0, 0);
    this.#problems = [];
    await page.goto(`${origin}${scene.path ?? "/r/quiet-harbor"}`);
    await body(page);
    await undress();
    return this.#problems;
  }

  close() {
    return this.#context.close();
  }

  /** Puts in what the scene wants of devices, storage and server health. Resolves with the undoing. */
  async #dress(scene, still) {
    const page = this.#page;
    this.#showings += 1;
    const preferences = { name: "Maya Lindqvist", ...scene.preferences };
    const storage = { "confab.preferences": JSON.stringify(preferences) };
    const options = { page: { ...scene.page, still }, storage, showing: String(this.#showings) };
    // In this order: the pictures look at what the scene wants.
    const dressed = [
      await page.addInitScript(furnish, options),
      await page.addInitScript({ path: PICTURES }),
    ];
    if (scene.unhealthy) await page.route("**/healthz", (route) => route.abort());
    return async () => {
      for (const script of dressed) await script.dispose();
      if (scene.unhealthy) await page.unroute("**/healthz");
    };
  }
}

/** Runs in the page before all else, also when the scene reloads it. */
function furnish({ page, storage, showing }) {
  const MARK = "screens.showing";
  window.__screens = page;
  if (sessionStorage.getItem(MARK) !== showing) {
    sessionStorage.clear();
    localStorage.clear();
    sessionStorage.setItem(MARK, showing);
  }
  for (const [key, value] of Object.entries(storage)) localStorage.setItem(key, value);
}

function contextOptions({ width, height, deviceScaleFactor, phone }, still) {
  return {
    viewport: { width, height },
    deviceScaleFactor,
    hasTouch: phone,
    isMobile: phone,
    permissions: ["clipboard-write"],
    ...(still ? { reducedMotion: "reduce" } : {}),
  };
}
