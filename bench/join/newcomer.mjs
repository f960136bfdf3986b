import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { openPage } from "../../tests/e2e/support/browser.mjs";

const frameWatch = readFileSync(new URL("frame_watch.js", import.meta.url), "utf8");
const FRAME_TIMEOUT_MS = 10_000;
/** People look at the preview before they join; a page that is still starting is not measured. */
const REST_MS = 1500;
/** From the pointer's arrival on the button to the click. */
const APPROACH_MS = { least: 200, most: 600 };

const comeToRest = (ms) =>
  new Promise((resolve) => {
    setTimeout(() => requestIdleCallback(resolve, { timeout: ms }), ms);
  });

/** The stages of a join that are reported, in ms after the click. `all`: every picture has begun. */
export const STAGES = ["reply", "ice", "dtls", "packet", "frame", "all"];

/** Someone on the preview page of a room: page loaded, socket connected, camera granted. */
export class Newcomer {
  constructor(page) {
    this.page = page;
  }

  static async prepare(browser, origin, room) {
    const page = await openPage(browser, origin, ["camera", "microphone"]);
    await page.context().addInitScript({ content: frameWatch });
    await page.goto(`${origin}/r/${room}`);
    await page.waitForFunction(() => {
      const state = window.__confab?.client.getSnapshot();
      const camera = document.querySelector('[aria-label="Your camera"] video');
      return state?.ready && state.connection.status === "online" && camera?.readyState >= 2;
    });
    await page.evaluate(comeToRest, REST_MS);
    return new Newcomer(page);
  }

  /** The pointer comes to the button, and rests on it before it is pressed. */
  async approach() {
    const { x, y, width, height } = await this.page.getByTestId("join").boundingBox();
    await this.page.mouse.move(x + width / 2, y - height);
    await this.page.mouse.move(x + width / 2, y + height / 2);
    const { least, most } = APPROACH_MS;
    await pause(least + Math.random() * (most - least));
  }

  /** Presses Join and waits for the first frames of so many pictures. */
  async join(pictures) {
    const { click, stages, frames, origin } = await this.page.evaluate(
      async ([count, timeoutMs]) => {
        const now = performance.now();
        document.querySelector('[data-testid="join"]').click();
        return { click: now, ...(await window.__frameWatch(count, timeoutMs)) };
      },
      [pictures, FRAME_TIMEOUT_MS],
    );
    const times = { ...stages };
    if (frames.length >= pictures) times.all = frames.sort((a, b) => a - b)[pictures - 1];
    const join = { clickedAt: origin + click };
    for (const stage of STAGES) {
      if (times[stage] !== undefined) join[stage] = times[stage] - click;
    }
    return join;
  }

  async leave() {
    await this.page.getByTestId("leave").click();
    await this.page.getByTestId("ended").waitFor();
    await this.page.context().close();
  }
}

/** The same person with the tutorials' client in a page that draws nothing else. */
export class ClassicNewcomer extends Newcomer {
  static async prepare(browser, origin, room) {
    const page = await openPage(browser, origin, ["camera", "microphone"]);
    await page.context().addInitScript({ content: frameWatch });
    await page.goto(`${origin}/classic.html?room=${room}&receive&button`);
    await page.getByTestId("join").waitFor();
    await page.evaluate(comeToRest, REST_MS);
    return new ClassicNewcomer(page);
  }

  async leave() {
    await this.page.evaluate(() => window.leave());
    await this.page.context().close();
  }
}
