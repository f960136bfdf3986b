// The page that explains one call, in a real browser. What the server says is the test's.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { AXE } from "../e2e/support/axe.mjs";
import { launchBrowser, paintPlainly } from "../e2e/support/browser.mjs";
import { whatIsTested } from "../e2e/support/confab_server.mjs";
import { createStaticServer } from "../e2e/support/static_server.mjs";
import {
  at,
  ERROR_ID,
  healthy,
  hostile,
  lineAt,
  missing,
  ROOM,
  story,
  TRACE,
  troubled,
} from "./support/stories.mjs";

/** A busy machine is no failure. */
const WAIT_MS = 60_000;
const WIDE = { width: 1440, height: 900 };
const PHONE = { width: 360, height: 740 };
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const TOKEN = "the-token";

let browser;
let server;
let origin;
let page;
let problems;
/** What the server says, and what it was asked. */
let answer;
let asked;

before(async () => {
  server = createStaticServer(whatIsTested().webDir);
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  origin = `http://127.0.0.1:${server.address().port}`;
  browser = await launchBrowser();
});
after(async () => {
  await browser?.close();
  server?.close();
});
beforeEach(() => openPage(WIDE));

async function openPage(viewport) {
  await page?.context().close();
  const context = await browser.newContext({ viewport });
  context.setDefaultTimeout(WAIT_MS);
  page = await context.newPage();
  await paintPlainly(page);
  problems = [];
  asked = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("dialog", (dialog) => problems.push(`a dialog: ${dialog.message()}`));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) problems.push(message.text());
  });
  await page.route("**/api/v1/logs/rooms/**", (route) => {
    asked.push({ url: route.request().url(), token: route.request().headers().authorization });
    return route.fulfill({ status: answer.error ? 404 : 200, json: answer });
  });
}

const open = (said, path = `/rooms/${ROOM}`) => {
  answer = said;
  return page.goto(`${origin}${path}#token=${TOKEN}`);
};
/** Of the page's own clock: it asks every five seconds. */
const OVER_A_REFRESH_MS = 6000;
const part = (name) => page.getByTestId(name);
const participants = () => part("participants").getByRole("button", { expanded: false });
const found = () => part("findings").getByRole("listitem");

test("shows what was found, the worst first, with what to do and the lines it comes from", async () => {
  await open(troubled);
  await found().first().waitFor();
  const told = await found().allInnerTexts();
  assert.equal(told.length, 3);
  assert.match(told[0], /UDP is blocked.*Error/s);
  assert.match(told[0], /Let UDP to 203\.0\.113\.7:40000 out of that network\./);
  assert.match(told[0], /and 1 more/);
  assert.match(told[1], /Token expired.*Warning/s);
  assert.match(told[2], /Muted.*Note/s);
  const line = found().nth(1).getByRole("link", { name: "Log line" });
  const address = new URL(await line.getAttribute("href"), origin);
  assert.equal(address.searchParams.get("line"), lineAt(22));
  assert.equal(address.searchParams.get("from"), at(22));
  assert.deepEqual(asked[0], {
    url: `${origin}/api/v1/logs/rooms/${ROOM}`,
    token: `Bearer ${TOKEN}`,
  });
  assert.ok(!page.url().includes(TOKEN), "the token is not left in the address");
  assert.deepEqual(problems, []);
});

test("says that nothing is wrong where nothing is", async () => {
  await open(healthy);
  await part("findings").getByText("Nothing wrong was found.").waitFor();
  assert.equal(await found().count(), 0);
  assert.equal(await part("failures").count(), 0);
  assert.equal(await participants().count(), 2);
  await participants().first().getByText("in after 344 ms").waitFor();
});

test("a participant opens to the way of its media, its mutings and its browser's words", async () => {
  await open(troubled);
  await found()
    .first()
    .getByRole("button", { name: /^Participant k3v9/ })
    .click();
  const details = part("participants");
  await details.getByText("Sends: relay over TLS").waitFor();
  await details.getByText("Receives: not connected").waitFor();
  const text = await details.textContent();
  for (const words of [
    "203.0.113.7:40000",
    "18,204 packets, 15 MB",
    "1,420 (7.2 %)",
    "188 ms",
    "muted now",
    "by a moderator",
    "resumed",
    "connection lost once",
  ]) {
    assert.ok(text.includes(words), `${words} in ${text}`);
  }
  assert.equal(await details.getByRole("button", { expanded: true }).count(), 1);
  const trace = details.getByRole("link", { name: "Trace 0af76519" });
  assert.equal(await trace.getAttribute("href"), `/?trace=${TRACE}`);
});

test("tells every error with its sentence, its id, its line and its trace", async () => {
  await open(troubled);
  const failure = part("failures").getByRole("listitem").first();
  await failure.getByText("The token has expired: ask for a new one.").waitFor();
  assert.equal(await failure.getByRole("link", { name: "Trace" }).count(), 1);
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin });
  await failure.getByRole("button", { name: `Copy error id ${ERROR_ID.slice(0, 8)}` }).click();
  await failure.getByRole("button", { name: "Copied" }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), ERROR_ID);
});

test("another call of the room is one choice away, and the address names it", async () => {
  await open(troubled);
  const choice = page.getByLabel("Call in this room");
  await choice.selectOption({ index: 1 });
  await page.waitForFunction(() => location.search.startsWith("?at=2026-11-28T05"));
  assert.equal(new URL(asked.at(-1).url).searchParams.get("at"), at(-90_000));
  await choice.selectOption({ index: 0 });
  await page.waitForFunction(() => location.search === "");
  await page.goBack();
  await page.waitForFunction(() => location.search.startsWith("?at="));
  assert.equal(new URL(asked.at(-1).url).searchParams.get("at"), at(-90_000));
});

test("a call that goes on is followed, and what is open stays open", async () => {
  await page.clock.install();
  await open(story({ live: true, to: null }));
  await page.getByText("Nothing wrong was found so far.").waitFor();
  await participants().first().click();
  await part("participants").getByText("What the browser says").waitFor();
  await part("participants").getByText("Round trip", { exact: true }).first().waitFor();
  answer = story({ live: true, to: null, findings: troubled.findings });
  await page.clock.runFor(OVER_A_REFRESH_MS);
  await found().first().waitFor();
  assert.equal(await part("participants").getByRole("button", { expanded: true }).count(), 1);
  answer = story();
  await page.clock.runFor(OVER_A_REFRESH_MS);
  await page.getByText("Ended", { exact: true }).waitFor();
  const count = asked.length;
  await page.clock.runFor(OVER_A_REFRESH_MS);
  assert.equal(asked.length, count, "an ended call is not asked for again");
});

test("a room of which nothing is kept is said so, and the way to the lines is there", async () => {
  await open(missing, "/rooms/nowhere");
  await page.getByRole("heading", { name: "No calls are kept for this room" }).waitFor();
  await page.getByText("No line of this room is kept.").waitFor();
  const search = page.getByRole("link", { name: "Search all lines for it" });
  assert.equal(await search.getAttribute("href"), "/?text=nowhere");
});

test("needs a token, and says when it is no longer good", async () => {
  await page.goto(`${origin}/rooms/${ROOM}`);
  await page.getByRole("heading", { name: "The logs need a link" }).waitFor();
  answer = { error: { code: "unauthorized", message: "The token has expired.", id: "x" } };
  await page.getByLabel("Link or token").fill("old");
  await page.getByRole("button", { name: "Open" }).click();
  await page.getByRole("heading", { name: "This link is no longer good" }).waitFor();
  answer = healthy;
  await page.getByLabel("Link or token").fill(`${origin}/#token=new`);
  await page.getByRole("button", { name: "Open" }).click();
  await page.getByText("Nothing wrong was found.").waitFor();
  assert.equal(asked.at(-1).token, "Bearer new");
});

test("says when the server is away, and goes on when it is back", async () => {
  answer = healthy;
  await page.route("**/api/v1/logs/rooms/**", (route) => route.abort(), { times: 1 });
  await open(healthy);
  await page.getByRole("heading", { name: "The server is not responding" }).waitFor();
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByText("Nothing wrong was found.").waitFor();
});

test("one word in one field leads to a call, or to an error's line", async () => {
  await open(healthy);
  const field = page.getByLabel("Explain a call: room, link or error id");
  await field.fill("https://meet.example/r/other-room?token=secret");
  await field.press("Enter");
  await page.waitForURL(`${origin}/rooms/other-room`);
  await page.getByText("Nothing wrong was found.").waitFor();
  await field.fill(`Error ${ERROR_ID}`);
  await field.press("Enter");
  await page.waitForURL(`${origin}/?text=${ERROR_ID}`);
});

test("shows hostile words as text", async () => {
  await open(hostile);
  await participants().first().click();
  await part("participants").getByText("What the browser says").waitFor();
  const text = await page.locator("body").textContent();
  assert.ok(text.includes("<img src=x onerror=alert(1)>"));
  assert.ok(text.includes("user\\u202egnp.exe\\u0000\\u001b[31m\\u200b"));
  for (const hidden of ["\u0000", "\u001b", "\u200b", "\u202e"]) {
    assert.ok(!text.includes(hidden), JSON.stringify(hidden));
  }
  assert.equal(await page.locator("img[src=x]").count(), 0);
  assert.equal(await page.locator('a[href^="javascript"]').count(), 0);
  assert.ok(text.length < 20_000, "long words are cut");
  assert.deepEqual(problems, []);
});

test("all of it works by the keyboard", async () => {
  await open(troubled);
  await found().first().waitFor();
  const link = found()
    .first()
    .getByRole("button", { name: /^Participant/ });
  await link.focus();
  await page.keyboard.press("Enter");
  const row = part("participants").getByRole("button", { expanded: true });
  await row.waitFor();
  await page.waitForFunction(
    () => document.activeElement?.getAttribute("aria-expanded") === "true",
  );
  await page.keyboard.press("Enter");
  await row.waitFor({ state: "detached" });
});

describe("axe finds nothing", () => {
  for (const viewport of [WIDE, PHONE]) {
    for (const [name, said, lead] of [
      ["findings and a participant", troubled, () => participants().first().click()],
      ["a healthy call", healthy, () => participants().first().waitFor()],
      ["hostile words", hostile, () => participants().first().click()],
      ["a room that is not kept", missing, () => page.getByRole("heading").first().waitFor()],
    ]) {
      test(`${name} at ${viewport.width} px`, async () => {
        await openPage(viewport);
        await page.addInitScript({ path: AXE });
        await open(said);
        await lead();
        await page.evaluate(() =>
          Promise.all(document.getAnimations().map((each) => each.finished)),
        );
        const violations = await page.evaluate(async (tags) => {
          const { violations } = await window.axe.run(document, { runOnly: tags });
          return violations.flatMap(({ id, nodes }) =>
            nodes.map(({ target, failureSummary }) => `${id} ${target} ${failureSummary}`),
          );
        }, TAGS);
        assert.deepEqual(violations, []);
        const sideways = await page.evaluate(
          () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
        );
        assert.ok(sideways <= 0, `scrolls sideways by ${sideways} px`);
      });
    }
  }
});
