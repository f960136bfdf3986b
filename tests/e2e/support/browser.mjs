import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { bundle } from "./bundle.mjs";
import { DEADLINE_MS } from "./until.mjs";

const SWITCHES = [
  "--no-sandbox",
  // Painting by the processor alone is cheaper than an emulated graphics card.
  "--disable-gpu",
  "--autoplay-policy=no-user-gesture-required",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];
const BEHIND = fileURLToPath(new URL("chromium_behind.sh", import.meta.url));
const VIEWPORT = { width: 640, height: 480 };

let probe = null;

/**
 * A Chromium process; its fake devices are given as switches.
 * `isBehind`: it gets the processor after everything else
 */
export function launchBrowser(switches = [], { isBehind = false } = {}) {
  return chromium.launch({
    executablePath: isBehind ? BEHIND : (process.env.CONFAB_CHROMIUM ?? "/usr/bin/chromium"),
    args: [...SWITCHES, ...switches],
  });
}

/** A page with the probe in it, in a context of its own. `permissions`: what a person would allow. */
export async function openPage(browser, origin, permissions) {
  const context = await browser.newContext({ viewport: VIEWPORT });
  await context.grantPermissions([...permissions, "clipboard-write"], { origin });
  probe ??= await bundle("support/page_probe.mjs");
  await context.addInitScript({ content: probe });
  const page = await context.newPage();
  page.setDefaultTimeout(DEADLINE_MS);
  await paintPlainly(page);
  return page;
}

/** Without a graphics card blurred glass takes more of the processor than the call itself. */
export async function paintPlainly(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setEmulatedMedia", {
    features: [
      { name: "prefers-reduced-motion", value: "reduce" },
      { name: "prefers-reduced-transparency", value: "reduce" },
    ],
  });
}
