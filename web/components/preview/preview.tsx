import Link from "next/link";
import { type FormEvent, useEffect, useState } from "react";
import { readPreferences, rememberRoom, writePreferences } from "@/lib/media/preferences";
import { roomLabel } from "@/lib/rooms/names";
import { useStore } from "../hooks/use_store";
import { DevicePickers } from "../room/device_pickers";
import { ServerLine } from "../room/server_line";
import { useRoomSession } from "../room/session";
import { Backdrop } from "../ui/backdrop";
import { BrandMark } from "../ui/brand";
import { Button } from "../ui/button";
import { CameraCard } from "./camera_card";
import { LobbyLine } from "./lobby_line";

/** Before the call: how one looks and sounds, who is there, and one button. */
export function Preview() {
  const { client, room, selfView } = useRoomSession();
  const state = useStore(client);
  const [name, setName] = useState("");
  useEffect(() => setName(readPreferences().name), []);
  const joining = state.phase === "joining";
  const full = state.lobby?.full ?? false;

  const join = (event: FormEvent) => {
    event.preventDefault();
    const clean = name.trim();
    selfView.rememberPlace();
    client.join(clean);
    writePreferences({ name: clean });
    rememberRoom(room);
  };

  return (
    <div className="relative z-10 flex min-h-dvh flex-col overflow-x-hidden bg-background">
      <Backdrop />
      <header className="relative z-10 flex h-16 shrink-0 items-center px-4 sm:px-8">
        <Link href="/" className="flex items-center gap-3 rounded-control text-16 font-semibold">
          <BrandMark className="h-6 w-9" />
          confab
        </Link>
      </header>
      <main className="relative z-10 mx-auto grid w-full max-w-[1184px] flex-1 content-start gap-x-12 gap-y-6 px-4 pb-8 sm:px-8 lg:grid-cols-[minmax(0,1fr)_336px] lg:content-center lg:pb-16">
        <CameraCard name={name} className="animate-rise" />
        <form
          onSubmit={join}
          onKeyDown={() => client.intendJoin()}
          className="animate-rise flex flex-col justify-center gap-4 [animation-delay:40ms] lg:row-span-2"
        >
          <div className="flex flex-col gap-1 pb-1">
            <h1 className="text-28 font-semibold tracking-[-0.02em] text-balance">
              {roomLabel(room)}
            </h1>
            <LobbyLine lobby={state.lobby} />
          </div>
          <label className="flex flex-col gap-2">
            <span className="text-14 text-secondary">Your name</span>
            <input
              className="field"
              name="name"
              dir="auto"
              autoComplete="name"
              autoCapitalize="words"
              enterKeyHint="go"
              maxLength={state.limits.nameLength}
              placeholder="How others will see you"
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          </label>
          <Button
            type="submit"
            tone="primary"
            busy={joining}
            disabled={full}
            className="w-full"
            onPointerMove={() => client.intendJoin()}
            onPointerDown={() => client.intendJoin()}
            data-testid="join"
          >
            {joining ? "Joining…" : full ? "Room is full" : "Join"}
          </Button>
          {full && !joining && (
            <p role="status" className="text-14 text-secondary">
              You can join as soon as someone leaves.
            </p>
          )}
          <ServerLine connection={state.connection} onRetry={() => client.retryNow()} />
        </form>
        <DevicePickers className="animate-rise grid gap-3 [animation-delay:80ms] sm:grid-cols-[repeat(auto-fit,minmax(0,1fr))] sm:grid-flow-col" />
      </main>
    </div>
  );
}
