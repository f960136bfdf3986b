import type {
  IceState,
  ReceivedReport,
  RelayProtocol,
  ReportPayload,
  SentReport,
  TransportReport,
} from "../../protocol/reports";
import type { Direction } from "../media_session";
import { STAGES, type StageTimes } from "../stages";
import type { Counters, TransportReading } from "./reading";

/** Longer ago is not told. */
const LONGEST_STAGE_MS = 3_600_000;

/** What is known of one transport. */
export interface TransportState {
  direction: Direction;
  state: RTCPeerConnectionState;
  /** null: nothing was read of it yet. */
  reading: TransportReading | null;
}

export interface QualityParts {
  /** null: they are not of this join. */
  stages: StageTimes | null;
  transports: readonly TransportState[];
  relaysFailed: ReadonlySet<RelayProtocol>;
  sums: Counters;
  /** Whether anything was read of each direction. */
  knows: Readonly<Record<Direction, boolean>>;
}

/** The report of one moment. What is not known is left out. */
export function reportOf(phase: ReportPayload["phase"], parts: QualityParts): ReportPayload {
  const { transports, sums, knows } = parts;
  const stages = parts.stages ? stagesOf(parts.stages) : {};
  const relaysFailed = failedRelays(parts);
  return {
    phase,
    ...(Object.keys(stages).length > 0 ? { stages } : {}),
    ...(transports.length > 0 ? { transports: transports.map(transportOf) } : {}),
    ...(relaysFailed.length > 0 ? { relaysFailed } : {}),
    ...(knows.send ? { sent: sentOf(sums, readingOf("send", transports)) } : {}),
    ...(knows.recv ? { received: receivedOf(sums, readingOf("recv", transports)) } : {}),
  };
}

/** How a relay is reached, by its address; null where it is none. */
export function relayProtocolOf(url: string): RelayProtocol | null {
  if (/^turns:/i.test(url)) return "tls";
  if (!/^turn:/i.test(url)) return null;
  return /[?&]transport=tcp\b/i.test(url) ? "tcp" : "udp";
}

function stagesOf(times: StageTimes): NonNullable<ReportPayload["stages"]> {
  const { click } = times;
  const stages: NonNullable<ReportPayload["stages"]> = {};
  if (click === undefined) return stages;
  for (const stage of STAGES) {
    const at = times[stage];
    if (stage === "click" || at === undefined) continue;
    // What was prepared before the click took no time after it.
    const ms = Math.max(0, Math.round(at - click));
    if (ms <= LONGEST_STAGE_MS) stages[stage] = ms;
  }
  return stages;
}

function transportOf({ direction, state, reading }: TransportState): TransportReport {
  if (!reading) return { direction, state: iceStateOf(state, null) };
  const { pair, checksSent, checksAnswered, roundTripMs } = reading;
  return {
    direction,
    state: iceStateOf(state, reading.state),
    checksSent,
    checksAnswered,
    ...(pair ? { pair } : {}),
    ...(roundTripMs === null ? {} : { roundTripMs }),
  };
}

/**
 * ICE's own state was read a moment ago; the connection's is of now, but that of ICE and DTLS
 * together.
 */
function iceStateOf(now: RTCPeerConnectionState, read: IceState | null): IceState {
  switch (now) {
    case "new":
    case "connecting":
      return read ?? (now === "new" ? "new" : "checking");
    case "connected":
      return read === "completed" ? read : "connected";
    default:
      return now;
  }
}

/** A relay is tried from every network: one that has answered on one of them has not failed. */
function failedRelays({ relaysFailed, transports }: QualityParts): RelayProtocol[] {
  const isThere = (protocol: RelayProtocol) =>
    transports.some(({ reading }) => reading?.relays.has(protocol));
  return [...relaysFailed].filter((protocol) => !isThere(protocol));
}

function readingOf(direction: Direction, transports: readonly TransportState[]) {
  return transports.find((transport) => transport.direction === direction)?.reading ?? null;
}

function sentOf(sums: Counters, reading: TransportReading | null): SentReport {
  const roundTripMs = reading?.sentRoundTripMs ?? null;
  return {
    packets: sums.sentPackets,
    bytes: sums.sentBytes,
    lost: sums.sentLost,
    ...(roundTripMs === null ? {} : { roundTripMs }),
  };
}

function receivedOf(sums: Counters, reading: TransportReading | null): ReceivedReport {
  const jitterMs = reading?.jitterMs ?? null;
  return {
    packets: sums.receivedPackets,
    bytes: sums.receivedBytes,
    lost: sums.receivedLost,
    freezes: sums.freezes,
    freezeMs: sums.freezeMs,
    concealedMs: sums.concealedMs,
    frames: sums.frames,
    ...(jitterMs === null ? {} : { jitterMs }),
  };
}
