// What a well-behaved client sends with each event, where its ids are nobody's.
const NOBODY = "aaaaaaaaaaaaaaaaaaaaaaaaaa";
const fingerprint = { algorithm: "sha-256", value: Array(32).fill("AB").join(":") };
export const dtlsParameters = { role: "client", fingerprints: [fingerprint] };
const transports = { send: { dtlsParameters }, recv: { dtlsParameters } };

const rtpParameters = (kind) => ({
  mid: "0",
  codecs: [
    kind === "audio"
      ? { mimeType: "audio/opus", payloadType: 100, clockRate: 48000, channels: 2 }
      : { mimeType: "video/VP8", payloadType: 101, clockRate: 90000 },
  ],
  encodings: [{ ssrc: 1234 }],
  rtcp: { cname: "x" },
});

export const production = (transportId, kind, source) => ({
  transportId,
  kind,
  source,
  rtpParameters: rtpParameters(kind),
});

/** By the event's name. Those that are not here take an empty object. */
export function payloadOf(name, room) {
  const rtpCapabilities = { codecs: [], headerExtensions: [] };
  const known = {
    lookRoom: { room },
    prepareJoin: { room, rtpCapabilities, transports: { recv: { dtlsParameters } } },
    joinRoom: { room, name: "Ada" },
    resume: { resumeToken: "x", seq: 0 },
    produce: production(NOBODY, "audio", "microphone"),
    removeParticipant: { participantId: NOBODY },
    muteParticipant: { participantId: NOBODY },
    setName: { name: "Ada" },
    sendMessage: { id: "m1", text: "hello" },
    setView: { tiles: [] },
    report: { phase: "running" },
    reportFailure: { id: "f1", code: "device_busy", message: "The camera is busy." },
    connectWebRtcTransport: { transportId: NOBODY, dtlsParameters },
    connectTransport: { transportId: NOBODY, dtlsParameters },
    connectPlainTransport: { transportId: NOBODY },
    closeTransport: { transportId: NOBODY },
    restartIce: { transportId: NOBODY },
    recreateTransports: { transports },
    closeProducer: { producerId: NOBODY },
    pauseProducer: { producerId: NOBODY },
    resumeProducer: { producerId: NOBODY },
    consume: { producerId: NOBODY, rtpCapabilities },
    consumersReady: { consumerIds: [NOBODY] },
    pauseConsumers: { consumerIds: [NOBODY] },
    resumeConsumers: { consumerIds: [NOBODY] },
    pauseConsumer: { consumerId: NOBODY },
    resumeConsumer: { consumerId: NOBODY },
    closeConsumer: { consumerId: NOBODY },
  };
  return known[name] ?? {};
}
