import { expect, test } from "vitest";
import type { Counters, TransportReading } from "./reading";
import { QualityTotals } from "./totals";

function reading(
  streams: Record<string, Partial<Counters>>,
  trackId: string | null = null,
): TransportReading {
  return {
    state: null,
    pair: null,
    checksSent: 0,
    checksAnswered: 0,
    roundTripMs: null,
    relays: new Set(),
    sentRoundTripMs: null,
    jitterMs: null,
    streams: new Map(Object.entries(streams).map(([id, counters]) => [id, { counters, trackId }])),
  };
}

test("adds what streams have grown by, and keeps those that are gone", () => {
  const totals = new QualityTotals();
  totals.add("recv", "t1", reading({ a: { receivedPackets: 10 }, b: { receivedPackets: 5 } }));
  totals.add("recv", "t1", reading({ a: { receivedPackets: 30 } }));
  expect(totals.sums.receivedPackets).toBe(35);
});

test("begins anew on another transport, and with a stream that has counted less", () => {
  const totals = new QualityTotals();
  totals.add("send", "t1", reading({ a: { sentPackets: 100 } }));
  totals.add("send", "t2", reading({ a: { sentPackets: 120 } }));
  totals.add("send", "t2", reading({ a: { sentPackets: 3 } }));
  expect(totals.sums.sentPackets).toBe(223);
});

test("packets that come late take back a loss, and no loss is negative", () => {
  const totals = new QualityTotals();
  totals.add("recv", "t1", reading({ a: { receivedPackets: 10, receivedLost: 4 } }));
  totals.add("recv", "t1", reading({ a: { receivedPackets: 14, receivedLost: 1 } }));
  expect(totals.sums.receivedLost).toBe(1);
  totals.add("recv", "t1", reading({ a: { receivedPackets: 15, receivedLost: -3 } }));
  expect(totals.sums.receivedLost).toBe(0);
});

test("a picture that was paused did not freeze", () => {
  const totals = new QualityTotals();
  const frozen = (freezes: number) =>
    reading({ a: { freezes, freezeMs: freezes * 700, frames: freezes } }, "camera");
  totals.add("recv", "t1", frozen(1));
  totals.add("recv", "t1", frozen(2), (trackId) => trackId === "camera");
  totals.add("recv", "t1", frozen(3));
  expect(totals.sums).toMatchObject({ freezes: 2, freezeMs: 1400, frames: 3 });
});

test("knows of which direction it has heard", () => {
  const totals = new QualityTotals();
  totals.add("recv", "t1", reading({}));
  expect([totals.knows("recv"), totals.knows("send")]).toEqual([true, false]);
});
