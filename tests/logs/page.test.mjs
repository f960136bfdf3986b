// The page of the logs in a real browser, over the real program and a real folder.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { AXE } from "../e2e/support/axe.mjs";
import { launchBrowser, paintPlainly } from "../e2e/support/browser.mjs";
import { until } from "../services/support/waiting.mjs";
import { LogViewer, line, TRACE, writeJoin } from "./support/log_viewer.mjs";

const FILE = "signaling-s1.20261129T064413.123456Z.jsonl";
/** A busy machine is no failure. */
const WAIT_MS = 60_000;
const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 740 };
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

let browser;
let viewer;
let page;
let problems;

before(async () => {
  viewer = await LogViewer.start();
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  await viewer?.stop();
});
beforeEach(async () => {
  await page?.context().close();
  page = await openPage(WIDE);
});

async function openPage(viewport) {
  const context = await browser.newContext({ viewport });
  context.setDefaultTimeout(WAIT_MS);
  const made = await context.newPage();
  await paintPlainly(made);
  problems = [];
  made.on("pageerror", (error) => problems.push(error.message));
  made.on("dialog", (dialog) => problems.push(`a dialog: ${dialog.message()}`));
  made.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) problems.push(message.text());
  });
  return made;
}

const lines = () => page.getByTestId("lines").getByRole("listitem");
const shows = (text) => lines().filter({ hasText: text }).first();
const open = (query = "") =>
  page
    .goto(`${viewer.origin}/${query}#token=${viewer.token}`)
    .then(() => lines().first().waitFor());

test("takes the token out of the address and keeps it for the tab", async () => {
  viewer.write(FILE, line({ event: "room.opened", room: "tea" }));
  await open();
  assert.equal(page.url(), `${viewer.origin}/`);
  await page.reload();
  await shows("room.opened").waitFor();
  assert.deepEqual(problems, []);
});

test("says what it needs where there is no token, or a wrong one, and takes a new one", async () => {
  await page.goto(viewer.origin);
  await page.getByRole("heading", { name: "The logs need a link" }).waitFor();
  await page.getByLabel("Link or token").fill(`${viewer.origin}/#token=wrong`);
  await page.getByRole("button", { name: "Open" }).click();
  await page.getByRole("heading", { name: "This link is no longer good" }).waitFor();
  await page.getByLabel("Link or token").fill(viewer.link);
  await page.getByRole("button", { name: "Open" }).click();
  await lines().first().waitFor();
});

test("shows new lines by itself, and counts them while it is paused", async () => {
  await open();
  viewer.write(FILE, line({ event: "room.closed", room: "live-1" }));
  await shows("room=live-1").waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  for (let i = 0; i < 3; i += 1) viewer.write(FILE, line({ room: `paused-${i}` }));
  const waiting = page.getByTestId("new-lines");
  await waiting.filter({ hasText: "3 new lines" }).waitFor();
  assert.equal(await shows("paused-2").count(), 0);
  await waiting.click();
  await shows("paused-2").waitFor();
  assert.equal(await waiting.count(), 0);
});

test("searches, and keeps what is searched for in the address", async () => {
  viewer.write(FILE, line({ room: "needle", message: "Grüße" }), line({ room: "hay" }));
  await open();
  await page.getByLabel("Search in all lines").fill("NEEDLE grüße");
  await page.waitForFunction(() => location.search.includes("text=NEEDLE%20gr"));
  await shows("room=needle").waitFor();
  assert.equal(await lines().count(), 1);
  await page.reload();
  await shows("room=needle").waitFor();
  assert.equal(await lines().count(), 1);
  await page.getByRole("button", { name: "Clear the search" }).click();
  await shows("room=hay").waitFor();
});

test("filters by what stands in a line", async () => {
  writeJoin(viewer, "filter-me");
  viewer.write(FILE, line({ room: "other", level: "error", event: "media.lost" }));
  await open();
  await page.getByLabel("Level").selectOption("error");
  await shows("media.lost").waitFor();
  await page.getByLabel("Room", { exact: true }).fill("filter-me");
  await page.waitForFunction(() => location.search === "?level=error&room=filter-me");
  await shows("transport.closed").waitFor();
  assert.equal(await lines().count(), 1);
  await page.getByLabel("Room", { exact: true }).fill("nowhere");
  await page.getByRole("heading", { name: "No line matches" }).waitFor();
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await shows("media.lost").waitFor();
  assert.equal(new URL(page.url()).search, "");
});

test("opens a line to its fields, and follows its trace through the services", async () => {
  const events = writeJoin(viewer, "trace-me");
  await open("?room=trace-me");
  await shows("transport.closed").click();
  const panel = page.getByTestId("row-panel");
  await panel.getByText("ICE found no way: no answer came to 12 checks").waitFor();
  await panel.getByText("p7k2m9").waitFor();
  await page.getByTestId("show-trace").click();
  const steps = page.getByTestId("trace-panel").getByRole("listitem");
  await steps.first().waitFor();
  const told = await steps.allInnerTexts();
  // Other tests have written joins with the same trace.
  assert.deepEqual(
    told.slice(-4).map((text) => events.find((event) => text.includes(event))),
    events,
  );
  assert.match(told.at(-1), /media m1/);
  assert.match(told.at(-4), /gateway g1/);
  await page.keyboard.press("Escape");
  await panel.waitFor();
  assert.match(await panel.textContent(), new RegExp(TRACE));
});

test("a line leads to the explanation of its call, and an address opens its line", async () => {
  const opened = line({ event: "room.opened", room: "explained" });
  viewer.write(FILE, opened, line({ event: "room.closed", room: "explained" }));
  await open("?room=explained");
  await shows("room.opened").click();
  const link = page.getByTestId("row-panel").getByRole("link", { name: "Explain this call" });
  const address = new URL(await link.getAttribute("href"), viewer.origin);
  assert.equal(address.pathname, "/rooms/explained");
  assert.equal(address.searchParams.get("at"), opened.time);
  const [{ id }] = (await viewer.search("?room=explained&event=room.opened")).lines;
  await page.goto(`${viewer.origin}/?room=explained&line=${id}`);
  await page.getByTestId("row-panel").getByRole("heading", { name: "room.opened" }).waitFor();
});

test("shows hostile lines as text", async () => {
  const markup = "<img src=x onerror=alert(1)><script>alert(2)</script>";
  viewer.write(
    FILE,
    line({ room: "hostile", message: markup }),
    line({ room: "hostile", message: "user\u202egnp.exe\u0000\u001b[31m\u200b" }),
    line({ room: "hostile", [markup]: { nested: [markup] }, message: "y".repeat(60_000) }),
  );
  viewer.write(FILE, `z${"x".repeat(1024 * 1024)}`, "\u001b]0;owned\u0007");
  await open("?room=hostile");
  await shows("<img src=x onerror=alert(1)>").waitFor();
  await shows("user\\u202egnp.exe\\u0000\\u001b[31m\\u200b").waitFor();
  await shows("yyyy").click();
  const panel = page.getByTestId("row-panel");
  await panel.getByText(/… \(55,904 more characters\)/).waitFor();
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  await shows("Oversized line").click();
  await panel.getByText("It has 1,048,577 bytes.").waitFor();
  await shows("\\u001b]0;owned\\u0007").waitFor();
  const text = await page.locator("body").textContent();
  for (const hidden of ["\u0000", "\u001b", "\u0007", "\u200b", "\u202e"]) {
    assert.ok(!text.includes(hidden), JSON.stringify(hidden));
  }
  assert.equal(await page.locator("img[src=x]").count(), 0);
  assert.deepEqual(problems, []);
});

test("loads older lines when they are scrolled to", async () => {
  for (let i = 0; i < 900; i += 1) viewer.write(FILE, line({ room: "many", event: `n.${i}` }));
  await viewer.untilFound(900, "?room=many&limit=1000");
  await open("?room=many");
  await until(
    async () => {
      await page.getByTestId("lines").evaluate((each) => each.scrollTo({ top: each.scrollHeight }));
      return (await shows("n.0").count()) > 0;
    },
    "the oldest line",
    WAIT_MS,
  );
});

test("goes on by itself when the server was away", async () => {
  await open();
  await viewer.kill();
  await page.getByText("The log server is not responding.").waitFor();
  assert.ok((await lines().count()) > 0, "what was shown stays");
  const token = viewer.token;
  await viewer.run();
  assert.notEqual(viewer.token, token);
  viewer.write(FILE, line({ room: "back" }));
  await shows("room=back").waitFor();
});

test("does not freeze at a thousand lines a second", async () => {
  await open();
  await page.evaluate(() => {
    window.longest = 0;
    let last = performance.now();
    const step = (now) => {
      window.longest = Math.max(window.longest, now - last);
      last = now;
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
  for (let i = 0; i < 50; i += 1) {
    viewer.write(
      FILE,
      ...Array.from({ length: 100 }, (_, index) => line({ room: `r${i}-${index}` })),
    );
    await page.waitForTimeout(100);
  }
  await shows("room=r49-99").waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  const longest = await page.evaluate(() => window.longest);
  // A tenth of it on a quiet machine; without the window it is some seconds.
  assert.ok(longest < 2000, `it stood still for ${longest} ms`);
  assert.ok((await lines().count()) < 100, "only what is in sight is drawn");
  await page.getByText(/^5,000 lines shown/).waitFor();
});

describe("axe finds nothing", () => {
  for (const viewport of [WIDE, PHONE]) {
    for (const [name, lead] of Object.entries({
      "no token": () => page.goto(viewer.origin),
      "lines and a row": async () => {
        await open();
        await lines().first().click();
      },
      "nothing found": () => page.goto(`${viewer.origin}/?room=none#token=${viewer.token}`),
    })) {
      test(`${name} at ${viewport.width} px`, async () => {
        await page.context().close();
        page = await openPage(viewport);
        await page.addInitScript({ path: AXE });
        await lead();
        await page.getByRole("heading").first().waitFor();
        await page.waitForTimeout(500);
        const found = await page.evaluate(async (tags) => {
          const { violations } = await window.axe.run(document, { runOnly: tags });
          return violations.flatMap(({ id, nodes }) =>
            nodes.map(({ target, failureSummary }) => `${id} ${target} ${failureSummary}`),
          );
        }, TAGS);
        assert.deepEqual(found, []);
        const sideways = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.ok(sideways <= 0, `scrolls sideways by ${sideways} px`);
      });
    }
  }
});
