import { useEffect, useState } from "react";
import { browserWorld } from "@/lib/logs/logs_client";
import { roomAddress, roomOfPath } from "@/lib/logs/story/addresses";
import { usOfUtc } from "@/lib/logs/story/read_story";
import { StoryClient } from "@/lib/logs/story/story_client";
import { takeToken } from "@/lib/logs/token";

/** A client for the room and the time of the address; null at first. */
export function useNewStory(): StoryClient | null {
  const [client, setClient] = useState<StoryClient | null>(null);
  useEffect(() => {
    const made = new StoryClient(browserWorld());
    const begin = () => {
      const at = new URLSearchParams(window.location.search).get("at") ?? "";
      made.start(takeToken(), roomOfPath(window.location.pathname), at);
    };
    begin();
    setClient(made);
    // The link opened again in the same tab: only what is behind "#" is new.
    const onHash = () => {
      const token = takeToken();
      if (token !== "") made.enter(token);
    };
    window.addEventListener("popstate", begin);
    window.addEventListener("hashchange", onHash);
    return () => {
      window.removeEventListener("popstate", begin);
      window.removeEventListener("hashchange", onHash);
      made.stop();
    };
  }, []);
  return client;
}

/** Another call of the room, which the address names from then on; "": the newest. */
export function showCall(client: StoryClient, at: string): void {
  const { room } = client.getSnapshot();
  window.history.pushState(null, "", roomAddress(room, usOfUtc(at)));
  client.show(at);
}
