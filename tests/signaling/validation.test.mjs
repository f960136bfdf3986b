// Every event refuses what it cannot use, says which field, and changes nothing.

import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, test } from "node:test";
import { eventsInTheCall } from "../support/doors.mjs";
import {
  Client,
  dtlsParameters,
  QuickClient,
  rtpParametersOf,
  startServer,
  within,
} from "./harness.mjs";

let server;
before(async () => (server = await startServer("--participants=3")));
after(() => server.stop());

const join = (room, extra) => new QuickClient(server).join(room, extra);
const refused = (promise, code, message) =>
  assert.rejects(promise, (error) => {
    assert.equal(error.code, code, error.message);
    if (message) assert.match(error.message, message);
    assert.match(error.id, /^[a-z2-7]{26}$/);
    return true;
  });

test("the versions must meet", async () => {
  for (const [protocol, code] of [
    [{ min: 2, max: 3 }, "unsupported_protocol"],
    [{ min: "1", max: 1 }, "invalid_message"],
    [1, "invalid_message"],
  ]) {
    const client = new Client(server, { auth: { protocol } });
    const [error] = await within(once(client.socket, "connect_error"), "the refusal");
    assert.equal(error.data.code, code);
  }
});

test("an event that needs a room is refused before one", async () => {
  const client = await new Client(server).connected();
  for (const name of eventsInTheCall) {
    await refused(client.request(name, {}), "not_joined");
  }
  await refused(client.request("resume", { resumeToken: "x", seq: 0 }), "session_expired");
  await refused(client.request("fly", {}), "invalid_message", /"fly"/);
});

test("every event names the field that is wrong", async () => {
  const client = await join("fields");
  const transportId = client.send.id;
  const audio = rtpParametersOf("audio");
  const cases = [
    ["lookRoom", {}, /^room is missing/],
    ["prepareJoin", {}, /^room is missing/],
    ["prepareJoin", { room: "x", rtpCapabilities: {} }, /^transports is missing/],
    ["lookRoom", 7, /^the payload must be an object/],
    ["lookRoom", { room: "ä" }, /^room must be 1 to 64 characters/],
    ["produce", { kind: "audio", rtpParameters: audio }, /^transportId is missing/],
    ["produce", { transportId, kind: "smell", rtpParameters: audio }, /^kind must be one of/],
    ["produce", { transportId, kind: "audio" }, /^rtpParameters is missing/],
    [
      "produce",
      { transportId, kind: "audio", rtpParameters: [] },
      /^rtpParameters must be an object/,
    ],
    [
      "produce",
      { transportId, kind: "audio", source: "camera", rtpParameters: audio },
      /^source must be/,
    ],
    [
      "produce",
      { id: "a b", transportId, kind: "audio", rtpParameters: audio },
      /^id must be 1 to 36/,
    ],
    [
      "produce",
      { transportId, kind: "audio", paused: 1, rtpParameters: audio },
      /^paused must be true or false/,
    ],
    [
      "produce",
      { transportId, kind: "audio", rtpParameters: { ...audio, encodings: [{ ssrc: -1 }] } },
      /^rtpParameters\.encodings\[0\]\.ssrc must be an integer from 0 to 4294967295/,
    ],
    ["createPlainTransport", { rtcpMux: 1 }, /^rtcpMux must be true or false/],
    ["createPlainTransport", { srtpCryptoSuite: "NULL" }, /^srtpCryptoSuite must be one of/],
    ["connectPlainTransport", { ip: "127.0.0.1" }, /^transportId is missing/],
    ["connectPlainTransport", { transportId, port: 65536 }, /^port must be an integer from 1/],
    [
      "connectPlainTransport",
      { transportId, srtpParameters: {} },
      /^srtpParameters.cryptoSuite is missing/,
    ],
    ["closeProducer", { producerId: 1 }, /^producerId must be/],
    ["pauseProducer", {}, /^producerId is missing/],
    ["resumeProducer", {}, /^producerId is missing/],
    ["consumersReady", { consumerIds: "all" }, /^consumerIds must be an array/],
    ["consumersReady", { consumerIds: [] }, /^consumerIds must be an array of 1/],
    ["pauseConsumers", { consumerIds: [null] }, /^consumerIds\[0\] must be/],
    ["resumeConsumers", {}, /^consumerIds is missing/],
    ["restartIce", {}, /^transportId is missing/],
    ["recreateTransports", {}, /^transports is missing/],
    [
      "recreateTransports",
      { transports: { send: { dtlsParameters: dtlsParameters() }, recv: {} } },
      /^transports\.recv\.dtlsParameters is missing/,
    ],
    ["setName", {}, /^name is missing/],
    ["setName", { name: "x".repeat(65) }, /^name must have at most 64/],
    ["setView", { tiles: [{ participantId: "x" }] }, /^tiles\[0\]\.source is missing/],
    ["createWebRtcTransport", { direction: "up" }, /^direction must be one of/],
    [
      "connectTransport",
      { transportId, dtlsParameters: { fingerprints: [] } },
      /^dtlsParameters\.fingerprints/,
    ],
    [
      "connectWebRtcTransport",
      { transportId, dtlsParameters: { fingerprints: [{ algorithm: "sha-256", value: "AA:BB" }] } },
      /^dtlsParameters\.fingerprints\[0\]\.value must be 32 bytes/,
    ],
    ["consume", { producerId: "x" }, /^rtpCapabilities is missing/],
    ["resumeConsumer", {}, /^consumerId is missing/],
    ["closeConsumer", { consumerId: {} }, /^consumerId must be/],
  ];
  for (const [name, payload, message] of cases) {
    await refused(client.request(name, payload), "invalid_message", message);
  }
  const fresh = await new Client(server, { room: "x" }).connected();
  await refused(fresh.request("joinRoom", {}), "invalid_message", /^room is missing/);
  await refused(
    fresh.request("joinRoom", { room: "x", transports: {} }),
    "invalid_message",
    /^transports\.send is missing/,
  );
  await refused(
    fresh.request("resume", { resumeToken: "x" }),
    "invalid_message",
    /^seq is missing/,
  );
  assert.equal((await fresh.request("lookRoom", { room: "x" })).exists, false);
  assert.deepEqual((await server.media()).producers, {});
});

test("ids of other participants are answered like unknown ones", async () => {
  const alice = await join("foreign");
  const bob = await join("foreign");
  await alice.produce("video", "cam");
  const { consumers } = await bob.next("newConsumers");
  const { producerId } = consumers[0];
  for (const id of ["cam", producerId, "nothing"]) {
    for (const name of ["closeProducer", "pauseProducer", "resumeProducer"]) {
      await refused(bob.request(name, { producerId: id }), "producer_not_found");
    }
  }
  for (const consumerId of [consumers[0].id, "nothing"]) {
    for (const name of ["consumersReady", "pauseConsumers", "resumeConsumers"]) {
      await refused(alice.request(name, { consumerIds: [consumerId] }), "consumer_not_found");
    }
    await refused(alice.request("resumeConsumer", { consumerId }), "consumer_not_found");
    await refused(alice.request("closeConsumer", { consumerId }), "consumer_not_found");
  }
  for (const transportId of [alice.send.id, "nothing"]) {
    await refused(bob.request("restartIce", { transportId }), "transport_not_found");
    const connect = { transportId, dtlsParameters: dtlsParameters() };
    await refused(bob.request("connectTransport", connect), "transport_not_found");
    const produce = { transportId, kind: "audio", rtpParameters: rtpParametersOf("audio") };
    await refused(bob.request("produce", produce), "transport_not_found");
  }
  const media = await server.media();
  assert.equal(media.producers[producerId].paused, false);
  assert.equal(media.consumers[consumers[0].id].paused, true);
});

test("limits are kept", async () => {
  const alice = await join("limits");
  await refused(alice.request("joinRoom", alice.joinPayload("other")), "already_joined");
  for (let i = 0; i < 8; ++i) assert.equal((await alice.produce("audio", `p${i}`)).id, `p${i}`);
  assert.equal((await alice.produce("audio", "p0")).error.code, "duplicate_id");
  assert.equal((await alice.produce("audio", "p8")).error.code, "limit_exceeded");
  await alice.request("createWebRtcTransport", {});
  const { id } = await alice.request("createWebRtcTransport", {});
  await refused(alice.request("createWebRtcTransport", {}), "limit_exceeded");
  await alice.request("closeTransport", { transportId: id });
  await alice.request("createWebRtcTransport", {});
  await join("limits");
  await join("limits");
  const late = await new QuickClient(server).prepare("limits");
  await refused(late.request("joinRoom", late.joinPayload("limits")), "room_full");
  assert.equal((await late.request("lookRoom", { room: "limits" })).full, true);
});

test("what the media service refuses is told in its words, and by event", async () => {
  const alice = await join("refused");
  const rtpParameters = rtpParametersOf("video");
  rtpParameters.codecs[0].mimeType = "video/unknown";
  const produce = { id: "cam", transportId: alice.send.id, kind: "video", rtpParameters };
  await refused(alice.request("produce", produce), "unsupported_parameters", /video\/unknown/);
  const event = await alice.next("producerRefused");
  assert.equal(event.producerId, "cam");
  assert.equal(event.error.code, "unsupported_parameters");
});

test("who sends too fast is told to wait", async () => {
  const client = await new Client(server, { room: "x" }).connected();
  const replies = await Promise.all(
    Array.from({ length: 260 }, () => client.raw("lookRoom", { room: "x" })),
  );
  const limited = replies.filter((reply) => reply.error);
  assert.ok(limited.length > 0 && limited.length < 200, `${limited.length} refused`);
  assert.equal(limited[0].error.code, "rate_limited");
  assert.ok(limited[0].error.retry_after_ms > 0);
});

test("hostile payloads are refused without harm", async () => {
  const client = await new Client(server, { room: "x" }).connected();
  let deep = {};
  for (let i = 0; i < 20; ++i) deep = { deep };
  const many = Array.from({ length: 5000 }, () => ({ mimeType: "audio/opus" }));
  await refused(
    client.request("joinRoom", { room: "x", deep, transports: deep }),
    "invalid_message",
  );
  await refused(
    client.request("joinRoom", { room: "x", rtpCapabilities: { codecs: many } }),
    "invalid_message",
    /^rtpCapabilities\.codecs must be an array of 0 to 64/,
  );
  await refused(client.request("__proto__", {}), "invalid_message");
  assert.equal((await client.request("lookRoom", { room: "x" })).exists, false);
});
