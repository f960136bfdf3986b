import { setTimeout as pause } from "node:timers/promises";
import { openPage } from "../../tests/e2e/support/browser.mjs";
import { openClassicPage } from "../../tests/e2e/support/classic_page.mjs";
import { until } from "../../tests/e2e/support/until.mjs";
import { ClassicNewcomer, Newcomer } from "./newcomer.mjs";

/** Joins shall meet the others' cameras and timers at any phase. */
const PHASE_MS = 1000;
const SECOND_NEWCOMER_MS = { least: 100, most: 200 };

export const SCENARIOS = {
  one: { title: "one other in the room", others: 1, run: joinAlone },
  classic: { title: "the same with the tutorials' client", others: 1, run: joinClassic },
  four: { title: "four others, all videos", others: 4, run: joinAlone },
  "classic-four": { title: "the same with the tutorials' client", others: 4, run: joinClassic },
  second: { title: "a second newcomer, 100-200 ms after the first", others: 1, run: joinSecond },
};

/** People who are in a room and stay there, in one browser. */
export class Company {
  #pages = [];

  constructor(room) {
    this.room = room;
  }

  /** @param {"pages" | "senders"} kind whole pages, or classic clients that only send */
  static async gather(browser, origin, { room, count, kind }) {
    const company = new Company(room);
    for (let index = 0; index < count; index++) {
      const page = await openPage(browser, origin, ["camera", "microphone"]);
      const name = `Other ${index + 1}`;
      if (kind === "senders")
        await openClassicPage(page, { origin, room, name, receive: false, raw: true });
      else await enter(page, `${origin}/r/${room}`, name);
      company.#pages.push(page);
    }
    await company.untilAlone();
    return company;
  }

  get size() {
    return this.#pages.length;
  }

  /** Until whoever came is gone again for everyone. */
  async untilAlone() {
    for (const page of this.#pages) {
      await until("the others are among themselves", async () => {
        const { length } = await page.evaluate(() => window.__probe.tiles());
        return length === this.size - 1 ? null : `there are ${length} tiles`;
      });
    }
  }

  async part() {
    for (const page of this.#pages) await page.context().close();
  }
}

async function enter(page, url, name) {
  await page.goto(url);
  await page.getByLabel("Your name").fill(name);
  await page.getByTestId("join").click();
  await page.getByTestId("call").waitFor();
}

async function joinAlone({ browser, origin, company }) {
  const newcomer = await Newcomer.prepare(browser, origin, company.room);
  await pause(Math.random() * PHASE_MS);
  await newcomer.approach();
  const join = await newcomer.join(company.size);
  await newcomer.leave();
  return join;
}

async function joinClassic({ browser, origin, company }) {
  const newcomer = await ClassicNewcomer.prepare(browser, origin, company.room);
  await pause(Math.random() * PHASE_MS);
  const join = await newcomer.join(company.size);
  await newcomer.leave();
  return join;
}

async function joinSecond({ browser, origin, company }) {
  const first = await Newcomer.prepare(browser, origin, company.room);
  const second = await Newcomer.prepare(browser, origin, company.room);
  await pause(Math.random() * PHASE_MS);
  await Promise.all([first.approach(), second.approach()]);
  const { least, most } = SECOND_NEWCOMER_MS;
  const before = first.join(company.size);
  await pause(least + Math.random() * (most - least));
  const join = await second.join(company.size);
  join.after = join.clickedAt - (await before).clickedAt;
  await Promise.all([first.leave(), second.leave()]);
  return join;
}
