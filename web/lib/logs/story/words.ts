import type { Finding, LeftOut, Severity, Stage, StoryTransport } from "./types";

const CAUSES: Readonly<Record<string, string>> = {
  announced_address: "Wrong announced address",
  nothing_arrives: "Nothing arrives",
  udp_blocked: "UDP is blocked",
  token_expired: "Token expired",
  token_refused: "Token refused",
  producer_muted: "Muted",
  media_lost: "Media service lost",
  bus_lost: "Bus lost",
  store_lost: "Store lost",
  join_failed: "Join failed",
  loss: "Packets lost",
  round_trip: "Long round trip",
  freezes: "Picture freezes",
  connection_lost: "Connection lost",
  client_failed: "Error in the page",
};

/** What stands above a finding's sentence. A cause that is not known here speaks for itself. */
export function causeWords({ cause }: Finding): string {
  return CAUSES[cause] ?? cause.replace(/_/g, " ");
}

const SEVERITY_WORDS: Readonly<Record<Severity, string>> = {
  error: "Error",
  warning: "Warning",
  note: "Note",
};

export function severityWord(severity: Severity): string {
  return SEVERITY_WORDS[severity];
}

const RANKS: readonly Severity[] = ["error", "warning", "note"];

/** The worst first; among equals in the server's order. */
export function ranked(findings: readonly Finding[]): Finding[] {
  return [...findings].sort((a, b) => RANKS.indexOf(a.severity) - RANKS.indexOf(b.severity));
}

const DIRECTIONS: Readonly<Record<string, string>> = {
  send: "Sends",
  recv: "Receives",
  both: "Sends and receives",
};

/** From the participant's side. */
export function directionWords(direction: string): string {
  return DIRECTIONS[direction] ?? "Transport";
}

/** Whether anything ever came over it; the line that says so may be forgotten. */
export function hasConnected({ connected, figures }: StoryTransport): boolean {
  return connected !== null || (figures.bytes_received ?? 0) > 0;
}

/** Which way its packets take: "UDP, direct", "relay over TLS". */
export function wayOf(transport: StoryTransport): string {
  const { protocol, localType, relayProtocol } = transport;
  if (!hasConnected(transport)) return "not connected";
  if (localType === "relay") {
    return relayProtocol ? `relay over ${relayProtocol.toUpperCase()}` : "relay";
  }
  return protocol ? `${protocol.toUpperCase()}, direct` : "path unknown";
}

export interface BarPart {
  name: string;
  ms: number;
}

const OF_CLIENT = "client-";
/** The others happen beside or after these. */
const SERVER_STEPS = ["reach", "token", "home", "transports", "consumers"];

/**
 * What a join took, one part after the other: in the browser since the click, where it has told;
 * otherwise at the server.
 */
export function barOf(stages: readonly Stage[]): { total: number; parts: readonly BarPart[] } {
  const told = stages
    .filter(({ name }) => name.startsWith(OF_CLIENT))
    .map(({ name, ms }) => ({ name: name.slice(OF_CLIENT.length), ms }))
    .sort((a, b) => a.ms - b.ms);
  if (told.length > 0) {
    const parts = told.map(({ name, ms }, index) => ({
      name,
      ms: ms - (told[index - 1]?.ms ?? 0),
    }));
    return { total: told.at(-1)?.ms ?? 0, parts };
  }
  const parts = stages.filter(({ name }) => SERVER_STEPS.includes(name));
  const sum = parts.reduce((total, { ms }) => total + ms, 0);
  return { total: stages.find(({ name }) => name === "all")?.ms ?? sum, parts };
}

export function stageName(name: string): string {
  return name.startsWith(OF_CLIENT) ? `${name.slice(OF_CLIENT.length)} (browser)` : name;
}

/** More is no length of a call. */
const MOST_HOURS = 1000;

/** "0.4 ms", "812 ms", "2.4 s", "3 min 20 s", "1 h 5 min". */
export function durationWords(ms: number): string {
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  const minutes = Math.round(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return hours < MOST_HOURS ? `${hours} h ${minutes % 60} min` : `over ${MOST_HOURS} h`;
}

const UNITS = ["kB", "MB", "GB", "TB"];

/** "812 B", "1.2 MB". */
export function sizeWords(octets: number): string {
  if (octets < 1000) return `${octets} B`;
  let value = octets / 1000;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  if (value >= 1000) return `over 999 ${UNITS[unit]}`;
  return `${value.toFixed(value < 10 ? 1 : 0)} ${UNITS[unit]}`;
}

/** "1.3 %"; nothing where nothing was sent. */
export function shareWords(part: number, whole: number): string {
  if (whole <= 0) return "";
  const percent = (part / whole) * 100;
  return `${percent > 0 && percent < 0.1 ? "< 0.1" : percent.toFixed(percent < 10 ? 1 : 0)} %`;
}

export function countWords(count: number, noun: string): string {
  return `${count.toLocaleString("en")} ${noun}${count === 1 ? "" : "s"}`;
}

/** "" where nothing is. */
export function leftOutWords({ findings, participants, failures, lines }: LeftOut): string {
  const counts: [number, string][] = [
    [findings, "finding"],
    [participants, "participant"],
    [failures, "error"],
    [lines, "line"],
  ];
  const parts = counts.filter(([count]) => count > 0).map(([n, noun]) => countWords(n, noun));
  return parts.length === 0 ? "" : `This call is not shown in full: ${parts.join(", ")} left out.`;
}

/** An id in a row: its beginning is enough to tell it from others. */
export function shortId(id: string): string {
  return id.length <= 10 ? id : id.slice(0, 8);
}
