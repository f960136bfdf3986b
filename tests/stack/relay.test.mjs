// Someone whose network lets nothing through but TURN is in the call, by the servers and with the
// credentials that the gateway gives.
import assert from "node:assert/strict";
import { until } from "../e2e/support/until.mjs";
import { together } from "./support/people.mjs";
import { Story } from "./support/story.mjs";

let direct;

const story = new Story("relay", async ({ people }) => {
  direct = await people.enter("Ole", 2, "relay");
});

/** Runs in the page before all else: the page's own servers, but by TURN or not at all. */
function relayOnly() {
  const Native = window.RTCPeerConnection;
  const restrict = (configuration) => ({ ...configuration, iceTransportPolicy: "relay" });
  window.__relayed = [];
  window.RTCPeerConnection = class extends Native {
    constructor(configuration, ...rest) {
      super(restrict(configuration), ...rest);
      window.__relayed.push(this);
    }

    setConfiguration(configuration) {
      super.setConfiguration(restrict(configuration));
    }
  };
}

/** Runs in the page: what each connection that is up uses of ours, and by which servers. */
async function waysInUse() {
  const ways = [];
  for (const connection of window.__relayed) {
    if (connection.connectionState !== "connected") continue;
    const stats = [...(await connection.getStats()).values()];
    const find = (id) => stats.find((each) => each.id === id);
    for (const { selectedCandidatePairId } of stats.filter((each) => each.type === "transport")) {
      const local = find(find(selectedCandidatePairId)?.localCandidateId);
      ways.push({ type: local?.candidateType, server: local?.url });
    }
  }
  return ways;
}

async function assertRelayed(one, servers) {
  const ways = await one.page.evaluate(waysInUse);
  assert.ok(ways.length >= 2, "it sends and receives");
  const allowed = servers.map((name) => story.stack.ports[name].turn);
  for (const { type, server } of ways) {
    assert.equal(type, "relay");
    assert.ok(allowed.includes(Number(/:(\d+)\?/.exec(server)?.[1])), server);
  }
}

const enterRelayed = (name, id) =>
  story.people.enter(name, id, "relay", { before: (page) => page.addInitScript(relayOnly) });

story.step("a participant by relay alone", async ({ stack }) => {
  const relayed = await enterRelayed("Ida", 1);
  await together(relayed, direct);
  await assertRelayed(relayed, stack.both("turn"));
});

story.step(
  "a coturn that is gone is offered no more, and the other one does",
  async ({ stack }) => {
    await stack.kill("turn-1");
    const offered = async () => {
      const options = { method: "POST" };
      const answer = await fetch(`${stack.origin}/api/v1/rooms/relay/guest-tokens`, options);
      return JSON.stringify(await answer.json());
    };
    const gone = `:${stack.ports["turn-1"].turn}`;
    for (let asked = 0; asked < 4; ++asked) {
      await until("turn-1 is offered no more", async () => {
        const said = await offered();
        return said.includes(gone) ? said : null;
      });
    }
    const late = await enterRelayed("Uwe", 3);
    await late.untilPicture(direct);
    await assertRelayed(late, ["turn-2"]);
  },
);
