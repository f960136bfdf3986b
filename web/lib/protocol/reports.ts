/** What the page tells of itself, for the server's log (docs/signaling-protocol.md). */

export type IceState =
  | "new"
  | "checking"
  | "connected"
  | "completed"
  | "disconnected"
  | "failed"
  | "closed";

export type CandidateType = "host" | "srflx" | "prflx" | "relay";
export type RelayProtocol = "udp" | "tcp" | "tls";

/** The way that a transport's packets take. */
export interface CandidatePair {
  localType: CandidateType;
  remoteType: CandidateType;
  protocol: "udp" | "tcp";
  /** Between this page and the relay. */
  relayProtocol?: RelayProtocol;
}

/** Numbers in a report are whole and not negative. */
export interface TransportReport {
  direction: "send" | "recv";
  state?: IceState;
  pair?: CandidatePair;
  checksSent?: number;
  checksAnswered?: number;
  roundTripMs?: number;
}

/** Totals since the join. */
export interface SentReport {
  packets: number;
  bytes: number;
  /** As the server has told. */
  lost: number;
  roundTripMs?: number;
}

export interface ReceivedReport {
  packets: number;
  bytes: number;
  lost: number;
  jitterMs?: number;
  freezes: number;
  freezeMs: number;
  concealedMs: number;
  frames: number;
}

/** How the call is for this participant; for the server's log. */
export interface ReportPayload {
  phase: "joined" | "running" | "ended";
  /** Milliseconds since the click. */
  stages?: Partial<Record<"reply" | "ice" | "dtls" | "packet" | "frame", number>>;
  transports?: TransportReport[];
  /** How relays could not be reached. */
  relaysFailed?: RelayProtocol[];
  sent?: SentReport;
  received?: ReceivedReport;
}

/** What the person was shown and the server does not know of. */
export interface FailurePayload {
  id: string;
  code: string;
  message: string;
  agoMs: number;
}
