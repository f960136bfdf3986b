// Every event of Socket.IO: without a token, with one of another room, before the join, without the
// grant, after the end; and with all that it needs.
import assert from "node:assert/strict";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { SocketIoClient } from "../hostile/support/socketio_client.mjs";
import { within } from "../hostile/support/waiting.mjs";
import { Cluster } from "../services/support/cluster.mjs";
import { allEvents, eventDoors, eventsInTheCall } from "../support/doors.mjs";
import { payloadOf, production } from "./support/payloads.mjs";
import { EXPIRED, TokenMaker } from "./support/tokens.mjs";

const WAIT_MS = 10_000;
const PROTOCOL = { min: 1, max: 1 };
/** Codes that say "not you". */
const CLOSED = ["unauthorized", "forbidden", "not_joined"];

let cluster;
let tokens;
let rooms = 0;
const clients = [];

before(async () => {
  // Else `forbidden` is what createPlainTransport says to everybody.
  const settings = (name) =>
    name === "m1" ? { media: { plain_rtp_networks: ["127.0.0.0/8"] } } : {};
  cluster = await Cluster.start({ names: ["m1", "s1", "g1"], settings });
  tokens = new TokenMaker(join(cluster.folder, "data"));
});
after(async () => {
  for (const client of clients) client.close();
  await cluster?.stop();
});

const newRoom = () => `room-${++rooms}`;

function open(token) {
  const auth = token === undefined ? { protocol: PROTOCOL } : { protocol: PROTOCOL, token };
  const client = new SocketIoClient(cluster.ports("g1").http, { auth });
  clients.push(client);
  return client;
}

/** Connected and welcomed. */
async function connect(token) {
  const client = open(token);
  const greeted = new Promise((resolve) => {
    client.onGreeting = resolve;
  });
  await within(greeted, WAIT_MS, "the server's greeting");
  return client;
}

async function participant(room, claims) {
  const client = await connect(tokens.join(room, claims));
  const reply = await client.ask("joinRoom", payloadOf("joinRoom", room));
  assert.ok(reply.participantId, JSON.stringify(reply));
  return Object.assign(client, { reply });
}

const codeOf = async (client, name, payload) => (await client.ask(name, payload)).error?.code;

describe("the handshake", () => {
  const wrong = {
    "no token": () => undefined,
    "an empty one": () => "",
    "no JSON Web Token": () => "x",
    "an API token": () => tokens.api(["rooms:write", "participants:moderate"]),
    "the token of a service": () => tokens.service("gateway"),
    "one that has expired": () => tokens.join("a", EXPIRED),
    "one without a room": () => tokens.join(undefined),
    "one without its end": () => tokens.join("a").slice(0, -1),
  };
  for (const [name, make] of Object.entries(wrong)) {
    test(`${name} is refused`, async () => {
      const { data } = await within(open(make()).refused, WAIT_MS, "a refusal");
      assert.equal(data.code, "unauthorized");
    });
  }
});

describe("without a token no event is heard", () => {
  for (const name of allEvents) {
    test(name, async () => {
      const room = newRoom();
      const client = open(undefined);
      await within(client.refused, WAIT_MS, "a refusal");
      const id = 999;
      client.send(`42${id}${JSON.stringify([name, payloadOf(name, room)])}`);
      // In order: what comes later is answered later. Some servers close such a connection.
      client.send(`40${JSON.stringify({ protocol: PROTOCOL, token: tokens.join(room) })}`);
      const later = new Promise((resolve) => {
        client.onGreeting = () => resolve(client.ask("getRouterRtpCapabilities", {}));
      });
      await within(Promise.race([later, client.closed]), WAIT_MS, "an answer or the end");
      assert.ok(!client.answered.has(id), "it was answered");
    });
  }
});

/** What each need of the table comes to. Each is given the event's name. */
const NEEDS = {
  "a token": async (name) => {
    const client = await connect(tokens.join(newRoom()));
    assert.ok(!CLOSED.includes(await codeOf(client, name, {})));
  },

  "a token of that room": async (name) => {
    const room = newRoom();
    const client = await connect(tokens.join(room));
    for (const other of [`${room}x`, room.slice(0, -1), room.toUpperCase(), "another"]) {
      assert.equal(await codeOf(client, name, payloadOf(name, other)), "forbidden", other);
    }
    assert.ok(!CLOSED.includes(await codeOf(client, name, payloadOf(name, room))));
  },

  "a join token of that room that admitted nobody yet, or a resume token whose participant is still there":
    async (name) => {
      const room = newRoom();
      const token = tokens.join(room);
      const first = await connect(token);
      assert.equal(await codeOf(first, name, payloadOf(name, "another")), "forbidden");
      const others = tokens.join("another");
      const asked = { ...payloadOf(name, room), token: others };
      assert.equal(await codeOf(await connect(token), name, asked), "forbidden", "another's token");
      const { participantId, resumeToken } = await first.ask(name, payloadOf(name, room));
      assert.ok(participantId);
      const again = await connect(token);
      assert.equal(await codeOf(again, name, payloadOf(name, room)), "unauthorized", "used");
      await first.ask("leaveRoom", {});
      const back = { ...payloadOf(name, room), resume: resumeToken };
      assert.equal(
        await codeOf(await connect(resumeToken), name, back),
        "unauthorized",
        "has left",
      );
    },

  "a resume token whose participant is still there": async (name) => {
    const { reply, ...rest } = await participant(newRoom());
    assert.ok(rest);
    const stranger = await connect(tokens.join(newRoom()));
    const room = newRoom();
    for (const resumeToken of [
      "x",
      tokens.join(room),
      tokens.resume(room),
      tokens.service("media"),
    ]) {
      assert.equal(await codeOf(stranger, name, { resumeToken, seq: 0 }), "session_expired");
    }
    const own = await connect(reply.resumeToken);
    assert.equal(await codeOf(own, name, { resumeToken: reply.resumeToken, seq: 0 }), undefined);
  },

  "to be in the call": async (name) => {
    const room = newRoom();
    const client = await participant(room);
    assert.ok(!CLOSED.includes(await codeOf(client, name, payloadOf(name, room))));
  },

  "to be in the call, and the grant for that source": async (name) => {
    for (const [grant, kind, source] of [
      ["audio", "audio", "microphone"],
      ["video", "video", "camera"],
      ["screen", "video", "screen"],
      ["screen", "audio", "screen-audio"],
    ]) {
      const without = await participant(newRoom(), { grants: { [grant]: false } });
      const { id } = await without.ask("createWebRtcTransport", { direction: "send" });
      const refused = await codeOf(without, name, production(id, kind, source));
      assert.equal(refused, "forbidden", source);
      const granted = await participant(newRoom());
      const transport = await granted.ask("createWebRtcTransport", { direction: "send" });
      const given = await codeOf(granted, name, production(transport.id, kind, source));
      assert.equal(given, undefined, source);
    }
  },

  "to be in the call, and the grant `chat`": async (name) => {
    const room = newRoom();
    const without = await participant(room, { grants: { chat: false } });
    assert.equal(await codeOf(without, name, payloadOf(name, room)), "forbidden");
    const granted = await participant(room);
    assert.equal(await codeOf(granted, name, payloadOf(name, room)), undefined);
  },

  "to be in the call, and the grant `moderate`": async (name) => {
    const room = newRoom();
    const target = await participant(room);
    const payload = { participantId: target.reply.participantId };
    const role = { role: "moderator" };
    const named = await participant(room, role);
    assert.equal(await codeOf(named, name, payload), "forbidden", "a role is no grant");
    assert.equal(await codeOf(await participant(room), name, payload), "forbidden");
    const elsewhere = await participant(newRoom(), { grants: { moderate: true } });
    assert.equal(await codeOf(elsewhere, name, payload), "participant_not_found");
    const moderator = await participant(room, { grants: { moderate: true } });
    assert.equal(await codeOf(moderator, name, payload), undefined);
  },
};

describe("with a token", () => {
  for (const [name, need] of eventDoors) {
    test(`${name} needs ${need}`, async () => {
      assert.ok(NEEDS[need], `there is no case for "${need}"`);
      await NEEDS[need](name);
    });
  }
});

test("before a join, and after the end of it, no event of a call is done", async () => {
  const room = newRoom();
  const fresh = await connect(tokens.join(room, { grants: { moderate: true } }));
  const left = await participant(room, { grants: { moderate: true } });
  await left.ask("leaveRoom", {});
  for (const name of eventsInTheCall) {
    assert.equal(await codeOf(fresh, name, payloadOf(name, room)), "not_joined", name);
    assert.equal(await codeOf(left, name, payloadOf(name, room)), "not_joined", `${name}, after`);
  }
});
