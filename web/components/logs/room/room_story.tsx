import { useState } from "react";
import { anchorOf } from "@/lib/logs/story/addresses";
import type { StoryClient } from "@/lib/logs/story/story_client";
import type { Story } from "@/lib/logs/story/types";
import { useStore } from "../../hooks/use_store";
import { Backdrop } from "../../ui/backdrop";
import { Connecting } from "../states";
import { NeedsToken, RefusedToken } from "../token_states";
import { Failures } from "./failures";
import { Findings } from "./findings";
import { useNewStory } from "./open_story";
import { Participants } from "./participants";
import { RoomBar } from "./room_bar";
import { Away, LoadingStory, Missing } from "./room_states";
import { StoryHead } from "./story_head";

/** One call, explained: what went wrong first, then who was there and how it went for them. */
export function RoomStory() {
  const client = useNewStory();
  return (
    <div className="relative h-dvh overflow-hidden">
      <Backdrop />
      {client ? <Open client={client} /> : <Connecting />}
    </div>
  );
}

function Open({ client }: { client: StoryClient }) {
  const { phase, room, refusal } = useStore(client);
  const onToken = (token: string) => client.enter(token);
  if (phase === "no-token") return <NeedsToken onToken={onToken} />;
  if (phase === "refused") return <RefusedToken refusal={refusal} onToken={onToken} />;
  return (
    <main className="relative flex h-full flex-col gap-2 p-2 sm:gap-3 sm:p-3">
      <RoomBar key={room} room={room} />
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain rounded-tile">
        <div className="mx-auto flex min-h-full w-full max-w-[1080px] flex-col gap-3 pb-6">
          <Content client={client} />
        </div>
      </div>
    </main>
  );
}

function Content({ client }: { client: StoryClient }) {
  const { phase, story } = useStore(client);
  if (phase === "missing") return <Missing client={client} />;
  if (!story) return phase === "away" ? <Away client={client} /> : <LoadingStory />;
  return (
    <>
      <StoryHead client={client} story={story} />
      <Parts key={`${story.room} ${story.span.from}`} story={story} />
    </>
  );
}

/** What is opened stays so while the call goes on. */
function Parts({ story }: { story: Story }) {
  const [opened, setOpened] = useState<ReadonlySet<string>>(new Set());
  const toggle = (id: string) => {
    const next = new Set(opened);
    if (!next.delete(id)) next.add(id);
    setOpened(next);
  };
  const show = (id: string) => {
    setOpened(new Set([...opened, id]));
    // When it is drawn.
    requestAnimationFrame(() => {
      const element = document.getElementById(anchorOf(id));
      element?.scrollIntoView({ block: "start" });
      element?.querySelector("button")?.focus({ preventScroll: true });
    });
  };
  return (
    <>
      <Findings story={story} onParticipant={show} />
      <Participants participants={story.participants} opened={opened} onToggle={toggle} />
      <Failures failures={story.failures} onParticipant={show} />
    </>
  );
}
