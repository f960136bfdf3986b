/** One line a fault, then what did not hold, for people. */
export function table(rows) {
  const cells = rows.map(({ name, broken, times, notes, tookMs }) => [
    name,
    broken.length === 0 ? "held" : "BROKEN",
    seconds(tookMs),
    [...times.map(shown), ...notes].join("; "),
  ]);
  const lines = [["fault", "", "took", "measured (goal)"], ...cells];
  const widths = lines[0].map((_, at) => Math.max(...lines.map((line) => line[at].length)));
  const text = lines.map((line) =>
    line
      .map((cell, at) => cell.padEnd(widths[at]))
      .join("  ")
      .trimEnd(),
  );
  const broken = rows.flatMap(({ name, broken }) =>
    first(broken).map((why) => `  ${name}: ${why}`),
  );
  if (broken.length > 0) text.push("", "What did not hold:", ...broken);
  return `${text.join("\n")}\n`;
}

/** One fault breaks the same thing for many. */
const MOST_SENTENCES = 6;

function first(sentences) {
  const rest = sentences.length - MOST_SENTENCES;
  return rest > 0 ? [...sentences.slice(0, MOST_SENTENCES), `and ${rest} more`] : sentences;
}

const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

function shown({ label, ms, goalMs }) {
  const goal = goalMs === undefined ? "" : ` (${goalMs === 0 ? "0" : seconds(goalMs)})`;
  return `${label} ${Number.isFinite(ms) ? seconds(ms) : "never"}${goal}`;
}
