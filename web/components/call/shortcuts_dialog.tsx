import { Dialog } from "../ui/dialog";
import { SHORTCUTS } from "./use_shortcuts";

export function ShortcutsDialog({ onClose }: { onClose(): void }) {
  return (
    <Dialog title="Keyboard shortcuts" onClose={onClose}>
      <dl className="flex flex-col">
        {SHORTCUTS.map(({ key, does }) => (
          <div
            key={key}
            className="flex h-12 items-center justify-between border-t border-line first:border-0"
          >
            <dt className="order-2">
              <kbd className="inline-flex h-8 min-w-8 items-center justify-center rounded-control bg-press px-2 text-14 font-medium">
                {key}
              </kbd>
            </dt>
            <dd className="text-secondary">{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
