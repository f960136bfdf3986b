import { ArrowRight, Plus } from "lucide-react";
import { useRouter } from "next/router";
import { type FormEvent, useEffect, useState } from "react";
import { forgetRoom, readPreferences } from "@/lib/media/preferences";
import { newRoomName, roomFromInput, roomPath } from "@/lib/rooms/names";
import { Backdrop } from "../ui/backdrop";
import { BrandMark } from "../ui/brand";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { RecentRooms } from "./recent_rooms";
import { useServerHealth } from "./use_server_health";

/** The name, one sentence, a field and a button. */
export function Landing() {
  const router = useRouter();
  const [input, setInput] = useState("");
  const [wrong, setWrong] = useState(false);
  const [recent, setRecent] = useState<readonly string[]>([]);
  const healthy = useServerHealth();
  useEffect(() => setRecent(readPreferences().recentRooms), []);
  useEffect(() => void router.prefetch("/r"), [router]);

  const open = (room: string) => void router.push("/r", roomPath(room));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const room = roomFromInput(input);
    if (room) open(room);
    else setWrong(true);
  };
  const forget = (room: string) => {
    forgetRoom(room);
    setRecent(readPreferences().recentRooms);
  };

  return (
    <div className="relative flex min-h-dvh flex-col items-center justify-center overflow-hidden px-4 py-12">
      <Backdrop />
      <main className="relative z-10 flex w-full max-w-[520px] flex-col items-center gap-8">
        <div className="animate-rise flex flex-col items-center gap-4 text-center">
          <BrandMark className="h-12 w-18" />
          <h1 className="text-44 font-semibold tracking-[-0.035em]">confab</h1>
          <p className="text-16 text-secondary sm:text-20">
            Talk face to face, on a server of your own.
          </p>
        </div>
        <form
          onSubmit={submit}
          noValidate
          className="glass-1 animate-rise flex w-full flex-col gap-3 rounded-panel p-3 [animation-delay:60ms] sm:flex-row"
        >
          <div className="relative flex-1">
            <input
              className="field pr-14!"
              aria-label="Room name or link"
              aria-invalid={wrong}
              aria-describedby={wrong ? "room-error" : undefined}
              placeholder="Room name or link"
              name="room"
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
              enterKeyHint="go"
              value={input}
              onChange={(event) => {
                setInput(event.target.value);
                setWrong(false);
              }}
            />
            {input.trim() !== "" && (
              <button
                type="submit"
                aria-label="Enter the room"
                className="animate-fade absolute top-1 right-1 flex size-10 items-center justify-center rounded-[8px] bg-press text-text transition-colors hover:bg-accent hover:text-on-accent"
              >
                <Icon icon={ArrowRight} />
              </button>
            )}
          </div>
          <Button
            tone="primary"
            icon={Plus}
            onClick={() => open(newRoomName())}
            data-testid="new-room"
          >
            New room
          </Button>
        </form>
        <div className="flex min-h-24 w-full flex-col items-center gap-4">
          {wrong && (
            <p
              id="room-error"
              role="alert"
              className="animate-fade text-center text-14 text-danger"
            >
              Use up to 64 letters (A to Z), digits, “-” or “_”, or paste a whole link.
            </p>
          )}
          {!healthy && (
            <p role="status" className="animate-fade text-center text-14 text-balance text-warning">
              The server is not responding, so rooms cannot open. Retrying automatically.
            </p>
          )}
          <RecentRooms rooms={recent} onOpen={open} onForget={forget} />
        </div>
      </main>
    </div>
  );
}
