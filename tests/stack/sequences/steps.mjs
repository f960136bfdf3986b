// What a sequence is made of. Each step: `name` for people; `draw(dice)`, what it is done to; `begin`
// and `end` do it to a world (faults/support/world.mjs) and mend it. Without `end` it lasts until the
// sequence does: then whatever has ended is started again, and every way is open. Steps overlap: what
// one wants to end may have ended already.
//
// `loses`: what a participant's state is known to is their signaling instance and the bus. A sequence
// takes away one of the two and not both: what is acknowledged while the bus takes nothing is known to
// one instance alone (docs/bus.md).
import { until } from "../../services/support/waiting.mjs";

const SIGNALING = ["signaling-1", "signaling-2"];
const MEDIA = ["media-1", "media-2"];
const SLOW_MS = 2000;
/** What Redis holds already is more than this: it takes nothing. */
const FULL_OCTETS = "1mb";

async function redisTakes({ stack }, octets) {
  const isSet = () => {
    try {
      stack.redis("CONFIG", "SET", "maxmemory", octets);
      return true;
    } catch {
      return false;
    }
  };
  // Another step may have killed it, or be starting it again.
  await until(
    async () => isSet() || !(await stack.runs("redis")),
    "Redis to answer, or to be away",
  );
}

const killed = (parts) => ({
  draw: (dice) => dice.oneOf(parts),
  begin: ({ stack }, part) => stack.killIfThere(part),
});

const restarted = (parts) => ({
  draw: (dice) => dice.oneOf(parts),
  begin: async (world, part) => {
    await world.stack.endIfThere(part);
    await world.stack.upAtOnce();
  },
});

/** A rule on a way between two parts, for as long as the step lasts. */
const onTheWay = (ways, rules) => ({
  draw: (dice) => dice.oneOf(ways),
  begin: ({ gates }, way) => gates.set(way, rules, { cut: rules.door === "refuse" }),
  end: ({ gates }, way) => gates.set(way, { door: "open", delayMs: 0 }),
});

export const STEPS = [
  { name: "kill -9", loses: "instance", ...killed(SIGNALING) },
  { name: "kill -9", ...killed(MEDIA) },
  { name: "kill -9", loses: "bus", ...killed(["redis"]) },
  { name: "kill -9", ...killed(["consul"]) },
  {
    name: "stop at once",
    draw: () => "postgres",
    begin: ({ stack }, part) => stack.endIfThere(part, "SIGQUIT"),
  },
  { name: "restart", ...restarted([...MEDIA, "gateway-1", "gateway-2"]) },
  { name: "restart", loses: "instance", ...restarted(SIGNALING) },
  { name: "start what has ended", draw: () => "", begin: ({ stack }) => stack.upAtOnce() },
  {
    name: "partition",
    ...onTheWay(
      SIGNALING.flatMap((from) => MEDIA.map((to) => `${from}>${to}.grpc`)),
      { door: "hold" },
    ),
  },
  { name: "refused", ...onTheWay([">postgres", ">consul"], { door: "refuse" }) },
  { name: "slow", ...onTheWay([">postgres", ">consul", ">media"], { delayMs: SLOW_MS }) },
  {
    name: "full",
    loses: "bus",
    draw: () => "redis",
    begin: (world) => redisTakes(world, FULL_OCTETS),
    end: (world) => redisTakes(world, "0"),
  },
];
