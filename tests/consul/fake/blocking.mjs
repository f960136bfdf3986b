import { parseDuration } from "./durations.mjs";
import { badRequest } from "./http_error.mjs";

/** The documents: "limited to 10 minutes. If not set, the wait time defaults to 5 minutes". */
const MOST_WAIT_MS = 600_000;
const WAIT_MS = 300_000;
/** The documents: "up to `wait / 16` additional time". */
const JITTER = 16;

/**
 * Answers at once where there is no index or something newer, else with the first change, or as it
 * is when the wait is over. Never comes where the client goes away.
 */
export async function answerWhenChanged({ query, signal, look }, { clock, journal }) {
  const index = readIndex(query);
  const waitMs = readWait(query);
  let answer = look();
  if (index === 0 || answer.index === undefined) return answer;
  const deadline = clock.now() + waitMs * (1 + Math.random() / JITTER);
  while (answer.index <= index) {
    const why = await journal.next(clock, deadline - clock.now(), signal);
    answer = look();
    if (why !== "change") break;
  }
  return answer;
}

function readIndex(query) {
  const text = query.get("index") ?? "0";
  if (!/^\d+$/.test(text)) throw badRequest("Invalid index");
  return Number(text);
}

function readWait(query) {
  const text = query.get("wait");
  if (text === null || text === "") return WAIT_MS;
  const ms = parseDuration(text);
  if (ms === undefined) throw badRequest("Invalid wait time");
  return Math.min(ms || WAIT_MS, MOST_WAIT_MS);
}
