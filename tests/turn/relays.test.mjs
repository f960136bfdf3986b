// coturn as it is shipped, on a small Internet: who is given a relay, and how much of it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { until } from "../e2e/support/until.mjs";
import { MEDIA, TURN } from "./support/addresses.mjs";
import { assertGiven, assertRefused, PORT, Stage } from "./support/stage.mjs";
import { CLASS } from "./support/stun_message.mjs";
import { credentials } from "./support/turn_client.mjs";
import { network, noNetwork, REALM, SECRET } from "./support/turn_server.mjs";

const FIRST_RELAY_PORT = 49_152;
const CHANNEL = 0x4000;
const skip = network ? false : noNetwork;

let stage;
before(async () => {
  if (!skip) stage = await Stage.set();
});
after(() => stage?.strike());

describe("credentials", { skip }, () => {
  const UNAUTHORIZED = 401;

  async function assertStranger(t, user, realm) {
    const turn = await stage.client(t, { user, realm });
    assertRefused(await turn.allocate(), UNAUTHORIZED);
  }

  test("none", async (t) => {
    const turn = await stage.client(t);
    const answer = await turn.challenge();
    assertRefused(answer, UNAUTHORIZED);
    assert.equal(String(answer.attributes.realm), REALM);
  });
  test("expired", (t) => assertStranger(t, credentials(SECRET, { seconds: -1 })));
  test("of another secret", (t) => assertStranger(t, credentials("another secret")));
  test("of another realm", async (t) => {
    const turn = await stage.client(t, { realm: "elsewhere.example" });
    const answer = await turn.allocate();
    assert.equal(answer?.kind, CLASS.error, "it was given");
  });
  test("without a time", (t) => assertStranger(t, { ...credentials(SECRET), username: "p1" }));
  test("with a later time than was signed", (t) => {
    const user = credentials(SECRET);
    const [time, participant] = user.username.split(":");
    return assertStranger(t, { ...user, username: `${Number(time) + 3600}:${participant}` });
  });

  test("that expire do not end a relay that is there", async (t) => {
    const user = credentials(SECRET, { seconds: 2 });
    const turn = await stage.client(t, { user });
    assertGiven(await turn.allocate());
    const isOver = () => Date.now() / 1000 > Number(user.username.split(":")[0]) + 1;
    await until("the end of the credentials", async () => (isOver() ? null : "not yet"));
    assertGiven(await turn.refresh(600));
    assertGiven(await turn.createPermission({ address: MEDIA.v4, port: PORT }));
    await assertStranger(t, user);
  });

  test("with a nonce of somebody else", async (t) => {
    const turn = await stage.client(t);
    await turn.challenge();
    turn.nonce = Buffer.from("0123456789abcdef");
    assertRefused(await turn.allocate(), 438);
  });
});

describe("limits", { skip }, () => {
  const QUOTA_REACHED = 486;
  let small;
  before(async () => {
    const settings = {
      relays_per_participant: "2",
      relays: "3",
      relay_octets_per_second: "20000",
      // Two coturns may take the same ports, and share what comes.
      port: "13478",
      tls_port: "15349",
      min_port: "20000",
      max_port: "20010",
    };
    small = await stage.startServer({ settings });
  });

  test("relays of one participant, and of all", async (t) => {
    const relay = async (participant) => {
      const turn = await stage.client(t, { to: small, user: credentials(SECRET, { participant }) });
      return turn.allocate();
    };
    assertGiven(await relay("a"));
    assertGiven(await relay("a"));
    assertRefused(await relay("a"), QUOTA_REACHED);
    assertGiven(await relay("b"));
    assertRefused(await relay("c"), QUOTA_REACHED);
  });

  test("the ports of relays", async (t) => {
    const turn = await stage.client(t);
    const { relayed } = (await turn.allocate()).attributes;
    assert.equal(relayed.address, TURN[0].v4);
    assert.ok(relayed.port >= FIRST_RELAY_PORT, `${relayed.port}`);
  });

  test("the time of a relay", async (t) => {
    const turn = await stage.client(t);
    const answer = await turn.allocate({ lifetime: 86_400 });
    assert.equal(answer.attributes.lifetime.readUInt32BE(0), 600);
  });
});

describe("octets a second of one relay", { skip }, () => {
  before(() => stage.echo("media", [MEDIA.v4]));

  const COUNT = 200;
  const ROUND = 20;
  const ROUND_MS = 100;
  const OCTETS = 1000;
  let slow;
  before(async () => {
    const settings = { relay_octets_per_second: "20000", port: "23478", tls_port: "25349" };
    slow = await stage.startServer({ settings });
  });

  async function come(t, to) {
    const turn = await stage.client(t, { to });
    assertGiven(await turn.allocate());
    const peer = { address: MEDIA.v4, port: PORT };
    assertGiven(await turn.channelBind(CHANNEL, peer));
    for (let sent = 0; sent < COUNT; sent += ROUND) {
      for (let i = 0; i < ROUND; ++i) turn.sendChannel(CHANNEL, Buffer.alloc(OCTETS));
      // Not more than the queues between here and there can hold.
      await turn.hears(() => turn.received.length >= sent + ROUND, ROUND_MS);
    }
    return turn.received.length;
  }

  test("are bounded", async (t) => {
    const many = await come(t, stage.server);
    const few = await come(t, slow);
    assert.ok(few < COUNT / 4 && many > COUNT / 2, `${few} came, and ${many} without the limit`);
  });
});

describe("two servers", { skip }, () => {
  test("take the same credentials, and one goes on alone", async (t) => {
    const second = await stage.startServer({ host: TURN[1] });
    const user = credentials(SECRET);
    for (const to of [stage.server, second]) {
      assertGiven(await (await stage.client(t, { to, user })).allocate());
    }
    const turn = await stage.client(t, { user });
    await second.kill();
    assertGiven(await turn.allocate());
  });
});
