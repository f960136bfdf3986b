// All faults, in the order of the table. Each is an object:
//
//   name       the row
//   isInShort  whether it holds today: CI runs those alone
//   isAlone    it starts what it needs itself; otherwise it meets the world (support/world.mjs)
//   run(trial) does it, lets it end, and tells the trial what it found (support/trial.mjs)
import consulGone from "./consul_gone.mjs";
import mediaKilled from "./media_killed.mjs";
import postgresFull from "./postgres_full.mjs";
import postgresStopped from "./postgres_stopped.mjs";
import rollingRestart from "./rolling_restart.mjs";
import slowDependency from "./slow_dependency.mjs";

export const FAULTS = [
  postgresStopped,
  consulGone,
  mediaKilled,
  rollingRestart,
  slowDependency,
  postgresFull,
];
