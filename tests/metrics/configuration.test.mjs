// The configurations of deploy/prometheus and deploy/grafana, without a server: Prometheus' own
// checker, a second program that knows Consul, and the names that rules and panels use.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { documented } from "./support/document.mjs";

const at = (path) => fileURLToPath(new URL(`../../deploy/${path}`, import.meta.url));
const DASHBOARDS = at("grafana/dashboards");

let folder;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "confab-metrics-"));
  cpSync(at("prometheus"), folder, { recursive: true });
  writeFileSync(join(folder, "confab-token"), "token");
});
after(() => rmSync(folder, { recursive: true, force: true }));

const run = (program, ...args) => {
  try {
    return execFileSync(program, args, { cwd: folder, stdio: "pipe", encoding: "utf8" });
  } catch (error) {
    throw new Error(`${error.stdout}${error.stderr}`);
  }
};

const dashboards = () =>
  readdirSync(DASHBOARDS).map((file) => JSON.parse(readFileSync(join(DASHBOARDS, file), "utf8")));

test("promtool takes the configuration and the rules", () => {
  run("promtool", "check", "config", "prometheus.yml");
  run("promtool", "check", "rules", "confab.rules.yml", "confab.alerts.yml");
});

test("what knows Consul takes the variant with Consul", () => {
  // It has rules elsewhere, and would say so.
  const text = readFileSync(join(folder, "prometheus-consul.yml"), "utf8");
  const scrape = text.replace(/^rule_files:\n(?: .*\n)+/m, "").replace(/ {2}evaluation.*\n/, "");
  writeFileSync(join(folder, "scrape.yml"), scrape);
  run("victoria-metrics", "-promscrape.config=scrape.yml", "-dryRun");
});

test("rules, alerts and panels use metrics and recorded rules that there are", () => {
  const recorded = new Set(
    [...readFileSync(join(folder, "confab.rules.yml"), "utf8").matchAll(/record: (\S+)/g)].map(
      ([, name]) => name,
    ),
  );
  const metrics = documented();
  const texts = ["confab.rules.yml", "confab.alerts.yml"].map((file) =>
    readFileSync(join(folder, file), "utf8").replace(
      /^ *(#|.*(summary|description|runbook)).*$/gm,
      "",
    ),
  );
  for (const { panels } of dashboards()) {
    for (const { targets } of panels) for (const { expr } of targets) texts.push(expr);
  }
  for (const text of texts) {
    for (const [name] of text.matchAll(/\bconfab:[\w:]+/g)) assert.ok(recorded.has(name), name);
    for (const [name] of text.matchAll(/\bconfab_[a-z_]+[a-z]\b(?!\()/g)) {
      const base = name.replace(/_(bucket|sum|count)$/, "");
      assert.ok(metrics.has(name) || metrics.has(base), name);
    }
  }
});

test("promtool can read every panel's query", () => {
  const rules = dashboards().flatMap(({ panels }) =>
    panels.flatMap(({ targets }) => targets.map(({ expr }) => ({ expr }))),
  );
  // A rule needs a name; of JSON YAML is the larger language.
  const named = rules.map((rule, at) => ({ record: `panel:${at}`, ...rule }));
  const file = join(folder, "panels.json");
  writeFileSync(file, JSON.stringify({ groups: [{ name: "panels", rules: named }] }));
  run("promtool", "check", "rules", "panels.json");
});

test("every dashboard has an id, the shipped data source, and panels that say what they are", () => {
  const source = readFileSync(at("grafana/provisioning/datasources/confab.yml"), "utf8");
  const [, uid] = /uid: (\S+)/.exec(source);
  const all = dashboards();
  assert.deepEqual(all.map((each) => each.uid).toSorted(), [
    "confab-dependencies",
    "confab-media-quality",
    "confab-overview",
    "confab-signaling",
  ]);
  for (const { panels, title } of all) {
    assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length, title);
    for (const panel of panels) {
      assert.ok(panel.title && panel.targets.length > 0, title);
      for (const each of [panel, ...panel.targets]) assert.equal(each.datasource.uid, uid, title);
    }
  }
});
