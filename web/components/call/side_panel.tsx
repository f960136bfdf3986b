import { X } from "lucide-react";
import type { KeyboardEvent, ReactNode } from "react";
import { isComposing } from "@/lib/composing";
import { useInitialFocus } from "../hooks/use_initial_focus";
import { IconButton } from "../ui/button";
import { classes } from "../ui/classes";

interface SidePanelProps {
  title: string;
  /** Beside the title. */
  aside?: ReactNode;
  testId: string;
  /** On its way out. */
  closing: boolean;
  onClose(): void;
  children: ReactNode;
  className?: string;
}

const FROM_BELOW =
  "max-lg:inset-x-2 max-lg:bottom-[76px] max-lg:max-h-[min(68dvh,560px)] sm:max-lg:right-3 sm:max-lg:bottom-[92px] sm:max-lg:left-auto sm:max-lg:w-[360px]";
const FROM_THE_RIGHT = "lg:top-3 lg:right-3 lg:bottom-[92px] lg:w-[360px]";

/** Over the call: from the right on wide screens, from below on phones. Escape closes it. */
export function SidePanel(props: SidePanelProps) {
  const { title, aside, testId, closing, onClose, children, className } = props;
  const ref = useInitialFocus<HTMLElement>();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Escape" && !isComposing(event.nativeEvent)) onClose();
  };
  return (
    <aside
      ref={ref}
      tabIndex={-1}
      aria-label={title}
      data-testid={testId}
      onKeyDown={onKeyDown}
      inert={closing}
      className={classes(
        "glass-2 absolute z-20 flex flex-col overflow-hidden rounded-panel outline-none",
        FROM_BELOW,
        FROM_THE_RIGHT,
        closing
          ? "max-lg:animate-sheet-out lg:animate-slide-out"
          : "max-lg:animate-sheet lg:animate-slide",
        className,
      )}
    >
      <header className="flex shrink-0 items-center gap-2 pt-3 pr-3 pb-2 pl-5">
        <h2 className="text-16 font-semibold">{title}</h2>
        {aside}
        <span className="flex-1" />
        <IconButton icon={X} label="Close" onClick={onClose} />
      </header>
      {children}
    </aside>
  );
}
