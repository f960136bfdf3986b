import { FolderSearch, SearchX } from "lucide-react";
import { brief } from "@/lib/logs/clean";
import { wordsAddress } from "@/lib/logs/story/addresses";
import type { StoryClient } from "@/lib/logs/story/story_client";
import { useStore } from "../../hooks/use_store";
import { Button } from "../../ui/button";
import { Message, Words } from "../message";

/** No line of this room is kept; what was typed may be something else. */
export function Missing({ client }: { client: StoryClient }) {
  const { room, at, refusal } = useStore(client);
  return (
    <div className="flex flex-1">
      <Message icon={SearchX} title="No calls are kept for this room" level="h1">
        <p className="mono text-14 break-words text-text">{brief(room, 80)}</p>
        <Words refusal={refusal} />
        <p>The name may be mistyped, or its lines are no longer kept.</p>
        <div className="flex flex-col justify-center gap-3 sm:flex-row">
          <LinkButton href={wordsAddress(room)}>Search all lines for it</LinkButton>
          {at !== "" && <Button onClick={() => client.show("")}>Show the newest call</Button>}
        </div>
      </Message>
    </div>
  );
}

export function Away({ client }: { client: StoryClient }) {
  const { refusal } = useStore(client);
  return (
    <div className="flex flex-1">
      <Message icon={FolderSearch} title="The server is not responding" level="h1">
        {refusal ? (
          <Words refusal={refusal} />
        ) : (
          <p>Nothing answers at this address. Retrying until it is back.</p>
        )}
        <Button className="mx-auto" onClick={() => client.retry()}>
          Try again
        </Button>
      </Message>
    </div>
  );
}

function LinkButton({ href, children }: { href: string; children: string }) {
  return (
    <a
      href={href}
      className="inline-flex h-12 items-center justify-center rounded-control bg-accent px-5 text-16 font-medium text-on-accent transition-colors hover:bg-accent-strong"
    >
      {children}
    </a>
  );
}

const HEIGHTS = ["h-24", "h-32", "h-20", "h-20"];

export function LoadingStory() {
  return (
    <div role="status" className="animate-breathe flex flex-col gap-3">
      <h1 className="sr-only">A call explained</h1>
      <span className="sr-only">Reading the lines of this call…</span>
      {HEIGHTS.map((height, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: nothing moves in this list
        <span key={index} aria-hidden className={`glass-2 block rounded-tile ${height}`} />
      ))}
    </div>
  );
}
