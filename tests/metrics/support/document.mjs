// docs/metrics.md and what a process shows, both as data.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const FILE = fileURLToPath(new URL("../../../docs/metrics.md", import.meta.url));
/** What "all" means. */
const ALL = ["serve", "gateway", "signaling", "media", "relay"];
export const ROLES = [...ALL, "logs"];

/**
 * @typedef {object} Metric
 * @property {string} type counter, gauge or histogram
 * @property {Map<string, string[] | null>} labels with their values; null: what the text says of them
 * @property {string[]} roles
 */

/** The rows of all tables. @returns {Map<string, Metric>} */
export function documented() {
  const rows = readFileSync(FILE, "utf8").matchAll(
    /^\| `(confab_\w+)` \| (\w+) \| ([^|]*) \| ([^|]*) \| ([^|]*) \| ([^|]+) \|$/gm,
  );
  const metrics = new Map();
  for (const [, name, type, labels, unit, roles, meaning] of rows) {
    if (metrics.has(name)) throw new Error(`${name} has two rows`);
    metrics.set(name, {
      type,
      labels: labelsOf(labels),
      unit: unit.trim(),
      roles: roles.trim() === "all" ? ALL : roles.split(",").map((role) => role.trim()),
      meaning: meaning.trim(),
    });
  }
  return metrics;
}

/** "`way`: up, down; `worker`" */
function labelsOf(text) {
  const labels = new Map();
  for (const part of text.split(";").filter((each) => each.trim() !== "–")) {
    const [, name, values] = /^\s*`(\w+)`(?:: (.*?))?\s*$/.exec(part) ?? [];
    if (name === undefined) throw new Error(`no labels: ${text}`);
    labels.set(name, values === undefined ? null : values.split(", "));
  }
  return labels;
}

/** What Prometheus' text format says: families with their samples' labels. */
export function exposed(text) {
  const families = new Map();
  for (const [, name, type] of text.matchAll(/^# TYPE (\w+) (\w+)$/gm)) {
    families.set(name, { type, samples: [] });
  }
  for (const [, name, labels] of text.matchAll(/^(\w+?)(?:\{(.*)\})? \S+$/gm)) {
    const family = families.get(name) ?? families.get(name.replace(/_(bucket|sum|count)$/, ""));
    const pairs = [...(labels ?? "").matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)];
    family.samples.push(
      new Map(
        pairs.filter(([, label]) => label !== "le").map(([, label, value]) => [label, value]),
      ),
    );
  }
  return families;
}
