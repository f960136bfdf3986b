// What a service depends on answers after two seconds: its calls go on, joins wait or say why not.
import { Visitors } from "./support/visitors.mjs";

const ANSWER_MS = 2000;
/** Of docs/store.md. */
const MOST = { confab_store_waiting_calls: 1024, confab_store_records_waiting: 10_000 };
const CLEAR = ["unavailable", "media_unavailable", "placement_unavailable", "rate_limited"];
const LONGEST_JOIN_MS = 20_000;

export default {
  name: "slow dependency (2 s answers)",

  async run(trial) {
    for (const part of [">postgres", ">consul", ">media"]) await slow(trial, part);
    trial.heardAll();
  },
};

async function slow(trial, part) {
  const { world } = trial;
  await world.gates.set(part, { delayMs: { back: ANSWER_MS } });
  const visitors = new Visitors(world);
  await trial.lasting(8000, 30_000);
  await visitors.close();
  for (const [metric, most] of Object.entries(MOST)) {
    for (const name of world.stack.both("signaling")) {
      const waiting = await world.stack.metric(name, metric);
      trial.expect(waiting <= most, `${name}: ${metric} is ${waiting}`);
    }
  }
  const begin = performance.now();
  await world.gates.open();
  const after = new Visitors(world);
  trial.took(`joins after ${part}`, await after.untilLetIn(begin), 5000);
  await after.close();
  const unclear = visitors.refusals.filter((code) => !CLEAR.includes(code));
  trial.expect(unclear.length === 0, `${part}: joins ended with ${unclear.join(", ")}`);
  const longest = Math.max(...visitors.visits.map(({ tookMs }) => tookMs));
  trial.expect(longest <= LONGEST_JOIN_MS, `${part}: a join took ${Math.round(longest)} ms`);
  trial.note(`${part.slice(1)}: ${visitors.letIn.length} of ${visitors.visits.length} joins`);
}
