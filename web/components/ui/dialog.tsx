import { X } from "lucide-react";
import { type ReactNode, useEffect, useId, useRef } from "react";
import { IconButton } from "./button";

interface DialogProps {
  title: string;
  onClose(): void;
  children: ReactNode;
}

/** A modal dialog; the browser keeps focus inside and gives it back. Below on phones. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const titleId = useId();
  useEffect(() => {
    ref.current?.showModal();
  }, []);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes a modal dialog by itself
    <dialog
      ref={ref}
      aria-labelledby={titleId}
      onClose={onClose}
      onClick={(event) => {
        if (event.target === ref.current) ref.current?.close();
      }}
      className="glass-2 animate-pop m-auto max-h-[min(90dvh,760px)] w-[min(480px,calc(100vw-24px))] overflow-hidden rounded-panel p-0 max-sm:mb-3"
    >
      <div className="flex max-h-[inherit] flex-col">
        <div className="flex items-center justify-between py-4 pr-4 pl-6">
          <h2 id={titleId} className="text-20 font-semibold">
            {title}
          </h2>
          <IconButton icon={X} label="Close" onClick={() => ref.current?.close()} />
        </div>
        <div className="overflow-y-auto px-6 pb-6">{children}</div>
      </div>
    </dialog>
  );
}
