// A signaling instance is killed: its people go on hearing each other, and are told by another one.
const GOAL = { p50Ms: 3000, p99Ms: 3000 };

export default {
  name: "signaling kill -9",

  async run(trial) {
    const { world } = trial;
    const { stack } = world;
    const killed = stack.both("signaling")[0];
    const begin = performance.now();
    const inIt = world.people.filter((one) => one.signaling === killed);
    await stack.kill(killed);
    await world.untilBack(inIt, begin);
    const times = inIt.map((one) => one.backAt - begin);
    trial.judge("back", times, GOAL);
    await world.untilQuiet();
    trial.note(`${inIt.length} people`);
    const gaps = world.gapsOf(inIt, begin);
    if (trial.isShort) trial.unnoticed(gaps, "media gap");
    else trial.took("media gap", Math.max(...gaps), 0);
    await stack.up();
  },
};
