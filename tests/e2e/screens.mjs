// Writes every page in every state at three widths to screens/, for people to look at.
//   node screens.mjs [--only=<part of a name>] [--width=1440]
// Needs the export (web/out) and a Chromium (CONFAB_CHROMIUM, or /usr/bin/chromium).
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { FakeSignaling } from "./support/fake_signaling.mjs";
import { scenes } from "./support/scenes.mjs";
import { createStaticServer } from "./support/static_server.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const output = `${root}screens`;
const SIZES = [
  { width: 1440, height: 900, deviceScaleFactor: 1 },
  { width: 1024, height: 768, deviceScaleFactor: 1 },
  { width: 360, height: 740, deviceScaleFactor: 2 },
];

/** A busy machine is no failure. */
const SLOW_MACHINE_MS = 120_000;

const argument = (name) =>
  process.argv.find((value) => value.startsWith(`--${name}=`))?.slice(name.length + 3);
const only = argument("only")?.split(",");
const widths = argument("width")?.split(",").map(Number);

async function main() {
  mkdirSync(output, { recursive: true });
  const http = createStaticServer(`${root}web/out`);
  const signaling = new FakeSignaling(http);
  await new Promise((done) => http.listen(0, "127.0.0.1", done));
  const origin = `http://localhost:${http.address().port}`;
  const browser = await chromium.launch({
    executablePath: process.env.CONFAB_CHROMIUM ?? "/usr/bin/chromium",
    args: [
      "--no-sandbox",
      "--autoplay-policy=no-user-gesture-required",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
  let failures = 0;
  for (const scene of scenes) {
    if (only && !only.some((part) => scene.name.includes(part))) continue;
    for (const size of SIZES) {
      if (widths && !widths.includes(size.width)) continue;
      failures += await shoot({ browser, signaling, origin, scene, size });
    }
  }
  await browser.close();
  await signaling.close();
  http.close();
  process.exitCode = failures > 0 ? 1 : 0;
}

async function shoot({ browser, signaling, origin, scene, size }) {
  const { width, height, deviceScaleFactor } = size;
  const phone = width < 600;
  signaling.script = scene.script ?? {};
  signaling.away = false;
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor,
    hasTouch: phone,
    isMobile: phone,
    permissions: ["clipboard-write"],
  });
  context.setDefaultTimeout(SLOW_MACHINE_MS);
  const page = await context.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(error.message));
  page.on("console", (message) => {
    if (/Content Security Policy/.test(message.text())) problems.push(message.text());
  });
  try {
    await page.addInitScript((options) => {
      window.__screens = options.page;
      for (const [key, value] of Object.entries(options.storage)) localStorage.setItem(key, value);
    }, pageOptions(scene));
    await page.addInitScript({
      path: fileURLToPath(new URL("support/pictures.js", import.meta.url)),
    });
    await page.goto(`${origin}${scene.path ?? "/r/quiet-harbor"}`);
    await scene.act?.({ page, signaling, phone });
    await page.waitForTimeout(scene.settleMs ?? 700);
    await page.screenshot({ path: `${output}/${scene.name}-${width}.png` });
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    if (overflow > 0) problems.push(`scrolls sideways by ${overflow} px`);
  } catch (error) {
    problems.push(String(error));
  }
  await context.close();
  const verdict = problems.length > 0 ? `FAILED ${problems.join("; ")}` : "ok";
  console.log(`${scene.name} ${width}: ${verdict}`);
  return problems.length > 0 ? 1 : 0;
}

function pageOptions(scene) {
  const preferences = { name: "Maya Lindqvist", ...scene.preferences };
  return {
    page: scene.page ?? {},
    storage: { "confab.preferences": JSON.stringify(preferences) },
  };
}

await main();
