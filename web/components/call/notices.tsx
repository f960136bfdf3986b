import { CircleAlert, Info, X } from "lucide-react";
import type { ReactNode } from "react";
import { useSelected } from "../hooks/use_store";
import { useRoomSession } from "../room/session";
import { IconButton } from "../ui/button";
import { ErrorId } from "../ui/error_id";
import { Icon } from "../ui/icon";

/** Sentences about single things that went wrong, and what else has come; they go by themselves. */
export function Notices({ children }: { children?: ReactNode }) {
  const { client } = useRoomSession();
  const notices = useSelected(client, (state) => state.notices);
  return (
    <div
      aria-live="polite"
      className="pointer-events-none absolute inset-x-3 bottom-[104px] z-30 flex flex-col items-center gap-2"
    >
      {notices.map((notice) => (
        <div
          key={notice.id}
          className="glass-2 animate-rise pointer-events-auto flex w-full max-w-[440px] items-start gap-3 rounded-label p-3"
        >
          <Icon
            icon={notice.tone === "warning" ? CircleAlert : Info}
            className={notice.tone === "warning" ? "mt-2 text-warning" : "mt-2 text-accent"}
          />
          <div className="min-w-0 flex-1 py-2">
            <p className="font-medium">{notice.title}</p>
            <p className="text-secondary">{notice.message}</p>
            {notice.errorId && <ErrorId id={notice.errorId} className="-ml-3 text-secondary" />}
          </div>
          <IconButton icon={X} label="Dismiss" onClick={() => client.dismiss(notice.id)} />
        </div>
      ))}
      {children}
    </div>
  );
}
