// Redis ends and is away for a while, and comes back without anything that it knew.
import { until } from "../../services/support/waiting.mjs";
import { Visitors } from "./support/visitors.mjs";

const NOTICED_MS = 30_000;

export default {
  name: "Redis stopped 30 s, and wiped",

  async run(trial) {
    const { world } = trial;
    const { stack } = world;
    const visitors = new Visitors(world);
    const up = async () => {
      const each = stack.both("signaling").map((name) => stack.metric(name, "confab_bus_up"));
      return (await Promise.all(each)).reduce((sum, one) => sum + one, 0);
    };
    trial.expect((await up()) === 2, "no bus is up: is it configured?");
    await stack.kill("redis");
    await until(async () => (await up()) === 0, "signaling to notice", NOTICED_MS);
    await trial.lasting(4000, 30_000);
    await stack.up();
    const begin = performance.now();
    await until(async () => (await up()) === 2, "Redis to be found", NOTICED_MS);
    trial.took("found again", performance.now() - begin, 5000);
    await visitors.close();
    trial.expect(visitors.refusals.length === 0, `joins failed: ${visitors.refusals.join(", ")}`);
    trial.note(`${visitors.letIn.length} joins meanwhile`);
    trial.heardAll();
  },
};
