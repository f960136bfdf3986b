import { CircleAlert } from "lucide-react";
import { useEffect, useState } from "react";
import type { Outgoing } from "@/lib/call/chat_types";
import { useSelected } from "../../hooks/use_store";
import { useRoomSession } from "../../room/session";
import { ErrorId } from "../../ui/error_id";
import { Icon } from "../../ui/icon";

/** What takes no longer needs no word. */
const QUIET_FOR_MS = 800;

/** Below an own message that is not with the others yet: why, and what can be done. */
export function OwnState({ message }: { message: Outgoing }) {
  return message.state === "failed" ? <Failed message={message} /> : <Waiting />;
}

function Waiting() {
  const { client } = useRoomSession();
  const away = useSelected(client, ({ connection }) => connection.status !== "online");
  const [slow, setSlow] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), QUIET_FOR_MS);
    return () => clearTimeout(timer);
  }, []);
  if (!slow) return null;
  return (
    <p className="px-1 text-12 text-secondary">
      {away ? "Waiting for the connection…" : "Sending…"}
    </p>
  );
}

function Failed({ message }: { message: Outgoing }) {
  const { chat } = useRoomSession().client;
  return (
    <div className="flex max-w-full flex-col items-end px-1 text-14">
      <p className="flex items-center gap-2 text-danger-on-glass">
        <Icon icon={CircleAlert} />
        <span className="min-w-0">Not sent. {message.problem?.sentence}</span>
      </p>
      {message.problem && <ErrorId id={message.problem.errorId} className="text-secondary" />}
      <p className="flex gap-1">
        <TextButton label="Discard" onClick={() => chat.discard(message.id)} />
        <TextButton label="Try again" onClick={() => chat.retry(message.id)} />
      </p>
    </div>
  );
}

export function TextButton({ label, onClick }: { label: string; onClick(): void }) {
  return (
    <button
      type="button"
      onClick={onClick}
      className="h-10 rounded-control px-3 text-14 font-medium text-accent-strong transition-colors hover:bg-hover active:bg-press"
    >
      {label}
    </button>
  );
}
