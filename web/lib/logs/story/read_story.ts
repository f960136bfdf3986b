import { asSentence } from "../../sentence";
import type { Refusal } from "../types";
import type {
  Call,
  ClientReport,
  Connection,
  Figures,
  Finding,
  LeftOut,
  MediaSpan,
  Muting,
  Severity,
  Stage,
  Story,
  StoryFailure,
  StoryParticipant,
  StoryProducer,
  StoryTransport,
} from "./types";

export type Answer =
  | { kind: "story"; story: Story }
  | { kind: "refusal"; refusal: Refusal }
  /** Nothing that can be understood. */
  | { kind: "nothing" };

type Loose = Readonly<Record<string, unknown>>;

const NOTHING: Answer = { kind: "nothing" };
/** More of one list are left out: the page has to stay usable. */
export const MOST_OF_A_KIND = 1000;
const SEVERITIES: readonly Severity[] = ["error", "warning", "note"];

/** Whatever the server says: what is missing or has another form is as if it were not known. */
export function readStory(text: string): Answer {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return NOTHING;
  }
  if (!isObject(value)) return NOTHING;
  if (isObject(value.error)) return { kind: "refusal", refusal: refusalOf(value.error) };
  if (typeof value.room !== "string") return NOTHING;
  return { kind: "story", story: storyOf(value) };
}

/** "2026-11-29T06:44:13.123456Z" in microseconds; null for what is no time. */
export function usOfUtc(value: unknown): number | null {
  if (typeof value !== "string") return null;
  const match = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?Z$/.exec(value);
  const ms = Date.parse(`${match?.[1] ?? ""}Z`);
  return Number.isFinite(ms) ? ms * 1000 + Number((match?.[2] ?? "0").padEnd(6, "0")) : null;
}

function storyOf(value: Loose): Story {
  return {
    room: textOf(value.room),
    live: value.live === true,
    span: spanOf(value),
    complete: value.complete !== false,
    calls: listOf(
      value.calls,
      (call): Call => ({
        ...spanOf(call),
        participants: numberOf(call.participants),
      }),
    ),
    media: listOf(
      value.media,
      (each): MediaSpan => ({
        ...spanOf(each),
        instance: textOf(each.instance),
      }),
    ),
    participants: listOf(value.participants, participantOf),
    failures: listOf(value.failures, failureOf),
    findings: listOf(value.findings, findingOf),
    leftOut: leftOutOf(value),
  };
}

function leftOutOf(value: Loose): LeftOut {
  const told = isObject(value.left_out) ? value.left_out : {};
  const beyond = (name: string) => {
    const list = value[name];
    return Array.isArray(list) ? Math.max(0, list.length - MOST_OF_A_KIND) : 0;
  };
  return {
    lines: numberOf(told.lines),
    participants: numberOf(told.participants) + beyond("participants"),
    failures: numberOf(told.failures) + beyond("failures"),
    findings: numberOf(told.findings) + beyond("findings"),
  };
}

function participantOf(value: Loose): StoryParticipant {
  return {
    id: textOf(value.id),
    joined: usOfUtc(value.joined),
    left: usOfUtc(value.left),
    reason: textOf(value.reason),
    sessions: textsOf(value.sessions),
    traces: textsOf(value.traces),
    stages: listOf(
      value.stages,
      (stage): Stage => ({
        name: textOf(stage.name),
        ms: numberOf(stage.ms),
      }),
    ),
    connections: listOf(
      value.connections,
      (each): Connection => ({
        at: usOfUtc(each.at),
        what: textOf(each.what),
        from: textOf(each.from),
      }),
    ),
    transports: listOf(value.transports, transportOf),
    producers: listOf(value.producers, producerOf),
    client: isObject(value.client) ? clientOf(value.client) : null,
  };
}

function transportOf(value: Loose): StoryTransport {
  return {
    id: textOf(value.id),
    direction: textOf(value.direction),
    media: textOf(value.media),
    made: usOfUtc(value.made),
    connected: usOfUtc(value.connected),
    closed: usOfUtc(value.closed),
    reason: textOf(value.reason),
    protocol: textOf(value.protocol),
    local: textOf(value.local),
    remote: textOf(value.remote),
    localType: textOf(value.local_type),
    relayProtocol: textOf(value.relay_protocol),
    figures: figuresOf(value.figures),
    at: usOfUtc(value.at),
  };
}

function producerOf(value: Loose): StoryProducer {
  return {
    id: textOf(value.id),
    source: textOf(value.source),
    added: usOfUtc(value.added),
    closed: usOfUtc(value.closed),
    paused: value.paused === true,
    muted: listOf(value.muted, (each): Muting => ({ ...spanOf(each), by: textOf(each.by) })),
  };
}

function clientOf(value: Loose): ClientReport {
  const words: Record<string, string> = {};
  for (const [name, word] of Object.entries(value)) {
    if (typeof word === "string") words[name] = word;
  }
  return { at: usOfUtc(value.at), figures: figuresOf(value), words };
}

function failureOf(value: Loose): StoryFailure {
  return {
    at: usOfUtc(value.at),
    event: textOf(value.event),
    service: textOf(value.service),
    participant: textOf(value.participant),
    code: textOf(value.code),
    message: textOf(value.message),
    errorId: textOf(value.error_id),
    trace: textOf(value.trace),
    line: textOf(value.line),
  };
}

function findingOf(value: Loose): Finding {
  return {
    cause: textOf(value.cause),
    severity: SEVERITIES.find((each) => each === value.severity) ?? "warning",
    participant: textOf(value.participant),
    instance: textOf(value.instance),
    from: usOfUtc(value.from),
    to: usOfUtc(value.to),
    sentence: textOf(value.sentence),
    advice: textOf(value.advice),
    lines: textsOf(value.lines),
  };
}

function refusalOf(error: Loose): Refusal {
  return {
    code: textOf(error.code),
    message: asSentence(textOf(error.message)) || "The server refused without giving a reason.",
    id: textOf(error.id),
  };
}

function spanOf(value: Loose) {
  return { from: usOfUtc(value.from), to: usOfUtc(value.to) };
}

function figuresOf(value: unknown): Figures {
  const figures: Record<string, number> = {};
  for (const [name, number] of Object.entries(isObject(value) ? value : {})) {
    if (typeof number === "number" && Number.isFinite(number)) figures[name] = number;
  }
  return figures;
}

function listOf<T>(value: unknown, read: (each: Loose) => T): T[] {
  return Array.isArray(value) ? value.filter(isObject).slice(0, MOST_OF_A_KIND).map(read) : [];
}

function textsOf(value: unknown): string[] {
  if (!Array.isArray(value)) return [];
  return value.filter((each) => typeof each === "string" && each !== "").slice(0, MOST_OF_A_KIND);
}

function isObject(value: unknown): value is Loose {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? Math.max(0, value) : 0;
}
