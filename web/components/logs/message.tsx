import type { LucideIcon } from "lucide-react";
import type { ReactNode } from "react";
import { visible } from "@/lib/logs/clean";
import type { Refusal } from "@/lib/logs/types";
import { Icon } from "../ui/icon";

interface MessageProps {
  icon: LucideIcon;
  title: string;
  level?: "h1" | "h2";
  children: ReactNode;
}

/** In place of what would be here. */
export function Message({ icon, title, level: Title = "h2", children }: MessageProps) {
  return (
    <div className="animate-rise m-auto flex w-full max-w-[460px] flex-col items-center gap-5 p-4 text-center">
      <span className="glass-1 grid size-16 place-items-center rounded-full text-secondary">
        <Icon icon={icon} />
      </span>
      <Title className="text-20 font-semibold sm:text-28 sm:tracking-[-0.02em]">{title}</Title>
      <div className="flex w-full flex-col gap-4 text-16 text-secondary">{children}</div>
    </div>
  );
}

export function Whole({ children }: { children: ReactNode }) {
  return <main className="relative flex h-full overflow-y-auto">{children}</main>;
}

/** In the server's words, with the id that finds them in the logs. */
export function Words({ refusal }: { refusal: Refusal | null }) {
  if (!refusal) return null;
  return (
    <p role="alert">
      {visible(refusal.message)}
      {refusal.id !== "" && (
        <span className="mono mt-1 block text-12 text-faint">{visible(refusal.id)}</span>
      )}
    </p>
  );
}
