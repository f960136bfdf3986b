import { brief } from "@/lib/logs/clean";
import type { ClientReport } from "@/lib/logs/story/types";
import { durationWords, shareWords, sizeWords } from "@/lib/logs/story/words";
import { secondOf } from "@/lib/logs/times";
import { Facts } from "./facts";

type Fact = readonly [string, string];

/** The newest report of a participant's own browser. */
export function ClientSays({ client }: { client: ClientReport }) {
  const facts = [
    ...waysOf(client, "send", "Sends"),
    ...waysOf(client, "recv", "Receives"),
    ...trafficOf(client),
  ];
  if (client.at !== null) facts.push(["As of", secondOf(client.at)]);
  return <Facts facts={facts} />;
}

function waysOf({ words, figures }: ClientReport, prefix: string, name: string): Fact[] {
  const facts: Fact[] = [];
  const state = words[`${prefix}_state`];
  const type = words[`${prefix}_local_type`];
  const protocol = words[`${prefix}_protocol`]?.toUpperCase();
  const relay = words[`${prefix}_relay_protocol`]?.toUpperCase();
  const way = type === "relay" ? `relay over ${relay ?? "?"}` : protocol && `${protocol}, direct`;
  if (state || way) facts.push([name, brief([state, way].filter(Boolean).join(", "), 80)]);
  const sent = figures[`${prefix}_checks_sent`];
  const answered = figures[`${prefix}_checks_answered`];
  if (sent !== undefined) {
    facts.push([`${name}: checks`, `${sent} sent, ${answered ?? 0} answered`]);
  }
  const roundTrip = figures[`${prefix}_round_trip_ms`];
  if (roundTrip !== undefined) facts.push([`${name}: round trip`, durationWords(roundTrip)]);
  return facts;
}

function trafficOf({ words, figures }: ClientReport): Fact[] {
  const facts: Fact[] = [];
  const of = (name: string) => figures[name] ?? 0;
  const relays = words.relays_failed;
  if (relays) facts.push(["Unreachable relays", brief(relays.replace(/,/g, ", "), 40)]);
  for (const [prefix, name] of [
    ["sent", "Sent"],
    ["received", "Received"],
  ] as const) {
    const count = figures[`${prefix}_packets`];
    if (count === undefined) continue;
    const octets = sizeWords(of(`${prefix}_bytes`));
    facts.push([name, `${count.toLocaleString("en")} packets, ${octets}`]);
    const lost = of(`${prefix}_lost`);
    const share = lost > 0 ? ` (${shareWords(lost, count + lost)})` : "";
    facts.push([`${name}: lost`, `${lost.toLocaleString("en")}${share}`]);
  }
  const freezes = figures.received_freezes;
  if (freezes !== undefined) {
    const length = freezes > 0 ? `, ${durationWords(of("received_freeze_ms"))} in total` : "";
    facts.push(["Freezes", `${freezes}${length}`]);
  }
  if (of("received_concealed_ms") > 0) {
    facts.push(["Concealed audio", durationWords(of("received_concealed_ms"))]);
  }
  const jitter = figures.received_jitter_ms;
  if (jitter !== undefined) facts.push(["Jitter", durationWords(jitter)]);
  return facts;
}
