import Head from "next/head";
import { useEffect, useState } from "react";
import { Call } from "@/components/call/call";
import { Ended } from "@/components/ended/ended";
import { useSelected } from "@/components/hooks/use_store";
import { Preview } from "@/components/preview/preview";
import { Returning } from "@/components/room/returning";
import {
  type RoomSession,
  RoomSessionProvider,
  useNewRoomSession,
} from "@/components/room/session";
import { BadLink, RoomShell } from "@/components/room/shell";
import { ShownProvider } from "@/components/room/shown";
import { roomFromPath, roomLabel } from "@/lib/rooms/names";

const DRAW_AHEAD_AFTER_MS = 800;

/** `/r/<room>`: preview, call and what comes after, in one page without navigation. */
export default function RoomPage() {
  const [room, setRoom] = useState<string | null | undefined>(undefined);
  useEffect(() => setRoom(roomFromPath(window.location.pathname)), []);
  if (room === undefined) return <RoomShell />;
  return room === null ? <BadLink /> : <Room room={room} />;
}

function Room({ room }: { room: string }) {
  const session = useNewRoomSession(room);
  return (
    <>
      <Head>
        <title>{`${roomLabel(room)} · confab`}</title>
      </Head>
      {session ? (
        <RoomSessionProvider value={session}>
          <RoomPhase session={session} />
        </RoomSessionProvider>
      ) : (
        <RoomShell />
      )}
    </>
  );
}

function RoomPhase({ session }: { session: RoomSession }) {
  const phase = useSelected(session.client, (state) => state.phase);
  const drawnAhead = useDrawnAhead(phase === "preview");
  if (phase === "ended") return <Ended />;
  if (phase === "joining" && session.returning) return <Returning />;
  const joined = phase === "joined";
  return (
    <>
      {(joined || drawnAhead) && (
        <ShownProvider value={joined}>
          <Call />
        </ShownProvider>
      )}
      {!joined && <Preview />}
    </>
  );
}

/** When the preview has come to rest, the call is drawn behind it: joining only has to show it. */
function useDrawnAhead(inPreview: boolean): boolean {
  const [drawn, setDrawn] = useState(false);
  useEffect(() => {
    if (!inPreview) return;
    const timer = setTimeout(() => setDrawn(true), DRAW_AHEAD_AFTER_MS);
    return () => clearTimeout(timer);
  }, [inPreview]);
  return drawn;
}
