import type { ReactNode } from "react";
import { brief } from "@/lib/logs/clean";
import { traceAddress } from "@/lib/logs/story/addresses";
import type { Connection, StoryParticipant, StoryProducer } from "@/lib/logs/story/types";
import { durationWords, shortId, stageName } from "@/lib/logs/story/words";
import { secondOf } from "@/lib/logs/times";
import { ClientSays } from "./client_says";
import { Facts } from "./facts";
import { TextLink } from "./section";
import { ShortId } from "./short_id";
import { Transports } from "./transports";

/** All that is known of one participant. */
export function ParticipantDetails({ participant }: { participant: StoryParticipant }) {
  const { stages, connections, transports, producers, client } = participant;
  return (
    <div className="animate-fade flex flex-col gap-5 bg-well/40 px-4 pt-3 pb-5 sm:pr-6 sm:pl-15">
      <Ids participant={participant} />
      <Part title="How long joining took" show={stages.length > 0}>
        <Facts facts={stages.map(({ name, ms }) => [stageName(name), durationWords(ms)])} />
      </Part>
      <Part title="Connection" show={connections.length > 0}>
        <Connections connections={connections} />
      </Part>
      <Part title="Transports" show={transports.length > 0}>
        <Transports transports={transports} />
      </Part>
      <Part title="Microphone and camera" show={producers.length > 0}>
        <ul className="flex flex-col gap-1">
          {producers.map((producer) => (
            <Producer key={producer.id} producer={producer} />
          ))}
        </ul>
      </Part>
      <Part title="What the browser says" show={client !== null}>
        {client && <ClientSays client={client} />}
      </Part>
    </div>
  );
}

function Part({ title, show, children }: { title: string; show: boolean; children: ReactNode }) {
  if (!show) return null;
  return (
    <div className="flex flex-col gap-2">
      <h3 className="text-12 font-semibold text-faint">{title}</h3>
      {children}
    </div>
  );
}

const MOST_TRACES = 5;

function Ids({ participant: { id, sessions, traces } }: { participant: StoryParticipant }) {
  return (
    <div className="flex flex-wrap items-center gap-x-5 gap-y-1 text-12 text-secondary">
      <span className="inline-flex items-center gap-2">
        Participant <ShortId what="participant" id={id} />
      </span>
      {sessions.slice(0, MOST_TRACES).map((session) => (
        <span key={session} className="inline-flex items-center gap-2">
          Session <ShortId what="session" id={session} />
        </span>
      ))}
      {traces.slice(0, MOST_TRACES).map((trace) => (
        <TextLink key={trace} href={traceAddress(trace)}>
          {`Trace ${brief(shortId(trace), 20)}`}
        </TextLink>
      ))}
    </div>
  );
}

function Connections({ connections }: { connections: readonly Connection[] }) {
  return (
    <ol className="flex flex-col gap-1 text-14">
      {connections.map(({ at, what, from }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the list only grows at its end
        <li key={index} className="flex flex-wrap gap-x-3">
          <span className="mono text-12 leading-5 text-secondary">
            {at === null ? "–" : secondOf(at)}
          </span>
          <span>{brief(what, 40)}</span>
          {from !== "" && <span className="text-secondary">from {brief(from, 60)}</span>}
        </li>
      ))}
    </ol>
  );
}

function Producer({ producer }: { producer: StoryProducer }) {
  const { source, added, closed, paused, muted } = producer;
  const span = [
    added === null ? "" : `from ${secondOf(added)}`,
    closed === null ? "" : `to ${secondOf(closed)}`,
  ];
  return (
    <li className="text-14">
      {brief(source || "Unknown source", 40)}{" "}
      <span className="text-secondary">{span.filter(Boolean).join(" ")}</span>
      {paused && <span className="text-warning"> · muted now</span>}
      {muted.length > 0 && (
        <ul className="flex flex-col pl-4 text-secondary">
          {muted.map(({ from, to, by }) => (
            <li key={String(from)}>
              muted {from === null ? "" : secondOf(from)} to {to === null ? "now" : secondOf(to)}
              {by === "moderator" && ", by a moderator"}
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}
