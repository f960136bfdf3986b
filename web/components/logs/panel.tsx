import { X } from "lucide-react";
import type { ReactNode } from "react";
import { useInitialFocus } from "../hooks/use_initial_focus";
import { IconButton } from "../ui/button";

interface PanelProps {
  title: string;
  testId: string;
  onClose(): void;
  children: ReactNode;
}

/** Beside the list on wide screens, over it from below on phones. Escape closes it. */
export function Panel({ title, testId, onClose, children }: PanelProps) {
  const ref = useInitialFocus<HTMLElement>();
  return (
    <aside
      ref={ref}
      tabIndex={-1}
      aria-label={title}
      data-testid={testId}
      className="glass-2 max-lg:animate-sheet lg:animate-slide max-lg:[background:var(--glass-2-solid)] flex flex-col overflow-hidden rounded-tile outline-none max-lg:absolute max-lg:inset-x-2 max-lg:bottom-2 max-lg:z-30 max-lg:max-h-[72dvh] lg:w-[440px] lg:shrink-0"
    >
      <header className="flex shrink-0 items-center gap-2 pt-2 pr-2 pb-1 pl-5">
        <h2 className="min-w-0 flex-1 truncate text-16 font-semibold">{title}</h2>
        <IconButton icon={X} label="Close" onClick={onClose} />
      </header>
      {children}
    </aside>
  );
}
