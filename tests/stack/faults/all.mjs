// All faults, in the order of the table. Each is an object:
//
//   name       the row
//   isAlone    it starts what it needs itself; otherwise it meets the world (support/world.mjs)
//   longRooms  how many rooms the world has in the long run, where it is not the usual number
//   isUnwatched  nobody is in Chromium in the long run
//   run(trial) does it, lets it end, and tells the trial what it found (support/trial.mjs)
import consulGone from "./consul_gone.mjs";
import mediaKilled from "./media_killed.mjs";
import mediaKilledCrowd from "./media_killed_crowd.mjs";
import partition from "./partition.mjs";
import postgresFull from "./postgres_full.mjs";
import postgresStopped from "./postgres_stopped.mjs";
import redisAway from "./redis_away.mjs";
import redisFull from "./redis_full.mjs";
import rollingRestart from "./rolling_restart.mjs";
import signalingKilled from "./signaling_killed.mjs";
import slowDependency from "./slow_dependency.mjs";
import sqliteDiskFull from "./sqlite_disk_full.mjs";

export const FAULTS = [
  postgresStopped,
  redisAway,
  consulGone,
  signalingKilled,
  mediaKilled,
  mediaKilledCrowd,
  partition,
  rollingRestart,
  slowDependency,
  sqliteDiskFull,
  postgresFull,
  redisFull,
];
