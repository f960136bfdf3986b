import { launchBrowser, openPage } from "../../e2e/support/browser.mjs";
import { until } from "../../services/support/waiting.mjs";

const SETTLED_MS = 60_000;

/** What the API and the log viewer of a stack say of a room. */
export class Explanation {
  constructor(stack, tokens) {
    Object.assign(this, { stack, tokens });
  }

  /** By the REST interface, through nginx. */
  async ofApi(room) {
    return this.#ask(`${this.stack.origin}/api/v1/rooms/${room}/explanation`);
  }

  async ofViewer(room) {
    return this.#ask(`${this.stack.url("logs")}/api/v1/logs/rooms/${room}`);
  }

  /** When everybody has left. @returns the explanation */
  async untilOver(room) {
    let answer;
    await until(
      async () => {
        answer = await this.ofViewer(room);
        return answer.live === false;
      },
      () => `the end of the call: ${JSON.stringify(answer)}`,
      SETTLED_MS,
    );
    return answer;
  }

  /** What a person sees who looks for a room in the viewer: the causes, in the page's order. */
  async inChromium(room, screenshot) {
    const origin = this.stack.url("logs");
    const browser = await launchBrowser();
    try {
      const page = await openPage(browser, origin, []);
      await page.setViewportSize({ width: 1440, height: 900 });
      await page.goto(`${origin}/#token=${this.#token()}`);
      const field = page.getByLabel(/^Explain a call/);
      await field.fill(room);
      await field.press("Enter");
      await page.getByTestId("findings").waitFor();
      const findings = await page.getByTestId("finding").all();
      if (screenshot) await page.screenshot({ path: screenshot, fullPage: true });
      return await Promise.all(findings.map((each) => each.getAttribute("data-cause")));
    } finally {
      await browser.close();
    }
  }

  async #ask(url) {
    const response = await fetch(url, { headers: { authorization: `Bearer ${this.#token()}` } });
    const text = await response.text();
    if (response.status !== 200) throw new Error(`${url}: ${response.status} ${text}`);
    return JSON.parse(text);
  }

  #token() {
    return this.tokens.api(["logs"]);
  }
}
