// Another participant's ids on every event there is: they are nobody's, and nothing of hers changes.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { after, before, test } from "node:test";
import { dtlsParameters, production } from "../security/support/payloads.mjs";
import { allEvents } from "../support/doors.mjs";
import { SocketIoClient } from "./support/socketio_client.mjs";
import { Target } from "./support/target.mjs";

const REFUSALS = "confab_signaling_refusals_total";

let target;
before(async () => (target = await Target.start()));
after(() => target?.stop());

const connect = (room) => SocketIoClient.connect(target.pagePort, room);
const fresh = (rest = {}) => ({ recv: { dtlsParameters }, ...rest });

/**
 * Whoever sends these names nobody, or may name everybody (setView: whose picture is drawn how large;
 * sendMessage, typing: to whom).
 */
const NAME_NOBODY = [
  "getRouterRtpCapabilities",
  "intendJoin",
  "lookRoom",
  "leaveRoom",
  "setName",
  "setView",
  "sendMessage",
  "getMessages",
  "typing",
  "stats",
  "report",
  "reportFailure",
  "getProducers",
  "createWebRtcTransport",
  "createPlainTransport",
  "recreateTransports",
];

const ofProducers = ({ producers }) => producers.map((producerId) => ({ producerId }));
const ofConsumers = ({ consumerId }) => [{ consumerIds: [consumerId] }];
const ofConsumer = ({ consumerId }) => [{ consumerId }];
const ofTransport = ({ transportId }) => [{ transportId, dtlsParameters }];
const ofPerson = ({ participantId }) => [{ participantId }];

/** What Mallory, who is in the same call, sends; and the code that is answered. */
const FORGED = {
  closeProducer: [ofProducers, "producer_not_found"],
  pauseProducer: [ofProducers, "producer_not_found"],
  resumeProducer: [ofProducers, "producer_not_found"],
  consumersReady: [ofConsumers, "consumer_not_found"],
  pauseConsumers: [ofConsumers, "consumer_not_found"],
  resumeConsumers: [ofConsumers, "consumer_not_found"],
  pauseConsumer: [ofConsumer, "consumer_not_found"],
  resumeConsumer: [ofConsumer, "consumer_not_found"],
  closeConsumer: [ofConsumer, "consumer_not_found"],
  restartIce: [ofTransport, "transport_not_found"],
  connectTransport: [ofTransport, "transport_not_found"],
  connectWebRtcTransport: [ofTransport, "transport_not_found"],
  closeTransport: [ofTransport, "transport_not_found"],
  connectPlainTransport: [ofTransport, "transport_not_found"],
  consume: [
    ({ transportId, producers, rtpCapabilities }) => [
      { transportId, producerId: producers[0], rtpCapabilities },
    ],
    "transport_not_found",
  ],
  produce: [
    ({ transportId }) => [production(transportId, "audio", "microphone")],
    "transport_not_found",
  ],
  removeParticipant: [ofPerson, "forbidden"],
  muteParticipant: [ofPerson, "forbidden"],
};

/** What somebody sends who is not in the call yet: answered as if the ids were not there. */
const FORGED_BEFORE_JOIN = {
  resume: async (client, { resumeToken }) => {
    // Hers but for one letter, and one of her id without a signature.
    const at = resumeToken.length - 10;
    const changed = `${resumeToken.slice(0, at)}${resumeToken[at] === "A" ? "B" : "A"}${resumeToken.slice(at + 1)}`;
    for (const token of [changed, randomBytes(16).toString("hex"), ""]) {
      const { error } = await client.ask("resume", { resumeToken: token, seq: 0 });
      assert.match(String(error?.code), /^(session_expired|invalid_message)$/);
    }
  },
  prepareJoin: async (client, { transportId, rtpCapabilities }, room) => {
    const asked = { room, rtpCapabilities, transports: fresh(), transportId };
    const reply = await client.ask("prepareJoin", asked);
    const { recv } = reply.transports ?? {};
    assert.ok(recv && recv.id !== transportId, `another transport: ${JSON.stringify(reply)}`);
  },
  joinRoom: async (client, hers, room) => {
    const { transportId, consumerId, participantId, rtpCapabilities } = hers;
    const prepared = { transportId, consumerIds: [consumerId] };
    const transports = fresh({ send: { dtlsParameters } });
    const reply = await client.ask("joinRoom", {
      room,
      name: "M",
      rtpCapabilities,
      transports,
      prepared,
    });
    assert.notEqual(reply.participantId, participantId);
    assert.ok(reply.transports.recv && reply.transports.recv.id !== transportId);
  },
};

test("every event that names somebody or something is forged here", () => {
  const covered = [...NAME_NOBODY, ...Object.keys(FORGED), ...Object.keys(FORGED_BEFORE_JOIN)];
  assert.deepEqual(covered.sort(), [...allEvents].sort());
});

/** Of somebody in the room: her own id and those of her transport, her consumer and all producers. */
async function belongings(client, room) {
  const reply = await client.ask("joinRoom", { room, name: "Alice" });
  const producers = reply.participants.flatMap(({ producers: all }) => all.map(({ id }) => id));
  const { id: transportId } = await client.ask("createWebRtcTransport", { direction: "recv" });
  const { routerRtpCapabilities } = client.events.find(({ name }) => name === "welcome").payload;
  const asked = { transportId, producerId: producers[0], rtpCapabilities: routerRtpCapabilities };
  const { id: consumerId } = await client.ask("consume", asked);
  assert.ok(transportId && consumerId && producers[0]);
  const { participantId, resumeToken } = reply;
  const ids = { participantId, resumeToken, transportId, consumerId, producers };
  return { ...ids, rtpCapabilities: routerRtpCapabilities };
}

test("another participant's ids are nobody's on every event", async () => {
  let refused = 0;
  await target.whileCalling(
    async ({ room }) => {
      const [alice, mallory] = [await connect(room), await connect(room)];
      const hers = await belongings(alice, room);
      await mallory.ask("joinRoom", { room, name: "Mallory" });
      for (const [name, [forge, code]] of Object.entries(FORGED)) {
        for (const payload of forge(hers)) {
          const { error } = await mallory.ask(name, payload);
          assert.equal(error?.code, code, `${name}: ${JSON.stringify(error)}`);
          refused += 1;
        }
      }
      for (const act of Object.values(FORGED_BEFORE_JOIN)) {
        const stranger = await connect(room);
        await act(stranger, hers, room);
        stranger.close();
      }
      // All that is hers is still there.
      const { transportId, consumerId } = hers;
      for (const [name, payload] of [
        ["restartIce", { transportId }],
        ["resumeConsumer", { consumerId }],
        ["setName", { name: "Alice" }],
      ]) {
        assert.equal((await alice.ask(name, payload)).error, undefined, name);
      }
      for (const client of [alice, mallory]) client.close();
    },
    { moved: { [REFUSALS]: Object.keys(FORGED).length } },
  );
  assert.ok(refused >= Object.keys(FORGED).length);
});
