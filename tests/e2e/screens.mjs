// Writes every page in every state at three widths to screens/, for people to look at.
//   node screens.mjs [--only=<part of a name>] [--width=1440]
// Needs the export (web/out) and a Chromium (CONFAB_CHROMIUM, or /usr/bin/chromium).
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { launchBrowser } from "./support/browser.mjs";
import { Gallery, SIZES } from "./support/gallery.mjs";
import { scenes } from "./support/scenes.mjs";

const output = fileURLToPath(new URL("../../screens", import.meta.url));

const argument = (name) =>
  process.argv.find((value) => value.startsWith(`--${name}=`))?.slice(name.length + 3);
const only = argument("only")?.split(",");
const widths = argument("width")?.split(",").map(Number);

async function main() {
  mkdirSync(output, { recursive: true });
  const browser = await launchBrowser();
  const gallery = await Gallery.open(browser);
  let failures = 0;
  for (const scene of scenes) {
    if (only && !only.some((part) => scene.name.includes(part))) continue;
    for (const size of SIZES) {
      if (widths && !widths.includes(size.width)) continue;
      const problems = await shoot(gallery, scene, size);
      const verdict = problems.length > 0 ? `FAILED ${problems.join("; ")}` : "ok";
      console.log(`${scene.name} ${size.width}: ${verdict}`);
      failures += problems.length > 0 ? 1 : 0;
    }
  }
  await gallery.close();
  await browser.close();
  process.exitCode = failures > 0 ? 1 : 0;
}

async function shoot(gallery, scene, size) {
  try {
    const { seen, problems } = await gallery.show(scene, size, async (page) => {
      await page.screenshot({ path: `${output}/${scene.name}-${size.width}.png` });
      return page.evaluate(
        () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
      );
    });
    return seen > 0 ? [...problems, `scrolls sideways by ${seen} px`] : problems;
  } catch (error) {
    return [String(error)];
  }
}

await main();
