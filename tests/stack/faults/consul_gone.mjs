// Consul is away: everyone goes on with what was known last.
import { until } from "../../services/support/waiting.mjs";
import { Visitors } from "./support/visitors.mjs";

const SERVICES = ["gateway-1", "gateway-2", "signaling-1", "signaling-2", "media-1", "media-2"];
const NOTICED_MS = 30_000;

export default {
  name: "Consul gone 60 s",

  async run(trial) {
    const { world } = trial;
    const { stack, gates } = world;
    const visitors = new Visitors(world);
    await gates.set(">consul", { door: "refuse" }, { cut: true });
    const up = async () =>
      (await Promise.all(SERVICES.map((name) => stack.metric(name, "confab_discovery_up")))).reduce(
        (sum, each) => sum + each,
        0,
      );
    await until(async () => (await up()) === 0, "all services to notice", NOTICED_MS);
    await trial.lasting(2000, 60_000);
    const ready = await fetch(`${stack.origin}/readyz`);
    trial.expect(ready.status === 200, `/readyz answers ${ready.status} while Consul is away`);
    const begin = performance.now();
    await gates.open();
    await until(async () => (await up()) === SERVICES.length, "Consul to be found", NOTICED_MS);
    trial.took("found again", performance.now() - begin, 5000);
    await visitors.close();
    trial.expect(visitors.refusals.length === 0, `joins failed: ${visitors.refusals.join(", ")}`);
    trial.note(`${visitors.letIn.length} joins meanwhile`);
    trial.heardAll();
  },
};
