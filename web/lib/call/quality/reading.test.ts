import { expect, test } from "vitest";
import { readTransport } from "./reading";

type Stat = Record<string, unknown>;

const read = (...stats: unknown[]) =>
  readTransport(new Map(stats.map((stat, index) => [String(index), stat])));

const pair = (change: Stat = {}): Stat => ({
  id: "CP1",
  type: "candidate-pair",
  localCandidateId: "L1",
  remoteCandidateId: "R1",
  requestsSent: 3,
  consentRequestsSent: 4,
  responsesReceived: 6,
  currentRoundTripTime: 0.0123,
  ...change,
});
const transport: Stat = {
  id: "T1",
  type: "transport",
  iceState: "completed",
  selectedCandidatePairId: "CP1",
};
const local: Stat = { id: "L1", type: "local-candidate", candidateType: "srflx", protocol: "udp" };
const remote: Stat = { id: "R1", type: "remote-candidate", candidateType: "host" };

test("reads the state, the pair in use, and the checks of all pairs", () => {
  const other = pair({ id: "CP2", responsesReceived: 0, consentRequestsSent: undefined });
  expect(read(pair(), other, transport, local, remote)).toMatchObject({
    state: "completed",
    pair: { localType: "srflx", remoteType: "host", protocol: "udp" },
    checksSent: 10,
    checksAnswered: 6,
    roundTripMs: 12,
  });
});

test.each([
  ["marked as selected", { selected: true }],
  ["nominated", { nominated: true, state: "succeeded" }],
])("finds the pair that is %s where no transport names one", (_, change) => {
  expect(read(pair(change), local, remote).pair?.localType).toBe("srflx");
});

test("tells how a relay is reached, and which relays have answered", () => {
  const relay: Stat = { ...local, candidateType: "relay", relayProtocol: "tls" };
  const reading = read(pair(), transport, relay, remote);
  expect(reading.pair).toMatchObject({ localType: "relay", relayProtocol: "tls" });
  expect([...reading.relays]).toEqual(["tls"]);
});

test("counts what was sent and what of it the server missed", () => {
  const reading = read(
    { id: "O1", type: "outbound-rtp", packetsSent: 100, bytesSent: 9000 },
    { id: "RI1", type: "remote-inbound-rtp", packetsLost: 7, roundTripTime: 0.05 },
    { id: "RI2", type: "remote-inbound-rtp", packetsLost: -1, roundTripTime: 0.08 },
  );
  expect(reading.streams.get("O1")?.counters).toEqual({ sentPackets: 100, sentBytes: 9000 });
  expect(reading.streams.get("RI1")?.counters).toEqual({ sentLost: 7 });
  expect(reading.sentRoundTripMs).toBe(80);
});

test("counts what was received, and sound that was made up but not silence", () => {
  const reading = read({
    id: "I1",
    type: "inbound-rtp",
    trackIdentifier: "t1",
    packetsReceived: 50,
    bytesReceived: 4000,
    packetsLost: 2,
    jitter: 0.004,
    freezeCount: 1,
    totalFreezesDuration: 0.5,
    framesDecoded: 30,
    concealedSamples: 960,
    silentConcealedSamples: 480,
    totalSamplesReceived: 96_000,
    totalSamplesDuration: 2,
  });
  expect(reading.jitterMs).toBe(4);
  expect(reading.streams.get("I1")).toEqual({
    trackId: "t1",
    counters: {
      receivedPackets: 50,
      receivedBytes: 4000,
      receivedLost: 2,
      freezes: 1,
      freezeMs: 500,
      concealedMs: 10,
      frames: 30,
    },
  });
});

test("what a browser leaves out or writes in another form is not there", () => {
  const odd = [null, 7, {}, { id: 1, type: "transport", iceState: "odd" }];
  expect(read(...odd, pair({ requestsSent: "many", currentRoundTripTime: Number.NaN }))).toEqual({
    state: null,
    pair: null,
    checksSent: 4,
    checksAnswered: 6,
    roundTripMs: null,
    relays: new Set(),
    streams: new Map(),
    sentRoundTripMs: null,
    jitterMs: null,
  });
  expect(read().checksSent).toBe(0);
});
