import type { CandidatePair, CandidateType, IceState, RelayProtocol } from "../../protocol/reports";

/** What only grows while a stream lives. */
export const COUNTERS = [
  "sentPackets",
  "sentBytes",
  "sentLost",
  "receivedPackets",
  "receivedBytes",
  "receivedLost",
  "freezes",
  "freezeMs",
  "concealedMs",
  "frames",
] as const;
export type Counters = Record<(typeof COUNTERS)[number], number>;

/** One stream, as the browser has counted it so far. */
export interface StreamReading {
  counters: Partial<Counters>;
  /** Of a received one. */
  trackId: string | null;
}

/** What one transport's statistics say. */
export interface TransportReading {
  state: IceState | null;
  pair: CandidatePair | null;
  checksSent: number;
  checksAnswered: number;
  roundTripMs: number | null;
  /** Of relays that gave a candidate. */
  relays: ReadonlySet<RelayProtocol>;
  /** By the browser's own ids. */
  streams: ReadonlyMap<string, StreamReading>;
  /** To the server and back, as it has reported; the largest. */
  sentRoundTripMs: number | null;
  /** The largest. */
  jitterMs: number | null;
}

/** What of an `RTCStatsReport` is used. */
export interface StatsLike {
  forEach(visit: (stat: unknown) => void): void;
}

type Stat = Readonly<Record<string, unknown>>;

const STATES: readonly string[] = [
  "new",
  "checking",
  "connected",
  "completed",
  "disconnected",
  "failed",
  "closed",
];
const CANDIDATE_TYPES: readonly string[] = ["host", "srflx", "prflx", "relay"];
const RELAY_PROTOCOLS: readonly string[] = ["udp", "tcp", "tls"];
/** Of Opus, where the browser does not say how much sound its samples are. */
const SAMPLE_RATE = 48_000;

/** Browsers leave out what they do not know; what has another form is as if it were left out. */
export function readTransport(stats: StatsLike): TransportReading {
  const all = new Map<string, Stat>();
  stats.forEach((stat) => {
    if (typeof stat === "object" && stat !== null && "id" in stat) {
      all.set(String(stat.id), stat as Stat);
    }
  });
  const list = [...all.values()];
  const ofType = (type: string) => list.filter((stat) => stat.type === type);
  const pairs = ofType("candidate-pair");
  const [transport] = ofType("transport");
  const selected = selectedPair(pairs, transport);
  const reports = ofType("remote-inbound-rtp");
  const received = ofType("inbound-rtp");
  return {
    state: oneOf<IceState>(STATES, transport?.iceState),
    pair: selected ? pairOf(selected, all) : null,
    checksSent: sum(pairs, "requestsSent") + sum(pairs, "consentRequestsSent"),
    checksAnswered: sum(pairs, "responsesReceived"),
    roundTripMs: selected ? milliseconds(selected.currentRoundTripTime) : null,
    relays: new Set(
      ofType("local-candidate")
        .map(({ relayProtocol }) => oneOf<RelayProtocol>(RELAY_PROTOCOLS, relayProtocol))
        .filter((protocol) => protocol !== null),
    ),
    streams: new Map([
      ...ofType("outbound-rtp").map((stat) => [String(stat.id), sentOf(stat)] as const),
      ...reports.map((stat) => [String(stat.id), lostOf(stat)] as const),
      ...received.map((stat) => [String(stat.id), receivedOf(stat)] as const),
    ]),
    sentRoundTripMs: largest(reports.map(({ roundTripTime }) => milliseconds(roundTripTime))),
    jitterMs: largest(received.map(({ jitter }) => milliseconds(jitter))),
  };
}

/** Some browsers name it in the transport, others mark it. */
function selectedPair(pairs: readonly Stat[], transport: Stat | undefined): Stat | undefined {
  const id = transport?.selectedCandidatePairId;
  return (
    pairs.find((pair) => pair.id === id) ??
    pairs.find(({ selected }) => selected === true) ??
    pairs.find(({ nominated, state }) => nominated === true && state === "succeeded")
  );
}

function pairOf(pair: Stat, all: ReadonlyMap<string, Stat>): CandidatePair | null {
  const local = all.get(String(pair.localCandidateId));
  const remote = all.get(String(pair.remoteCandidateId));
  const localType = oneOf<CandidateType>(CANDIDATE_TYPES, local?.candidateType);
  const remoteType = oneOf<CandidateType>(CANDIDATE_TYPES, remote?.candidateType);
  if (localType === null || remoteType === null) return null;
  const relayProtocol = oneOf<RelayProtocol>(RELAY_PROTOCOLS, local?.relayProtocol);
  return {
    localType,
    remoteType,
    protocol: local?.protocol === "tcp" ? "tcp" : "udp",
    ...(relayProtocol ? { relayProtocol } : {}),
  };
}

function sentOf(stat: Stat): StreamReading {
  return {
    counters: { sentPackets: count(stat.packetsSent), sentBytes: count(stat.bytesSent) },
    trackId: null,
  };
}

function lostOf(stat: Stat): StreamReading {
  return { counters: { sentLost: count(stat.packetsLost) }, trackId: null };
}

function receivedOf(stat: Stat): StreamReading {
  return {
    counters: {
      receivedPackets: count(stat.packetsReceived),
      receivedBytes: count(stat.bytesReceived),
      receivedLost: count(stat.packetsLost),
      freezes: count(stat.freezeCount),
      freezeMs: count(stat.totalFreezesDuration) * 1000,
      concealedMs: concealedMs(stat),
      frames: count(stat.framesDecoded),
    },
    trackId: typeof stat.trackIdentifier === "string" ? stat.trackIdentifier : null,
  };
}

/** Sound that was made up for what had not come; silence for somebody who is silent is none. */
function concealedMs(stat: Stat): number {
  const samples = count(stat.concealedSamples) - count(stat.silentConcealedSamples);
  const seconds = count(stat.totalSamplesDuration);
  const rate = seconds > 0 ? count(stat.totalSamplesReceived) / seconds : SAMPLE_RATE;
  return rate > 0 ? (samples / rate) * 1000 : 0;
}

function count(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

function sum(stats: readonly Stat[], name: string): number {
  return stats.reduce((total, stat) => total + count(stat[name]), 0);
}

/** Of seconds, whole; null where there is none. */
function milliseconds(seconds: unknown): number | null {
  if (typeof seconds !== "number" || !Number.isFinite(seconds)) return null;
  return Math.max(0, Math.round(seconds * 1000));
}

function largest(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length > 0 ? Math.max(...known) : null;
}

function oneOf<Word extends string>(words: readonly string[], value: unknown): Word | null {
  return typeof value === "string" && words.includes(value) ? (value as Word) : null;
}
