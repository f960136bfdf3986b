import { X } from "lucide-react";
import { roomLabel } from "@/lib/rooms/names";
import { Icon } from "../ui/icon";

interface RecentRoomsProps {
  rooms: readonly string[];
  onOpen(room: string): void;
  onForget(room: string): void;
}

/** Quiet chips of rooms where one has been; nothing when there are none. */
export function RecentRooms({ rooms, onOpen, onForget }: RecentRoomsProps) {
  if (rooms.length === 0) return null;
  return (
    <ul aria-label="Recent rooms" className="animate-fade flex flex-wrap justify-center gap-2">
      {rooms.map((room) => (
        <li
          key={room}
          className="group flex h-10 max-w-[260px] items-center rounded-full bg-hover text-14 text-secondary transition-colors hover:bg-press hover:text-text"
        >
          <button
            type="button"
            onClick={() => onOpen(room)}
            className="h-full min-w-0 truncate rounded-full pr-1 pl-4"
          >
            {roomLabel(room)}
          </button>
          <button
            type="button"
            aria-label={`Forget ${roomLabel(room)}`}
            onClick={() => onForget(room)}
            className="flex size-10 shrink-0 items-center justify-center rounded-full text-faint transition-colors hover:text-text"
          >
            <Icon icon={X} />
          </button>
        </li>
      ))}
    </ul>
  );
}
