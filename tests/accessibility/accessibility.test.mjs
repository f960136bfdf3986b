// Every page in every state, as screens.mjs shows it: axe finds nothing, and what stands on glass
// can be read even over a white picture.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { AXE } from "../e2e/support/axe.mjs";
import { launchBrowser } from "../e2e/support/browser.mjs";
import { unreadable } from "../e2e/support/contrast.mjs";
import { Gallery, SIZES } from "../e2e/support/gallery.mjs";
import { scenes } from "../e2e/support/scenes.mjs";

const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const [WIDE, , PHONE] = SIZES;
/** Scenes mostly wait: several at a time take the time of the slowest. */
const LANES = 3;
const GLASS = ".glass-1, .glass-2, .glass-label, [aria-label='Call controls']";

let browser;
let free = [];

before(async () => {
  browser = await launchBrowser();
  free = await Promise.all(Array.from({ length: LANES }, () => Gallery.open(browser)));
});

after(async () => {
  await Promise.all(free.map((gallery) => gallery.close()));
  await browser.close();
});

/** What a phone shows in another way than a wide screen: sheets for panels, a shorter bar. */
const OTHERWISE_ON_PHONES = [
  "call-3",
  "call-people",
  "call-menu",
  "call-settings",
  "call-shortcuts",
  "call-moderator",
  "call-moderator-people",
  "call-removal",
  "chat-messages",
  "chat-private",
  "chat-unread",
  "chat-failed",
  "logs-live",
  "logs-row",
  "logs-trace",
  "logs-filtered",
];
/** axe does not look at pictures: a scene with bright ones is like the same scene without. */
const plainScenes = scenes.filter(({ page }) => !page?.bright);
const exhibits = [
  ...plainScenes.map((scene) => ({ scene, size: WIDE })),
  ...plainScenes
    .filter(({ name }) => OTHERWISE_ON_PHONES.includes(name))
    .map((scene) => ({ scene, size: PHONE })),
];

describe("axe finds nothing", { concurrency: LANES }, () => {
  for (const { scene, size } of exhibits) {
    test(`${scene.name} at ${size.width} px`, async () => {
      const findings = await look(scene, size, violations, { plain: true, scripts: [AXE] });
      assert.deepEqual(findings, [], `${scene.name} at ${size.width} px:\n${findings.join("\n")}`);
    });
  }
});

describe("text on glass reads over a white picture", { concurrency: LANES }, () => {
  // Size by size: a page is opened for each.
  for (const size of [WIDE, PHONE]) {
    for (const scene of scenes.filter(({ page }) => page?.bright)) {
      test(`${scene.name} at ${size.width} px`, async () => {
        const { bare, marks } = await look(scene, size, async (page) => ({
          bare: await page.evaluate(tilesWithoutPicture),
          marks: await unreadable(page, GLASS),
        }));
        assert.deepEqual(bare, [], "there is no picture to read over");
        const findings = marks.map(
          ({ what, contrast, needs }) => `“${what}” has ${contrast} : 1 and needs ${needs} : 1`,
        );
        assert.deepEqual(findings, [], findings.join("\n"));
      });
    }
  }
});

/** Runs in the page: the tiles whose picture cannot be seen, by name. */
function tilesWithoutPicture() {
  return [...document.querySelectorAll('[data-testid="tile"]')]
    .filter((tile) => {
      const video = tile.querySelector("video");
      return !video?.videoWidth || getComputedStyle(video).opacity === "0";
    })
    .map((tile) => tile.getAttribute("aria-label"));
}

/** Shows a scene in a free lane and resolves with what `judge` says about it. */
async function look(scene, size, judge, options = {}) {
  const gallery = free.pop();
  try {
    // Nothing is caught halfway through a movement.
    const { seen, problems } = await gallery.show(scene, size, judge, { still: true, ...options });
    assert.deepEqual(problems, [], "the page itself complains");
    return seen;
  } finally {
    free.push(gallery);
  }
}

/** One sentence for each element that breaks a rule. */
function violations(page) {
  return page.evaluate(async (tags) => {
    // Sound and picture are live: there is no file that axe could load and would wait for.
    const options = { runOnly: tags, resultTypes: ["violations"], preload: false };
    const result = await window.axe.run(document, options);
    return result.violations.flatMap(({ id, help, nodes }) =>
      nodes.map(({ target, failureSummary }) => {
        const why = failureSummary.split("\n").slice(1).join(" ").trim();
        return `${id} (${help}) at ${target.join(" ")}: ${why}`;
      }),
    );
  }, TAGS);
}
