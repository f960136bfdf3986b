import { DoorOpen, type LucideIcon, MonitorSmartphone, TriangleAlert, UserX } from "lucide-react";
import { useRouter } from "next/router";
import type { CallError, ErrorActionKind } from "@/lib/call/errors";
import type { EndReason } from "@/lib/call/types";
import { roomLabel } from "@/lib/rooms/names";
import { useInitialFocus } from "../hooks/use_initial_focus";
import { useStore } from "../hooks/use_store";
import { ServerLine } from "../room/server_line";
import { useRoomSession } from "../room/session";
import { Backdrop } from "../ui/backdrop";
import { Button } from "../ui/button";
import { ErrorId } from "../ui/error_id";
import { Icon } from "../ui/icon";

interface Ending {
  icon: LucideIcon;
  title: string;
  message: string;
  action: { kind: ErrorActionKind; label: string };
}

/** After the call, or instead of it. */
export function Ended() {
  const { client, room } = useRoomSession();
  const router = useRouter();
  const state = useStore(client);
  const title = useInitialFocus<HTMLHeadingElement>();
  const ending = endingOf(state.ended, state.error, room);
  const act = () => {
    if (ending.action.kind === "home") void router.push("/");
    else if (ending.action.kind === "reload") window.location.reload();
    else client.join(state.self.name);
  };
  return (
    <div className="relative flex min-h-dvh items-center justify-center overflow-hidden p-4">
      <Backdrop />
      <main
        data-testid="ended"
        className="animate-rise relative z-10 flex w-full max-w-[420px] flex-col items-center gap-6 text-center"
      >
        <span className="glass-1 flex size-16 items-center justify-center rounded-full text-secondary">
          <Icon icon={ending.icon} />
        </span>
        <div className="flex flex-col gap-2">
          <h1
            ref={title}
            tabIndex={-1}
            className="text-28 font-semibold tracking-[-0.02em] text-balance outline-none"
          >
            {ending.title}
          </h1>
          <p className="text-16 text-pretty text-secondary">{ending.message}</p>
        </div>
        <div className="flex w-full flex-col gap-3 sm:w-auto sm:flex-row">
          <Button tone="primary" onClick={act} data-testid="ended-action">
            {ending.action.label}
          </Button>
          {ending.action.kind !== "home" && (
            <Button onClick={() => void router.push("/")}>Back to the start</Button>
          )}
        </div>
        {state.error && <ErrorId id={state.error.id} />}
        <div className="w-full text-left empty:hidden">
          <ServerLine connection={state.connection} onRetry={() => client.retryNow()} />
        </div>
      </main>
    </div>
  );
}

function endingOf(reason: EndReason | null, error: CallError | null, room: string): Ending {
  if (reason === "failed" && error) return { icon: TriangleAlert, ...error };
  switch (reason) {
    case "removed":
      return {
        icon: UserX,
        title: "You were removed from the call",
        message: "A moderator removed you. If that was a mistake, ask them to let you in again.",
        action: { kind: "home", label: "Back to the start" },
      };
    case "replaced":
      return {
        icon: MonitorSmartphone,
        title: "You joined from somewhere else",
        message:
          "The call continues in another tab or on another device. You can bring it back here.",
        action: { kind: "rejoin", label: "Continue here" },
      };
    default:
      return {
        icon: DoorOpen,
        title: "You left the call",
        message: `The room “${roomLabel(room)}” stays open for the others.`,
        action: { kind: "rejoin", label: "Rejoin" },
      };
  }
}
