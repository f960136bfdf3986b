// Every service is restarted, one after another, in an orderly way, under calls.
import { setTimeout as pause } from "node:timers/promises";
import { Visitors } from "./support/visitors.mjs";

const SERVICES = ["gateway-1", "gateway-2", "signaling-1", "signaling-2", "media-1", "media-2"];
const GAP_MS = 1000;
/** So long nginx leaves a gateway alone that did not answer (docs/deployment.md). */
const LEFT_ALONE_MS = 11_000;
const PATIENCE_MS = 10_000;

export default {
  name: "rolling restart of every service",

  async run(trial) {
    const { world } = trial;
    const { stack } = world;
    const visitors = new Visitors(world, { patienceMs: PATIENCE_MS });
    for (const service of SERVICES) {
      const company = service.startsWith("media") ? await everywhere(world) : [];
      const inIt = world.peopleAt(service);
      const begin = performance.now();
      await stack.end(service);
      await stack.up();
      if (service.startsWith("gateway")) await pause(LEFT_ALONE_MS);
      trial.took(`calls after ${service}`, await world.untilQuiet(), 5000);
      const others = world.people.filter((one) => !inIt.includes(one));
      if (inIt.length > 0) trial.took(`gap of ${service}`, longest(world, inIt, begin), GAP_MS);
      judgeElsewhere(trial, others, { service, begin });
      await world.part(company);
    }
    await visitors.close();
    const failed = visitors.visits.filter(({ outcome }) => outcome !== "let in");
    trial.note(`${visitors.letIn.length} joins, ${failed.length} failed`);
    trial.expect(failed.length === 0, `joins failed: ${visitors.refusals.join(", ")}`);
  },
};

/** Nothing is lost and nothing is late; what is only late has lost nothing. */
function judgeElsewhere(trial, people, { service, begin }) {
  const { world } = trial;
  trial.took(`gap elsewhere, ${service}`, longest(world, people, begin), 0);
  const lost = world.lostBy(people, begin);
  trial.expect(lost === 0, `${lost} packets were lost elsewhere as ${service} was restarted`);
}

/** Somebody is at each media instance; those who came for that. */
async function everywhere(world) {
  const company = [];
  for (const name of world.stack.both("media")) company.push(...(await world.populate(name)));
  return company;
}

const longest = (world, people, since) => Math.max(...world.gapsOf(people, since));
