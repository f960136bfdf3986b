import { setTimeout as pause } from "node:timers/promises";

/** For everything that a test waits for. Long, because a busy machine is no failure. */
export const DEADLINE_MS = 60_000;
const EVERY_MS = 100;

/**
 * Waits until a check finds nothing wrong. The check answers null, or a sentence that says what is
 * still missing; what it throws counts as such a sentence.
 */
export async function until(what, check, { deadlineMs = DEADLINE_MS } = {}) {
  const begin = performance.now();
  let problem = "never checked";
  while (performance.now() - begin < deadlineMs) {
    problem = await check().catch((error) => String(error));
    if (problem === null) return;
    await pause(EVERY_MS);
  }
  throw new Error(`${what}: not within ${deadlineMs / 1000} s, ${problem}`);
}
