import { ChevronDown, Radio, TriangleAlert } from "lucide-react";
import { brief } from "@/lib/logs/clean";
import type { StoryClient } from "@/lib/logs/story/story_client";
import type { Call, Story } from "@/lib/logs/story/types";
import { countWords, durationWords, leftOutWords } from "@/lib/logs/story/words";
import { dayOf, secondOf, utcOf } from "@/lib/logs/times";
import { useStore } from "../../hooks/use_store";
import { Icon } from "../../ui/icon";
import { showCall } from "./open_story";
import { ShortId } from "./short_id";

interface StoryHeadProps {
  client: StoryClient;
  story: Story;
}

/** Which call this is, and which others there are. */
export function StoryHead({ client, story }: StoryHeadProps) {
  const { phase } = useStore(client);
  const leftOut = leftOutWords(story.leftOut);
  return (
    <section className="glass-2 flex shrink-0 flex-col gap-3 rounded-tile p-4 sm:px-6 sm:py-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <h1 className="min-w-0 truncate text-20 font-semibold">{brief(story.room, 80)}</h1>
        <Liveness story={story} />
        <CallChoice client={client} story={story} />
      </div>
      <p className="text-14 text-secondary">{factsOf(story).join(" · ")}</p>
      {story.media.length > 0 && (
        <p className="flex flex-wrap items-center gap-x-3 text-14 text-secondary">
          Media at
          {story.media.map(({ instance, from }) => (
            <ShortId key={`${instance} ${from}`} what="media instance" id={instance} />
          ))}
        </p>
      )}
      {!story.complete && (
        <Note>
          The oldest lines of this call are no longer kept, so its beginning may be missing.
        </Note>
      )}
      {leftOut !== "" && <Note>{leftOut}</Note>}
      {phase === "away" && (
        <Note>
          The log server is not responding. This is what it last said. Retrying until it is back.
        </Note>
      )}
    </section>
  );
}

function Note({ children }: { children: string }) {
  return (
    <p role="status" className="flex items-start gap-2 text-14 text-warning">
      <Icon icon={TriangleAlert} className="-mt-px scale-75" />
      <span className="min-w-0">{children}</span>
    </p>
  );
}

function Liveness({ story }: { story: Story }) {
  if (!story.live) {
    return <span className="rounded-full bg-hover px-3 py-1 text-12 text-secondary">Ended</span>;
  }
  return (
    <span className="inline-flex items-center gap-1 rounded-full bg-good/15 py-1 pr-3 pl-2 text-12 text-good">
      <Icon icon={Radio} className="-my-1 scale-60" />
      Live
    </span>
  );
}

function factsOf({ span: { from, to }, participants }: Story): string[] {
  const facts: string[] = [];
  if (from !== null) {
    const end = to === null ? "now" : secondOf(to);
    facts.push(`${dayOf(from)} ${secondOf(from)} to ${end} UTC`);
  }
  if (from !== null && to !== null) facts.push(durationWords((to - from) / 1000));
  facts.push(countWords(participants.length, "participant"));
  return facts;
}

/** All calls of the room that are kept. */
function CallChoice({ client, story }: StoryHeadProps) {
  if (story.calls.length < 2) return null;
  const shown = story.calls.find(({ from }) => from === story.span.from);
  return (
    <label className="relative ml-auto max-w-full min-w-0 max-sm:w-full">
      <span className="sr-only">Call in this room</span>
      <select
        value={shown ? String(shown.from) : ""}
        onChange={(event) => showCall(client, atOf(story.calls, event.target.value))}
        className="field field-compact appearance-none truncate pr-9 [&>option]:bg-raised"
      >
        {!shown && <option value="">This call</option>}
        {story.calls.map((call) => (
          <option key={String(call.from)} value={String(call.from)}>
            {callWords(call)}
          </option>
        ))}
      </select>
      <Icon
        icon={ChevronDown}
        className="pointer-events-none absolute top-2 right-2 scale-75 text-faint"
      />
    </label>
  );
}

function callWords({ from, to, participants }: Call): string {
  const begin = from === null ? "?" : `${dayOf(from)} ${secondOf(from)}`;
  const end = to === null ? "now" : secondOf(to);
  return `${begin} to ${end}, ${countWords(participants, "participant")}`;
}

/** The newest one is followed by no time: it may be going on. */
function atOf(calls: readonly Call[], value: string): string {
  const index = calls.findIndex(({ from }) => String(from) === value);
  const from = calls[index]?.from ?? null;
  return index <= 0 || from === null ? "" : utcOf(from);
}
