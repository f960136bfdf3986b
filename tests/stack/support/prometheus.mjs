import assert from "node:assert/strict";

/** The Prometheus of a stack. */
export class Prometheus {
  constructor(stack) {
    this.url = stack.url("prometheus");
  }

  async #ask(path) {
    const response = await fetch(`${this.url}/api/v1/${path}`);
    const { status, data, error } = await response.json();
    assert.equal(status, "success", `${path}: ${error}`);
    return data;
  }

  /** Those of confab: { role, instance, health, lastError }. */
  async targets() {
    const { activeTargets } = await this.#ask("targets?state=active");
    return activeTargets.map(({ labels, health, lastError }) => ({ ...labels, health, lastError }));
  }

  /** Samples of an instant vector: { labels, value }. */
  async query(expression) {
    const { result } = await this.#ask(`query?query=${encodeURIComponent(expression)}`);
    return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }));
  }

  /** The value of a query with one answer. */
  async value(expression) {
    const samples = await this.query(expression);
    assert.equal(samples.length, 1, `${expression} has ${samples.length} values`);
    return samples[0].value;
  }

  /** The firing ones, by name. */
  async alerts() {
    const { alerts } = await this.#ask("alerts");
    const firing = alerts.filter(({ state }) => state === "firing");
    return firing.map(({ labels }) => labels.alertname);
  }
}
