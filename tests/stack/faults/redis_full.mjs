// Redis has no memory left: it answers, and takes nothing.
import { Visitors } from "./support/visitors.mjs";

/** What it holds already is more than this. */
const FULL_OCTETS = "1mb";

export default {
  name: "Redis at maxmemory",

  async run(trial) {
    const { world } = trial;
    const { stack } = world;
    const visitors = new Visitors(world);
    await visitors.untilLetIn(performance.now());
    stack.redis("CONFIG", "SET", "maxmemory", FULL_OCTETS);
    const refused = stack.redis("SET", "one-more", "1");
    trial.expect(refused.includes("OOM"), `Redis is not full: it says ${refused}`);
    await trial.lasting(4000, 30_000);
    stack.redis("CONFIG", "SET", "maxmemory", "0");
    const begin = performance.now();
    await world.stopActing();
    await world.untilQuiet();
    trial.took("all is known", performance.now() - begin, 5000);
    await visitors.close();
    trial.expect(visitors.refusals.length === 0, `joins failed: ${visitors.refusals.join(", ")}`);
    trial.note(`${visitors.letIn.length} joins meanwhile`);
    trial.heardAll();
  },
};
