// Six ways in which a call breaks. Each: `name`, by which the explanation knows it; `draw(dice, call)`,
// its parameters; `switches`, what somebody's browser is started with; `prepare` before people come,
// `strike` while they are there, `mend` afterwards. `by`: how many of the people it concerns.
import { setTimeout as pause } from "node:timers/promises";
import { Guest } from "../../services/support/guest.mjs";

// Chromium then leaves UDP alone unless a proxy carries it, and there is none.
const NO_UDP = ["--webrtc-ip-handling-policy=disable_non_proxied_udp"];
const HOUR_S = 3600;

async function enterWithExpiredToken({ stack, room, tokens }, agoS) {
  const now = Math.floor(Date.now() / 1000);
  const token = tokens.join(room, { iat: now - agoS - HOUR_S, exp: now - agoS });
  const guest = new Guest(room);
  const refused = await guest.connect(stack.origin, { token }).then(
    () => false,
    () => true,
  );
  guest.leave();
  if (!refused) throw new Error("somebody with an expired token was let in");
}

export const CAUSES = [
  {
    name: "announced_address",
    // On loopback, where nobody listens.
    draw: (dice) => `127.${dice.between(1, 254)}.${dice.between(1, 254)}.${dice.between(2, 254)}`,
    prepare: (call, address) => call.announce(address),
    mend: (call) => call.announce(null),
  },
  {
    name: "udp_blocked",
    draw: (dice) => dice.between(0, 1),
    switches: (who) => ({ who, switches: NO_UDP }),
  },
  {
    name: "token_expired",
    draw: (dice) => dice.between(90, 8 * HOUR_S),
    strike: enterWithExpiredToken,
  },
  {
    name: "producer_muted",
    draw: (dice) => ({ who: dice.between(0, 1), what: dice.oneOf(["microphone", "camera"]) }),
    strike: ({ people }, { who, what }) => people[who].press(what),
  },
  {
    name: "media_lost",
    draw: (dice) => dice.between(0, 4000),
    async strike({ stack, home }, afterMs) {
      await pause(afterMs);
      await stack.kill(home.media);
    },
  },
  {
    name: "bus_lost",
    draw: (dice) => dice.between(3000, 10_000),
    async strike({ stack }, forMs) {
      await stack.kill("redis");
      await pause(forMs);
    },
  },
];

/** Behind an address where nobody is, nothing can be told of what else stands in the way. */
const HIDES = new Set(["announced_address", "udp_blocked"]);

/** All six, two and two; which ones, the dice say. */
export function drawPairs(dice) {
  for (;;) {
    const left = [...CAUSES];
    const pairs = [];
    while (left.length > 0) {
      const take = () => left.splice(dice.between(0, left.length - 1), 1)[0];
      pairs.push([take(), take()]);
    }
    if (pairs.every((pair) => !pair.every(({ name }) => HIDES.has(name)))) return pairs;
  }
}
