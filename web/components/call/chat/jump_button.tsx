import { ArrowDown } from "lucide-react";
import { Icon } from "../../ui/icon";
import { countText } from "./unread_badge";

interface JumpButtonProps {
  /** What came while one was reading further up. */
  fresh: number;
  onClick(): void;
}

/** Back to the newest message. */
export function JumpButton({ fresh, onClick }: JumpButtonProps) {
  const words = fresh === 1 ? "New message" : `${countText(fresh)} new messages`;
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-2 flex justify-center">
      <button
        type="button"
        onClick={onClick}
        className="animate-fade pointer-events-auto flex h-10 items-center gap-2 rounded-full bg-accent pr-4 pl-3 text-14 font-semibold text-on-accent shadow-[0_4px_16px_rgb(0_0_0/0.4)] transition-colors hover:bg-accent-strong"
      >
        <Icon icon={ArrowDown} />
        {fresh > 0 ? words : "Jump to the newest"}
      </button>
    </div>
  );
}
