// A client written after mediasoup's tutorials: every step its own event, no handshake data.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { FakeMediaStreamTrack } from "fake-mediastreamtrack";
import { Device } from "mediasoup-client";
import * as fakeParameters from "mediasoup-client/fakeParameters";
import { FakeHandler } from "mediasoup-client/handlers/FakeHandler";
import { Client, QuickClient, startServer } from "./harness.mjs";

let server;
before(async () => (server = await startServer()));
after(() => server.stop());

class TutorialClient extends Client {
  constructor() {
    super(server, { auth: {}, transports: ["polling", "websocket"] });
  }

  async join(room) {
    this.room = room;
    await this.connected();
    const routerRtpCapabilities = await this.request("getRouterRtpCapabilities");
    this.reply = await this.request("joinRoom", { room, name: "Tutorial" });
    this.device = new Device({ handlerFactory: FakeHandler.createFactory(fakeParameters) });
    await this.device.load({ routerRtpCapabilities });
    const send = await this.request("createWebRtcTransport", { producing: true, consuming: false });
    const recv = await this.request("createWebRtcTransport", { direction: "recv" });
    this.send = this.device.createSendTransport(send);
    this.recv = this.device.createRecvTransport(recv);
    for (const transport of [this.send, this.recv]) {
      transport.on("connect", ({ dtlsParameters }, done, fail) => {
        this.request("connectTransport", { transportId: transport.id, dtlsParameters }).then(
          done,
          fail,
        );
      });
    }
    this.send.on("produce", ({ kind, rtpParameters }, done, fail) => {
      this.request("produce", { transportId: this.send.id, kind, rtpParameters }).then(done, fail);
    });
    return this;
  }

  async receive(producerId) {
    const parameters = await this.request("consume", {
      transportId: this.recv.id,
      producerId,
      rtpCapabilities: this.device.rtpCapabilities,
    });
    const consumer = await this.recv.consume(parameters);
    await this.request("resumeConsumer", { consumerId: consumer.id });
    return consumer;
  }
}

test("two tutorial clients hear each other", async () => {
  const alice = await new TutorialClient().join("tutorial");
  assert.equal(alice.reply.transports, undefined);
  assert.deepEqual(alice.reply.consumers, []);
  const producer = await alice.send.produce({ track: new FakeMediaStreamTrack({ kind: "audio" }) });
  assert.ok(producer.id);

  const bob = await new TutorialClient().join("tutorial");
  const producers = await bob.request("getProducers");
  assert.equal(producers.length, 1);
  assert.equal(producers[0].participantId, alice.reply.participantId);
  assert.equal(producers[0].source, "microphone");
  const consumer = await bob.receive(producers[0].producerId);
  assert.equal((await server.media()).consumers[consumer.id].paused, false);
  assert.equal((await server.media()).transports[bob.recv.id].hasDtls, true);

  await bob.send.produce({ track: new FakeMediaStreamTrack({ kind: "video" }) });
  const told = await alice.next("newProducer");
  assert.equal(told.participantId, bob.reply.participantId);
  assert.equal(told.kind, "video");
  await alice.receive(told.producerId);
  await bob.request("leaveRoom");
  assert.deepEqual((await alice.next("producerClosed")).producerId, told.producerId);
  assert.equal(alice.count("newConsumers") + alice.count("consumersClosed"), 0);
});

test("a tutorial client and a quick one share a room", async () => {
  const classic = await new TutorialClient().join("mixed");
  const quick = await new QuickClient(server).join("mixed");
  await quick.produce("video", "cam");
  const told = await classic.next("newProducer");
  await classic.receive(told.producerId);
  await classic.send.produce({ track: new FakeMediaStreamTrack({ kind: "audio" }) });
  const { consumers } = await quick.next("newConsumers");
  assert.equal(consumers[0].participantId, classic.reply.participantId);
  await quick.consume(consumers);
});

test("a transport is connected once", async () => {
  const { request } = await new TutorialClient().join("once");
  assert.ok(request);
  const client = await new TutorialClient().join("once");
  const payload = {
    transportId: client.send.id,
    dtlsParameters: fakeParameters.generateLocalDtlsParameters(),
  };
  await client.request("connectTransport", payload);
  await assert.rejects(client.request("connectTransport", payload), { code: "invalid_state" });
});

test("a consumer that is closed is unknown afterwards", async () => {
  const alice = await new TutorialClient().join("closing");
  await alice.send.produce({ track: new FakeMediaStreamTrack({ kind: "audio" }) });
  const bob = await new TutorialClient().join("closing");
  const [{ producerId }] = await bob.request("getProducers");
  const { id } = await bob.receive(producerId);
  await bob.request("closeConsumer", { consumerId: id });
  await assert.rejects(bob.request("resumeConsumer", { consumerId: id }), {
    code: "consumer_not_found",
  });
});

test("a receiver without the codec is refused, and nothing else is", async () => {
  const alice = await new TutorialClient().join("codec");
  await alice.send.produce({ track: new FakeMediaStreamTrack({ kind: "audio" }) });
  const bob = await new TutorialClient().join("codec");
  const [{ producerId }] = await bob.request("getProducers");
  const consume = bob.request("consume", { producerId, rtpCapabilities: { codecs: [] } });
  await assert.rejects(consume, { code: "cannot_consume" });
  await bob.receive(producerId);
});

test("a program without ICE and DTLS gets a plain transport", async () => {
  const player = await new TutorialClient().join("plain");
  const made = await player.request("createPlainTransport", {
    direction: "send",
    rtcpMux: false,
    comedia: true,
    enableSrtp: true,
  });
  assert.deepEqual(made.tuple, {
    localAddress: "192.0.2.1",
    localPort: 41000,
    protocol: "comedia",
  });
  assert.equal(made.rtcpTuple.localPort, 41000);
  assert.equal(made.srtpParameters.cryptoSuite, "AES_CM_128_HMAC_SHA1_80");
  assert.ok((await server.media()).transports[made.id]);

  const address = { ip: "127.0.0.1", port: 5004, rtcpPort: 5005 };
  const srtpParameters = { cryptoSuite: "AEAD_AES_128_GCM", keyBase64: "A".repeat(40) };
  const ask = { transportId: made.id, ...address, srtpParameters };
  const connected = await player.request("connectPlainTransport", ask);
  assert.equal(connected.tuple.remotePort, 5004);
  assert.equal(connected.rtcpTuple.remotePort, 5005);
  assert.deepEqual(connected.srtpParameters, srtpParameters);

  const other = await new TutorialClient().join("plain");
  await assert.rejects(
    other.request("connectPlainTransport", ask),
    /transportId names no transport/,
  );
});
