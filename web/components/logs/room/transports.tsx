import { Plug, Unplug } from "lucide-react";
import { brief } from "@/lib/logs/clean";
import type { StoryTransport } from "@/lib/logs/story/types";
import {
  directionWords,
  durationWords,
  hasConnected,
  shareWords,
  sizeWords,
  wayOf,
} from "@/lib/logs/story/words";
import { secondOf } from "@/lib/logs/times";
import { Icon } from "../../ui/icon";
import { Facts } from "./facts";

export function Transports({ transports }: { transports: readonly StoryTransport[] }) {
  return (
    <ul className="flex flex-col gap-4">
      {transports.map((transport) => (
        <TransportItem key={transport.id} transport={transport} />
      ))}
    </ul>
  );
}

function TransportItem({ transport }: { transport: StoryTransport }) {
  const { direction, closed, reason } = transport;
  const isUp = hasConnected(transport);
  return (
    <li className="flex flex-col gap-2">
      <p className="flex flex-wrap items-center gap-x-2 text-14">
        <Icon
          icon={isUp ? Plug : Unplug}
          className={`-my-1 scale-75 ${isUp ? "text-secondary" : "text-warning"}`}
        />
        <span className="font-medium">
          {directionWords(direction)}: {wayOf(transport)}
        </span>
        {closed !== null && (
          <span className="text-secondary">
            closed {secondOf(closed)}
            {reason && ` (${brief(reason, 40)})`}
          </span>
        )}
      </p>
      <Facts facts={factsOf(transport)} />
    </li>
  );
}

type Fact = readonly [string, string];

function factsOf(transport: StoryTransport): Fact[] {
  const { made, connected, media, local, remote, at, figures } = transport;
  const facts: Fact[] = [];
  const add = (name: string, value: string) => {
    if (value !== "") facts.push([name, value]);
  };
  if (made !== null && connected !== null) {
    add("Connected after", durationWords((connected - made) / 1000));
  }
  add("Server’s address", brief(local, 80));
  add("Their address", brief(remote, 80));
  add("Media instance", brief(media, 60));
  facts.push(...trafficOf(transport));
  if (at !== null && Object.keys(figures).length > 0) add("As of", secondOf(at));
  return facts;
}

/** As the server sees it: received is what the participant has sent. */
function trafficOf({ figures }: StoryTransport): Fact[] {
  const facts: Fact[] = [];
  const of = (name: string) => figures[name] ?? 0;
  const has = (name: string) => figures[name] !== undefined;
  if (has("checks")) facts.push(["Checks received", of("checks").toLocaleString("en")]);
  if (has("packets_received") || has("bytes_received")) {
    facts.push(["Received from them", packets(of("packets_received"), of("bytes_received"))]);
  }
  if (has("lost_received")) {
    facts.push(["Lost on the way here", lost(of("lost_received"), of("packets_received"))]);
  }
  if (has("packets_sent") || has("bytes_sent")) {
    facts.push(["Sent to them", packets(of("packets_sent"), of("bytes_sent"))]);
  }
  if (has("lost_sent"))
    facts.push(["Lost on the way there", lost(of("lost_sent"), of("packets_sent"))]);
  if (has("round_trip_ms")) facts.push(["Round trip", durationWords(of("round_trip_ms"))]);
  if (has("jitter_ms")) facts.push(["Jitter", durationWords(of("jitter_ms"))]);
  if (of("dropped") > 0) facts.push(["Dropped", of("dropped").toLocaleString("en")]);
  return facts;
}

function packets(count: number, octets: number): string {
  return `${count.toLocaleString("en")} packets, ${sizeWords(octets)}`;
}

function lost(count: number, arrived: number): string {
  const share = shareWords(count, arrived + count);
  return count === 0 || share === "" ? String(count) : `${count.toLocaleString("en")} (${share})`;
}
