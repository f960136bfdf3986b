/** The value that a share of the samples does not exceed (nearest rank); null without samples. */
export function percentile(samples, share) {
  if (samples.length === 0) return null;
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
}

export function median(samples) {
  if (samples.length === 0) return null;
  const sorted = [...samples].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** Median and p95 of each stage over all joins that reached it. */
export function summarize(joins, stages) {
  return Object.fromEntries(
    stages.map((stage) => {
      const samples = joins.map((join) => join[stage]).filter((value) => value !== undefined);
      const round = (value) => (value === null ? null : Math.round(value * 10) / 10);
      return [
        stage,
        {
          count: samples.length,
          median: round(median(samples)),
          p95: round(percentile(samples, 0.95)),
          most: round(percentile(samples, 1)),
        },
      ];
    }),
  );
}

/** A table for people. */
export function table(title, summary) {
  const columns = ["median", "p95", "most"];
  const line = (name, cells) =>
    `  ${name.padEnd(8)}${cells.map((cell) => cell.padStart(9)).join("")}`;
  const rows = Object.entries(summary).map(([stage, values]) =>
    line(
      stage,
      columns.map((column) => values[column]?.toFixed(1) ?? "–"),
    ),
  );
  return [title, line("ms", columns), ...rows].join("\n");
}
