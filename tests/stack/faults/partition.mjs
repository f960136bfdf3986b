// A signaling instance and a media instance cannot reach each other; both go on, and so do the others.
export default {
  name: "partition signaling - media",

  async run(trial) {
    const { world } = trial;
    const { gates } = world;
    const home = world.homeOf(world.rooms[0]);
    const from = performance.now();
    await gates.set(`>${home}.grpc`, { door: "hold" });
    await trial.lasting(8000, 20_000);
    await gates.open();
    const begin = performance.now();
    await world.untilQuiet();
    trial.took("healed", performance.now() - begin, 5000);
    trial.times.push({
      label: "longest gap",
      ms: Math.max(0, ...world.gapsOf(world.people, from)),
    });
    // That no room has had two owners is asked after every fault, of what was heard.
  },
};
