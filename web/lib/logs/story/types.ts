/** The explanation of one call, as the page draws it: whatever the server says, in these forms. */
export interface Story {
  /** As it stands in the lines. */
  room: string;
  live: boolean;
  span: Span;
  /** No line of its beginning is forgotten. */
  complete: boolean;
  /** All calls of this room that are kept, the newest first. */
  calls: readonly Call[];
  media: readonly MediaSpan[];
  participants: readonly StoryParticipant[];
  failures: readonly StoryFailure[];
  findings: readonly Finding[];
  leftOut: LeftOut;
}

/** How many of each the server could not tell, or the page does not draw. */
export interface LeftOut {
  lines: number;
  participants: number;
  failures: number;
  findings: number;
}

/** Microseconds since the Unix epoch; null: not yet, or not known. */
export interface Span {
  from: number | null;
  to: number | null;
}

export interface Call extends Span {
  participants: number;
}

export interface MediaSpan extends Span {
  instance: string;
}

export interface StoryParticipant {
  id: string;
  joined: number | null;
  left: number | null;
  reason: string;
  sessions: readonly string[];
  traces: readonly string[];
  stages: readonly Stage[];
  connections: readonly Connection[];
  transports: readonly StoryTransport[];
  producers: readonly StoryProducer[];
  client: ClientReport | null;
}

export interface Stage {
  name: string;
  ms: number;
}

export interface Connection {
  at: number | null;
  what: string;
  from: string;
}

/** Numbers by the names that the log has for them. */
export type Figures = Readonly<Record<string, number>>;

export interface StoryTransport {
  id: string;
  direction: string;
  media: string;
  made: number | null;
  connected: number | null;
  closed: number | null;
  reason: string;
  protocol: string;
  local: string;
  remote: string;
  localType: string;
  relayProtocol: string;
  figures: Figures;
  /** Of the figures. */
  at: number | null;
}

export interface StoryProducer {
  id: string;
  source: string;
  added: number | null;
  closed: number | null;
  paused: boolean;
  muted: readonly Muting[];
}

export interface Muting extends Span {
  by: string;
}

/** What the participant's own browser has told last. */
export interface ClientReport {
  at: number | null;
  figures: Figures;
  words: Readonly<Record<string, string>>;
}

export interface StoryFailure {
  at: number | null;
  event: string;
  service: string;
  participant: string;
  code: string;
  message: string;
  errorId: string;
  trace: string;
  /** Of its line in the list. */
  line: string;
}

export type Severity = "error" | "warning" | "note";

export interface Finding {
  cause: string;
  severity: Severity;
  participant: string;
  instance: string;
  from: number | null;
  to: number | null;
  sentence: string;
  advice: string;
  lines: readonly string[];
}
