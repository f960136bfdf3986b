import { ArrowLeft } from "lucide-react";
import { BrandMark } from "../../ui/brand";
import { Icon } from "../../ui/icon";
import { RoomField } from "../room_field";

/** The way back to all lines, and to other calls. */
export function RoomBar({ room }: { room: string }) {
  return (
    <header className="glass-1 flex shrink-0 items-center gap-2 rounded-tile p-2 sm:gap-3 sm:pl-4">
      <BrandMark className="h-6 w-9 max-sm:hidden" />
      <RoomField initial={room} className="flex-1" />
      <a
        href="/"
        className="inline-flex h-10 shrink-0 items-center justify-center gap-2 rounded-control bg-hover text-14 font-medium transition-colors hover:bg-press max-sm:w-10 sm:px-4"
      >
        <Icon icon={ArrowLeft} />
        <span className="max-sm:sr-only">All lines</span>
      </a>
    </header>
  );
}
