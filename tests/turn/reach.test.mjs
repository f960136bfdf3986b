// coturn as it is shipped, on a small Internet: to whom it relays, and to whom not.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { CLIENT, MEDIA, NEIGHBOUR, TURN } from "./support/addresses.mjs";
import { assertGiven, assertRefused, PORT, Stage } from "./support/stage.mjs";
import { CLASS } from "./support/stun_message.mjs";
import { network, noNetwork } from "./support/turn_server.mjs";

const CHANNEL = 0x4000;
const FORBIDDEN = 403;
const skip = network ? false : noNetwork;

let stage;
before(async () => {
  if (!skip) stage = await Stage.set();
});
after(() => stage?.strike());

describe("what is announced as media is reached", { skip }, () => {
  before(() => stage.echo("media", [MEDIA.v4, MEDIA.v6]));

  for (const [over, family] of [
    ["udp", "v4"],
    ["udp", "v6"],
    ["tcp", "v4"],
    ["tls", "v4"],
  ]) {
    test(`by ${over}, ${family}, both ways`, async (t) => {
      const turn = await stage.client(t, { over, family });
      assertGiven(await turn.allocate({ family: family === "v6" ? 6 : 4 }));
      const peer = { address: MEDIA[family], port: PORT };
      assertGiven(await turn.createPermission(peer));
      turn.send(peer, Buffer.from("by indication"));
      const told = await turn.hears(({ data }) => String(data) === "by indication");
      assert.equal(told?.peer.port, PORT);
      assertGiven(await turn.channelBind(CHANNEL, peer));
      turn.sendChannel(CHANNEL, "by channel");
      assert.ok(await turn.hears((news) => news.channel && String(news.data) === "by channel"));
    });
  }
});

describe("nothing else is reached", { skip }, () => {
  let heard;
  before(async () => {
    heard = await stage.echo("turn", ["0.0.0.0", "::"]);
  });

  for (const address of [
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "0.0.0.1",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.254",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "192.0.0.170",
    "198.18.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "8.8.8.8",
    NEIGHBOUR.v4,
    "203.0.113.9",
    TURN[0].v4,
    TURN[1].v4,
    CLIENT.v4,
  ]) {
    test(address, (t) => assertOutOfReach(t, address, 4));
  }

  for (const address of [
    "::1",
    "::",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    `::ffff:${MEDIA.v4}`,
    "::ffff:0:127.0.0.1",
    "64:ff9b::7f00:1",
    "64:ff9b::a00:1",
    "64:ff9b:1::7f00:1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001:0:7f00:1::1",
    "fe80::1",
    "fd00::1",
    "fec0::1",
    "ff02::1",
    "100::1",
    "2606:4700:4700::1111",
    NEIGHBOUR.v6,
    TURN[0].v6,
    CLIENT.v6,
  ]) {
    test(address, (t) => assertOutOfReach(t, address, 6));
  }

  async function assertOutOfReach(t, address, family) {
    const turn = await stage.client(t);
    assertGiven(await turn.allocate({ family }));
    for (const port of [PORT, 80, 3478]) {
      assertRefused(await turn.createPermission({ address, port }), FORBIDDEN);
    }
    const peer = { address, port: PORT };
    assertRefused(await turn.channelBind(CHANNEL, peer), FORBIDDEN);
    turn.send(peer, Buffer.from("let me in"));
    turn.sendChannel(CHANNEL, "let me in");
    // Handled in the order in which it came: what was sent before has been dealt with.
    assertGiven(await turn.refresh(60));
    assert.doesNotMatch(heard.lastWords, /heard/);
  }

  test("a peer of another family than the relay", async (t) => {
    const turn = await stage.client(t);
    assertGiven(await turn.allocate({ family: 4 }));
    const answer = await turn.createPermission({ address: "::ffff:127.0.0.1", port: PORT });
    assert.equal(answer?.kind, CLASS.error);
  });

  test("by TCP", async (t) => {
    const turn = await stage.client(t, { over: "tcp" });
    const answer = await turn.allocate({ relay: "tcp" });
    assert.equal(answer?.kind, CLASS.error, "a TCP relay was given");
  });
});
