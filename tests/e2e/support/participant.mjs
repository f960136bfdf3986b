import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { deviceSwitches, TONES, writeMedia } from "../media.mjs";
import { launchBrowser, openPage } from "./browser.mjs";
import { pictureProblem, silenceProblem, toneProblem } from "./judge.mjs";
import { until } from "./until.mjs";

const FRAMES = 10;
const READ_TIMEOUT_MS = 4000;
const LISTEN_MS = 1200;

/** A person with a camera, a microphone, a name and a browser of their own. */
export class Participant {
  /** What went wrong in the page that no test asks for: exceptions, breaches of its policy. */
  complaints = [];

  constructor(name, media, browser, page) {
    this.name = name;
    this.media = media;
    this.browser = browser;
    this.page = page;
    page.on("pageerror", (error) => this.complaints.push(`${name}: ${error.stack ?? error}`));
    page.on("console", (message) => {
      if (message.text().includes("Content Security Policy")) {
        this.complaints.push(`${name}: ${message.text()}`);
      }
    });
  }

  static async launch(name, id, options) {
    const {
      origin,
      folder,
      permissions = ["camera", "microphone"],
      switches = [],
      isBehind,
    } = options;
    const media = writeMedia(folder, id);
    const browser = await launchBrowser([...deviceSwitches(media), ...switches], { isBehind });
    const page = await openPage(browser, origin, permissions);
    return new Participant(name, media, browser, page);
  }

  // ---- what a person does ----

  /** On the preview page: name, Join. */
  async join() {
    await this.page.getByLabel("Your name").fill(this.name);
    await this.page.getByTestId("join").click();
    await this.page.getByTestId("call").waitFor();
  }

  async press(testId) {
    await this.page.getByTestId(testId).click();
  }

  /** In the chat, where it is open. */
  async write(text) {
    const input = this.page.getByTestId("chat-input");
    await input.fill(text);
    await input.press("Enter");
  }

  /** Opens the conversation with somebody whose picture is there. */
  async writePrivatelyTo(other) {
    await this.page.getByLabel(`Actions for ${other.name}`).first().click();
    await this.page.getByText("Message privately").click();
    await this.page.getByLabel(`Private message to ${other.name}`).waitFor();
  }

  // ---- what a person sees and hears ----

  /** What stands in the conversation that is open, from the top: these, each once. */
  untilWritten(...texts) {
    return until(`${this.name} reads ${texts.join(" | ")}`, async () => {
      const there = await this.page.getByTestId("message").allInnerTexts();
      return there.join("|") === texts.join("|") ? null : `there stands [${there.join(" | ")}]`;
    });
  }

  tiles() {
    return this.page.evaluate(() => window.__probe.tiles());
  }

  tileOf(other) {
    return this.page.evaluate((name) => window.__probe.tileOf(name), other.name);
  }

  untilHere(...others) {
    const expected = others.map((other) => other.name).sort();
    return until(`${this.name} sees ${expected.join(", ") || "nobody"}`, async () => {
      const names = (await this.tiles()).map((tile) => tile.name).sort();
      return names.join() === expected.join() ? null : `there are [${names}]`;
    });
  }

  untilTile(other, what, check) {
    return until(`${this.name} sees ${other.name} ${what}`, async () => {
      const tile = await this.tileOf(other);
      if (!tile) return "there is no such tile";
      return check(tile) ? null : JSON.stringify(tile);
    });
  }

  untilPicture(other) {
    return until(`${this.name} sees the moving picture of ${other.name}`, async () => {
      const reads = await this.page.evaluate(
        ([name, options]) => window.__probe.readPicture(name, options),
        [other.name, { frames: FRAMES, timeoutMs: READ_TIMEOUT_MS }],
      );
      return pictureProblem(reads, other.media.id);
    });
  }

  untilTone(other) {
    return this.#untilLevels(other, "hears", (levels) => toneProblem(levels, other.media.tone));
  }

  untilSilence(other) {
    return this.#untilLevels(other, "hears nothing of", silenceProblem);
  }

  /** Sees and hears every one of the others, and nobody else. */
  async untilTogether(...others) {
    await this.untilHere(...others);
    for (const other of others) await this.untilPicture(other);
    await Promise.all(others.map((other) => this.untilTone(other)));
  }

  /** The transport protocols ("udp", "tcp") that media takes to the server, one per connection. */
  protocols() {
    return this.page.evaluate(() => window.__probe.protocols());
  }

  // ---- ends ----

  /** Writes what the page knows into a folder. */
  async report(folder) {
    const report = await this.page.evaluate(() => window.__probe.report()).catch(String);
    writeFileSync(join(folder, `${this.name}.json`), JSON.stringify(report, null, 2));
    await this.page.screenshot({ path: join(folder, `${this.name}.png`) }).catch(() => undefined);
  }

  close() {
    return this.browser.close();
  }

  #untilLevels(other, verb, judge) {
    return until(`${this.name} ${verb} ${other.name}`, async () => {
      const levels = await this.page.evaluate(
        ([name, tones, listenMs]) => window.__probe.readLevels(name, tones, listenMs),
        [other.name, TONES, LISTEN_MS],
      );
      return levels === null ? "there is no sound" : judge(levels);
    });
  }
}
