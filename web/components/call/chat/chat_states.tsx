import { CircleAlert, Lock, MessageSquare } from "lucide-react";
import type { ChatProblem, HistoryState } from "@/lib/call/chat_types";
import type { Thread } from "@/lib/chat/threads";
import { displayName } from "@/lib/people/avatar";
import { useRoomSession } from "../../room/session";
import { ErrorId } from "../../ui/error_id";
import { Icon } from "../../ui/icon";
import { Spinner } from "../../ui/spinner";
import { TextButton } from "./own_state";

interface EmptyChatProps {
  thread: Thread | null;
  history: HistoryState;
}

/** Nothing to show: because there is nothing, or nothing yet. */
export function EmptyChat({ thread, history }: EmptyChatProps) {
  const isLoading = history.status === "loading" || history.status === "unknown";
  return (
    <div className="m-auto flex max-w-64 flex-col items-center gap-3 py-6 text-center">
      {isLoading ? (
        <p role="status" className="flex items-center gap-3 text-secondary">
          <Spinner className="text-accent" />
          Loading messages…
        </p>
      ) : (
        <>
          <span className="flex size-14 items-center justify-center rounded-full bg-hover text-secondary">
            <Icon icon={thread ? Lock : MessageSquare} />
          </span>
          <p className="text-16 font-medium">No messages yet</p>
          <p className="text-secondary">{thread ? privately(thread) : FOR_ALL}</p>
        </>
      )}
    </div>
  );
}

const FOR_ALL = "Everyone in this call can read what you write here.";

function privately({ name }: Thread) {
  return (
    <>
      What you write here goes to <bdi>{displayName(name)}</bdi> and nobody else.
    </>
  );
}

/** History could not be read. */
export function HistoryProblem({ problem }: { problem: ChatProblem | null }) {
  const { chat } = useRoomSession().client;
  return (
    <div
      role="alert"
      className="mx-3 mb-2 flex shrink-0 items-center gap-3 rounded-label bg-hover py-1 pr-1 pl-3"
    >
      <Icon icon={CircleAlert} className="text-warning" />
      <div className="min-w-0 flex-1 py-2">
        <p>Some messages are missing. {problem?.sentence}</p>
        {problem && <ErrorId id={problem.errorId} className="-ml-3 text-secondary" />}
      </div>
      <TextButton label="Try again" onClick={() => chat.retryHistory()} />
    </div>
  );
}
