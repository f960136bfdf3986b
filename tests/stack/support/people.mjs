import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { openPage } from "../../e2e/support/browser.mjs";
import { Participant } from "../../e2e/support/participant.mjs";

/** Everyone who is in the calls of a test, each in a Chromium of their own. */
export class People {
  all = [];

  constructor(stack) {
    this.stack = stack;
    this.media = `${stack.folder}-media`;
  }

  /**
   * @param {{ before?: (page) => Promise<void>, switches?: string[], isBehind?: boolean }} options
   *   before: what is done to the empty page; switches, isBehind: of Chromium
   */
  async enter(name, id, room, { before = async () => {}, ...chromium } = {}) {
    const { origin } = this.stack;
    const one = await Participant.launch(name, id, { origin, folder: this.media, ...chromium });
    this.all.push(one);
    await before(one.page);
    return this.#join(one, room);
  }

  /** The same person in another room too, by another page of the same browser. */
  async enterToo(one, room) {
    const { origin } = this.stack;
    const page = await openPage(one.browser, origin, ["camera", "microphone"]);
    const other = new Participant(`${one.name} too`, one.media, one.browser, page);
    this.all.push(other);
    return this.#join(other, room);
  }

  /** What no page has asked for. */
  get complaints() {
    return this.all.flatMap(({ complaints }) => complaints);
  }

  /** Pictures, statistics and logs of a test that fails go where CONFAB_E2E_REPORT says. */
  async report(title) {
    const base = process.env.CONFAB_E2E_REPORT;
    if (!base) return;
    const folder = join(resolve(base), `stack-${title.replace(/[^a-z0-9]+/gi, "-")}`);
    mkdirSync(folder, { recursive: true });
    await Promise.all(this.all.map((one) => one.report(folder)));
    cpSync(join(this.stack.folder, "logs"), join(folder, "logs"), { recursive: true });
  }

  async leave() {
    await Promise.all(
      [...new Set(this.all.map(({ browser }) => browser))].map((each) => each.close()),
    );
    rmSync(this.media, { recursive: true, force: true });
  }

  async #join(one, room) {
    await one.page.goto(`${this.stack.origin}/r/${room}`);
    await one.join();
    return one;
  }
}

/** Everyone sees and hears each of the others. */
export async function together(...people) {
  for (const one of people) await one.untilTogether(...people.filter((other) => other !== one));
}

/** What one does reaches the others by way of signaling, and is undone. */
export async function assertTheyAreTold(one, ...others) {
  await one.press("microphone");
  for (const other of others) await other.untilTile(one, "muted", (tile) => tile.mutedIcon);
  await one.press("microphone");
  for (const other of others) await other.untilTile(one, "unmuted", (tile) => !tile.mutedIcon);
}
