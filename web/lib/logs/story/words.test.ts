import { describe, expect, test } from "vitest";
import type { Finding, StoryTransport } from "./types";
import {
  barOf,
  causeWords,
  durationWords,
  leftOutWords,
  ranked,
  shareWords,
  shortId,
  sizeWords,
  wayOf,
} from "./words";

const transport = (change: Partial<StoryTransport>) =>
  ({
    connected: 1,
    figures: {},
    protocol: "",
    localType: "",
    relayProtocol: "",
    ...change,
  }) as StoryTransport;
const finding = (change: Partial<Finding>) => change as Finding;

describe("the way of a transport", () => {
  test.each([
    ["UDP, direct", { protocol: "udp" }],
    ["TCP, direct", { protocol: "tcp", localType: "host" }],
    ["relay over TLS", { protocol: "udp", localType: "relay", relayProtocol: "tls" }],
    ["relay", { localType: "relay" }],
    ["not connected", { connected: null, protocol: "udp" }],
    ["TCP, direct", { connected: null, protocol: "tcp", figures: { bytes_received: 9 } }],
    ["path unknown", {}],
  ])("is %s", (words, change) => {
    expect(wayOf(transport(change))).toBe(words);
  });
});

test("the worst finding stands first, others as they came", () => {
  const all = ["note", "error", "warning", "error"].map((severity, index) =>
    finding({ severity: severity as Finding["severity"], cause: String(index) }),
  );
  expect(ranked(all).map(({ cause }) => cause)).toEqual(["1", "3", "2", "0"]);
});

test("a cause that is not known speaks for itself", () => {
  expect(causeWords(finding({ cause: "udp_blocked" }))).toBe("UDP is blocked");
  expect(causeWords(finding({ cause: "moon_phase" }))).toBe("moon phase");
});

test("a join's bar is what the browser has told since the click", () => {
  const stages = [
    { name: "token", ms: 2 },
    { name: "client-frame", ms: 800 },
    { name: "client-reply", ms: 120 },
    { name: "client-ice", ms: 200 },
  ];
  expect(barOf(stages)).toEqual({
    total: 800,
    parts: [
      { name: "reply", ms: 120 },
      { name: "ice", ms: 80 },
      { name: "frame", ms: 600 },
    ],
  });
});

test("without the browser it is the server's", () => {
  const parts = [
    { name: "token", ms: 2 },
    { name: "home", ms: 5 },
  ];
  expect(barOf([...parts, { name: "all", ms: 9 }, { name: "connect", ms: 70 }])).toEqual({
    total: 9,
    parts,
  });
  expect(barOf([])).toEqual({ total: 0, parts: [] });
});

test("says durations, sizes and shares as people do", () => {
  const durations = [0.44, 3, 812, 2400, 200_000, 3_900_000, 1e300].map(durationWords);
  expect(durations).toEqual([
    "0.4 ms",
    "3 ms",
    "812 ms",
    "2.4 s",
    "3 min 20 s",
    "1 h 5 min",
    "over 1000 h",
  ]);
  expect([812, 1234, 45_000_000, 2e15].map(sizeWords)).toEqual([
    "812 B",
    "1.2 kB",
    "45 MB",
    "over 999 TB",
  ]);
  const shares = [shareWords(0, 10), shareWords(1, 10_000), shareWords(13, 1000)];
  expect(shares).toEqual(["0.0 %", "< 0.1 %", "1.3 %"]);
  expect(shareWords(3, 0)).toBe("");
});

test("says what is left out, where something is", () => {
  const nothing = { lines: 0, participants: 0, failures: 0, findings: 0 };
  expect(leftOutWords(nothing)).toBe("");
  expect(leftOutWords({ ...nothing, lines: 1, failures: 1200 })).toBe(
    "This call is not shown in full: 1,200 errors, 1 line left out.",
  );
});

test("cuts ids where they are only to be told apart", () => {
  expect(shortId("p7k2m9")).toBe("p7k2m9");
  expect(shortId("abcdefghijklmnopqrstuvwxyz")).toBe("abcdefgh");
});
