// Wrong and spiteful signaling while a call is in progress: refused, and nothing of the call is lost.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { allEvents } from "../support/doors.mjs";
import { frameOf, SocketIoClient } from "./support/socketio_client.mjs";
import { Target } from "./support/target.mjs";
import { within } from "./support/waiting.mjs";

const PARSE_ERRORS = "confab_signaling_parse_errors_total";
const REFUSALS = "confab_signaling_refusals_total";
const CLOSE_MS = 5000;

let target;

before(async () => (target = await Target.start()));
after(() => target?.stop());

const connect = (room) => SocketIoClient.connect(target.pagePort, room);
const nested = (depth, open, close, inside = "") =>
  open.repeat(depth) + inside + close.repeat(depth);

/** Bytes after which a connection is closed. */
const BREACHES = {
  "a message of 1.1 MB": () => frameOf(`42["setName",{"name":"${"x".repeat(1_100_000)}"}]`),
  "a frame that announces a terabyte": () => frameOf("42[", { length: 2 ** 40 }),
  "a message in pieces without end": () =>
    Buffer.concat([
      frameOf("x".repeat(60_000), { fin: false }),
      ...Array.from({ length: 20 }, () => frameOf("x".repeat(60_000), { fin: false, opcode: 0 })),
    ]),
  "a frame without a mask": () => Buffer.from([0x81, 1, 0x32]),
  "a frame of a reserved kind": () => frameOf("x", { opcode: 3 }),
  "a continuation of nothing": () => frameOf("x", { opcode: 0 }),
  "a ping in pieces": () => frameOf("x", { opcode: 9, fin: false }),
  "text that is not UTF-8": () => frameOf(Buffer.from([0x34, 0x32, 0xff, 0xfe])),
  "no JSON": () => frameOf("42[1,"),
  "an event without a name": () => frameOf("42[1]"),
  "an object for an event": () => frameOf('42{"a":1}'),
  "no event": () => frameOf("42[]"),
  "a name of 10 kB": () => frameOf(`42["${"n".repeat(10_000)}"]`),
  "ten thousand brackets": () => frameOf(`42["setName",${nested(10_000, "[", "]")}]`),
  "ten thousand objects": () => frameOf(`42["setName",${nested(10_000, '{"a":', "}", "1")}]`),
  "an infinite number": () => frameOf('42["setName",{"name":1e999}]'),
  "an id beyond all numbers": () => frameOf(`42${"9".repeat(40)}["setName",{}]`),
  "a packet of no type": () => frameOf("49"),
  "a frame of no type": () => frameOf("x"),
  "an attachment that belongs to nothing": () => frameOf(randomBytes(100), { opcode: 2 }),
  "a thousand attachments": () => frameOf('451000-["setName",{"_placeholder":true,"num":0}]'),
  "an attachment that is not there": () => frameOf('451-["setName",{"_placeholder":true,"num":7}]'),
};

test("frames and packets that break the protocol close their own connection alone", async () => {
  await target.whileCalling(
    async () => {
      for (const [name, bytes] of Object.entries(BREACHES)) {
        const client = await connect();
        client.write(bytes());
        await within(client.closed, CLOSE_MS, `the end of the connection after ${name}`);
      }
    },
    { moved: { [PARSE_ERRORS]: Object.keys(BREACHES).length } },
  );
});

// Whoever has left is refused for another reason: that comes last.
const EVENTS = [...allEvents.filter((name) => name !== "leaveRoom"), "leaveRoom"];
/** What they are given is not looked at. */
const WITHOUT_PAYLOAD = new Set([
  "getRouterRtpCapabilities",
  "intendJoin",
  "getProducers",
  "stats",
  "leaveRoom",
]);
/** All of theirs may be left out. */
const OPTIONAL = new Set(["createWebRtcTransport", "setView", "getMessages", "typing"]);
const REFUSED = EVENTS.length - WITHOUT_PAYLOAD.size - OPTIONAL.size;
const PAYLOADS = [
  7,
  -1,
  1.5e300,
  "text",
  true,
  [],
  [[[]]],
  "__proto__",
  {},
  { room: 7, name: 7, transportId: 7, producerId: 7, consumerId: 7, consumerIds: 7, tiles: 7 },
  { room: "", transportId: "", producerId: "", consumerId: "", consumerIds: [""] },
  { room: "../../x", transportId: "\u0000", producerId: "a b", consumerId: "ä", consumerIds: [{}] },
  { consumerIds: Array.from({ length: 5000 }, (_, i) => `c${i}`), tiles: Array(5000).fill({}) },
  { rtpParameters: { codecs: Array(5000).fill({}), encodings: Array(5000).fill({ ssrc: 1 }) } },
  { constructor: {}, __proto__: {}, toString: 1, hasOwnProperty: 1 },
];

test("every event with wrong types is refused with a sentence", async () => {
  let asked = 0;
  await target.whileCalling(
    async (call) => {
      for (const payload of PAYLOADS) {
        // Each of its own: a hundred events a second are allowed to one.
        const client = await connect(call.room);
        await client.ask("joinRoom", { room: call.room, name: "Mallory" });
        const replies = await Promise.all(EVENTS.map((name) => client.ask(name, payload)));
        for (const [i, reply] of replies.entries()) {
          ++asked;
          if (WITHOUT_PAYLOAD.has(EVENTS[i])) continue;
          if (OPTIONAL.has(EVENTS[i]) && !reply.error) continue;
          assert.ok(reply.error?.message, `${EVENTS[i]} ${JSON.stringify(payload).slice(0, 80)}`);
          assert.notEqual(reply.error.code, "internal", reply.error.message);
        }
        client.close();
      }
    },
    { moved: { [REFUSALS]: REFUSED * PAYLOADS.length } },
  );
  assert.equal(asked, EVENTS.length * PAYLOADS.length);
});

test("events that do not exist are refused, also with the names of what every object has", async () => {
  const names = [
    "fly",
    "__proto__",
    "constructor",
    "toString",
    "",
    "\u0000",
    "joinRoom ",
    "JOINROOM",
  ];
  await target.whileCalling(
    async () => {
      const client = await connect();
      for (const name of names) {
        assert.equal((await client.ask(name, {})).error.code, "invalid_message", name);
      }
      client.close();
    },
    { moved: { [REFUSALS]: names.length } },
  );
});

test("of keys that come twice the last one counts, everywhere", async () => {
  await target.whileCalling(
    async () => {
      const client = await connect("fine");
      const looked = await client.askRaw('["lookRoom",{"room":"not a room!","room":"fine"}]');
      assert.equal(looked.exists, false);
      const refused = await client.askRaw('["lookRoom",{"room":"fine","room":"not a room!"}]');
      assert.match(refused.error.message, /^room must be/);
      client.close();
    },
    { moved: { [REFUSALS]: 1 } },
  );
});

test("names of 10 kB are refused, control and override characters do not reach others", async () => {
  await target.whileCalling(
    async (call) => {
      const [alice, mallory] = [await connect(call.room), await connect(call.room)];
      await alice.ask("joinRoom", { room: call.room, name: "Alice" });
      const long = await mallory.ask("joinRoom", { room: call.room, name: "n".repeat(10_000) });
      assert.equal(long.error.code, "invalid_message");
      const name = "a\u202egpj\u0000\u0007\u001b[31m\u2066b\u2069\r\n";
      await mallory.ask("joinRoom", { room: call.room, name });
      const turned = await mallory.ask("setName", { name: "\u202e".repeat(3000) });
      assert.equal(turned.error?.code, "invalid_message");
      // Its answer comes after the events.
      await alice.ask("getProducers", {});
      const shown = alice.events
        .map(({ payload }) => payload?.participant?.name ?? payload?.name)
        .filter((text) => typeof text === "string");
      assert.ok(shown.length > 0, JSON.stringify(alice.events));
      for (const text of shown) assert.doesNotMatch(text, /[\p{Cc}\p{Bidi_Control}]/u);
      for (const client of [alice, mallory]) client.close();
    },
    { moved: { [REFUSALS]: 2 } },
  );
});
