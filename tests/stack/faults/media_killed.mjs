// A media instance is killed, again and again: its rooms get another one, the others hear nothing.
const GOAL = { p50Ms: 1000, p99Ms: 3000 };

export default {
  name: "media kill -9",
  longRooms: 10, // of five people

  async run(trial) {
    const { world } = trial;
    const { stack } = world;
    const times = trial.isShort ? 1 : 10;
    const gaps = [];
    const elsewhere = [];
    for (let time = 0; time < times; ++time) {
      const home = world.homeOf(world.rooms[time % world.rooms.length]);
      const company = await world.populate(stack.both("media").find((name) => name !== home));
      const inIt = world.peopleAt(home);
      const others = world.people.filter((one) => !inIt.includes(one));
      const begin = performance.now();
      await stack.kill(home);
      await world.untilQuiet();
      gaps.push(...world.gapsOf(inIt, begin, 0));
      elsewhere.push(...world.gapsOf(others, begin));
      await world.part(company);
      await stack.up();
      await world.untilQuiet();
    }
    const noticed = gaps.filter((gap) => gap > 0).length;
    trial.expect(2 * noticed > gaps.length, `only ${noticed} of ${gaps.length} noticed the kills`);
    trial.note(`${gaps.length} gaps`);
    trial.judge("gap", gaps, GOAL);
    trial.unnoticed(elsewhere, "gap elsewhere");
  },
};
