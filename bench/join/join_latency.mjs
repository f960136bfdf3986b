// Click → first remote frame, in Chromium, over loopback: see bench/README.md.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { deviceSwitches, writeMedia } from "../../tests/e2e/media.mjs";
import { launchBrowser } from "../../tests/e2e/support/browser.mjs";
import { ConfabServer } from "../../tests/e2e/support/confab_server.mjs";
import { writeVp8Clip } from "../../tests/e2e/support/vp8_clip.mjs";
import { pagesWithClassicClient } from "./classic_pages.mjs";
import { LeanCompany } from "./lean_company.mjs";
import { STAGES } from "./newcomer.mjs";
import { readOptions } from "./options.mjs";
import { Company, SCENARIOS } from "./scenarios.mjs";
import { summarize, table } from "./statistics.mjs";

const options = readOptions(process.argv.slice(2), Object.keys(SCENARIOS));
const CLIP = options.clip;

async function measure(name, tools) {
  const { title, others, run } = SCENARIOS[name];
  const { origin } = tools.server;
  const company = await gather(tools, { room: `join-${name}`, count: others });
  // The first join of a browser compiles scripts and starts processes: it is not counted.
  const joins = [];
  for (let index = -1; index < options.joins; index++) {
    const result = await run({ browser: tools.newcomerBrowser, origin, company });
    await company.untilAlone();
    if (index < 0) continue;
    joins.push(result);
    progress(`${title}: ${index + 1} of ${options.joins}`);
  }
  await company.part();
  progress("");
  const missed = joins.filter((each) => each.all === undefined).length;
  return { name, title, missed, summary: summarize(joins, STAGES), joins };
}

function gather({ server, othersBrowser, clip }, place) {
  if (options.others === "lean") return LeanCompany.gather(server.origin, { ...place, clip });
  return Company.gather(othersBrowser, server.origin, { ...place, kind: options.others });
}

function progress(text) {
  if (process.stderr.isTTY) process.stderr.write(`\r\x1b[K${text}`);
}

function conditions(browser) {
  return {
    commit: execFileSync("git", ["rev-parse", "--short", "HEAD"], { encoding: "utf8" }).trim(),
    date: new Date().toISOString(),
    processor: `${cpus().length} × ${cpus()[0].model}`,
    load: loadavg()[0],
    chromium: browser.version(),
    others: options.others,
    clip: CLIP,
  };
}

async function main() {
  const folder = mkdtempSync(join(tmpdir(), "confab-join-"));
  const switches = (id) => deviceSwitches(writeMedia(folder, id, CLIP));
  let server;
  const browsers = [];
  try {
    process.env.CONFAB_WEB_DIR = await pagesWithClassicClient(join(folder, "pages"));
    server = await ConfabServer.start(join(folder, "server"), ["--media-address", "127.0.0.1"]);
    for (const id of [1, 2]) browsers.push(await launchBrowser(switches(id)));
    const [othersBrowser, newcomerBrowser] = browsers;
    const clip = join(folder, "clip.ivf");
    if (options.others === "lean") await writeVp8Clip(othersBrowser, server.origin, clip, 1, CLIP);
    const report = { conditions: conditions(othersBrowser), scenarios: [] };
    for (const name of options.scenarios) {
      const result = await measure(name, { server, othersBrowser, newcomerBrowser, clip });
      report.scenarios.push(result);
      const missed = result.missed > 0 ? `, ${result.missed} without every picture` : "";
      console.log(
        `${table(`${result.title} (${result.joins.length} joins${missed})`, result.summary)}\n`,
      );
    }
    const brief = {
      ...report,
      scenarios: report.scenarios.map(({ joins, ...rest }) => ({ ...rest, joins: joins.length })),
    };
    console.log(JSON.stringify(brief));
    if (options.json) writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
    if (report.scenarios.some(({ missed }) => missed > 0)) process.exitCode = 1;
  } finally {
    await Promise.all(browsers.map((browser) => browser.close()));
    await server?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

await main();
