// Every service is restarted, one after another, in an orderly way, under calls.
import { Visitors } from "./support/visitors.mjs";

const SERVICES = ["gateway-1", "gateway-2", "signaling-1", "signaling-2", "media-1", "media-2"];
const GAP_MS = 1000;

export default {
  name: "rolling restart of every service",
  isInShort: false,

  async run(trial) {
    const { world } = trial;
    const { stack } = world;
    const visitors = new Visitors(world);
    for (const service of SERVICES) {
      const begin = performance.now();
      const inIt = world.people.filter(({ room }) => world.homeOf(room) === service);
      await stack.end(service);
      await stack.up();
      trial.took(`calls after ${service}`, await world.untilQuiet(), 5000);
      const others = world.people.filter((one) => !inIt.includes(one));
      const longest = Math.max(0, ...world.gapsOf(inIt, begin));
      if (inIt.length > 0) trial.took(`gap of ${service}`, longest, GAP_MS);
      const elsewhere = Math.max(0, ...world.gapsOf(others, begin));
      trial.took(`gap elsewhere, ${service}`, elsewhere, 0);
    }
    await visitors.close();
    const failed = visitors.visits.filter(({ outcome }) => outcome !== "let in");
    trial.note(`${visitors.letIn.length} joins, ${failed.length} failed`);
    trial.expect(failed.length === 0, `joins failed: ${visitors.refusals.join(", ")}`);
  },
};
