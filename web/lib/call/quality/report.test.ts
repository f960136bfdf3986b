import { expect, test } from "vitest";
import type { TransportReading } from "./reading";
import { type QualityParts, relayProtocolOf, reportOf } from "./report";
import { QualityTotals } from "./totals";

const reading: TransportReading = {
  state: "completed",
  pair: { localType: "relay", remoteType: "host", protocol: "udp", relayProtocol: "tcp" },
  checksSent: 9,
  checksAnswered: 8,
  roundTripMs: 21,
  relays: new Set(["tcp"]),
  streams: new Map(),
  sentRoundTripMs: 33,
  jitterMs: 4,
};

const parts = (change: Partial<QualityParts> = {}): QualityParts => ({
  stages: null,
  transports: [],
  relaysFailed: new Set(),
  sums: new QualityTotals().sums,
  knows: { send: false, recv: false },
  ...change,
});

test("says only what is known", () => {
  expect(reportOf("joined", parts())).toEqual({ phase: "joined" });
  const { transports } = reportOf(
    "joined",
    parts({ transports: [{ direction: "recv", state: "connecting", reading: null }] }),
  );
  expect(transports).toEqual([{ direction: "recv", state: "checking" }]);
});

test("counts stages from the click, and none before it", () => {
  const stages = { click: 1000.4, reply: 1180.6, ice: 990, frame: 1000 + 3_600_002 };
  expect(reportOf("joined", parts({ stages })).stages).toEqual({ reply: 180, ice: 0 });
  expect(reportOf("joined", parts({ stages: { reply: 5 } })).stages).toBeUndefined();
});

test("tells of transports how they are now and which way they take", () => {
  const { transports, sent, received } = reportOf(
    "running",
    parts({
      transports: [
        { direction: "send", state: "connected", reading },
        { direction: "recv", state: "failed", reading },
      ],
      knows: { send: true, recv: true },
    }),
  );
  expect(transports).toEqual([
    {
      direction: "send",
      state: "completed",
      pair: reading.pair,
      checksSent: 9,
      checksAnswered: 8,
      roundTripMs: 21,
    },
    expect.objectContaining({ direction: "recv", state: "failed" }),
  ]);
  expect(sent).toEqual({ packets: 0, bytes: 0, lost: 0, roundTripMs: 33 });
  expect(received).toMatchObject({ packets: 0, jitterMs: 4, freezes: 0, frames: 0 });
});

test("a relay that one of the networks reaches has not failed", () => {
  const { relaysFailed } = reportOf(
    "running",
    parts({
      relaysFailed: new Set(["udp", "tcp"]),
      transports: [{ direction: "send", state: "connected", reading }],
    }),
  );
  expect(relaysFailed).toEqual(["udp"]);
});

test.each([
  ["turn:relay.example:3478", "udp"],
  ["turn:relay.example:3478?transport=udp", "udp"],
  ["turn:relay.example?transport=tcp", "tcp"],
  ["turns:relay.example:5349?transport=tcp", "tls"],
  ["stun:relay.example", null],
  ["", null],
])("%s is reached by %s", (url, protocol) => {
  expect(relayProtocolOf(url)).toBe(protocol);
});
