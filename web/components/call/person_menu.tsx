import { EllipsisVertical, MessageSquareLock, MicOff, UserX, VideoOff } from "lucide-react";
import { type RefObject, useCallback, useId, useLayoutEffect, useRef, useState } from "react";
import { createPortal } from "react-dom";
import type { RemoteMedia, RemoteParticipant } from "@/lib/call/types";
import { beside } from "@/lib/layout/beside";
import { displayName } from "@/lib/people/avatar";
import { useSelected } from "../hooks/use_store";
import { useRoomSession } from "../room/session";
import { Button } from "../ui/button";
import { classes } from "../ui/classes";
import { Dialog } from "../ui/dialog";
import { Icon } from "../ui/icon";
import { useOpenChat } from "./chat/open_chat";
import { type MenuItem, MenuList } from "./menu_list";

interface PersonMenuProps {
  participant: RemoteParticipant;
  className?: string;
}

/** What one can do with another. Draws nothing where that is nothing. */
export function PersonMenu({ participant, className }: PersonMenuProps) {
  const { client } = useRoomSession();
  const { chat, moderate } = useSelected(client, (state) => state.self.grants);
  const [open, setOpen] = useState<"menu" | "removal" | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const id = useId();
  const close = useCallback(() => setOpen(null), []);
  if (!chat && !moderate) return null;
  const name = displayName(participant.name);
  return (
    <>
      <button
        ref={button}
        type="button"
        aria-label={`Actions for ${name}`}
        aria-haspopup="menu"
        aria-expanded={open === "menu"}
        aria-controls={open === "menu" ? id : undefined}
        data-testid="person-menu"
        data-moderate={moderate}
        onClick={() => setOpen(open === "menu" ? null : "menu")}
        className={classes(
          "flex size-10 shrink-0 items-center justify-center rounded-full transition-[background-color,opacity]",
          className,
          open && "opacity-100!",
        )}
      >
        <Icon icon={EllipsisVertical} />
      </button>
      {open === "menu" && (
        <FloatingMenu
          id={id}
          label={`Actions for ${name}`}
          button={button}
          onClose={close}
          participant={participant}
          onRemove={() => setOpen("removal")}
        />
      )}
      {open === "removal" && (
        <RemovalDialog
          name={name}
          onClose={close}
          onConfirm={() => void client.moderation.remove(participant.id, name)}
        />
      )}
    </>
  );
}

interface FloatingMenuProps {
  id: string;
  label: string;
  button: RefObject<HTMLButtonElement | null>;
  participant: RemoteParticipant;
  onClose(): void;
  onRemove(): void;
}

/** Over everything: a tile is smaller than its menu, and cuts off what stands out. */
function FloatingMenu({ participant, onRemove, ...list }: FloatingMenuProps) {
  const ref = useRef<HTMLDivElement>(null);
  const items = useItems(participant, onRemove);
  const { button, onClose } = list;
  useLayoutEffect(() => {
    const place = () => {
      const menu = ref.current;
      if (!menu || !button.current) return;
      const size = { width: menu.offsetWidth, height: menu.offsetHeight };
      const room = { width: window.innerWidth, height: window.innerHeight };
      const { left, top } = beside(button.current.getBoundingClientRect(), size, room);
      menu.style.left = `${left}px`;
      menu.style.top = `${top}px`;
    };
    place();
    // It would stay where its button no longer is.
    const onScroll = ({ target }: Event) => {
      if (target instanceof Node && target.contains(button.current)) onClose();
    };
    window.addEventListener("resize", onClose);
    window.addEventListener("scroll", onScroll, true);
    return () => {
      window.removeEventListener("resize", onClose);
      window.removeEventListener("scroll", onScroll, true);
    };
  }, [button, onClose]);
  return createPortal(
    <MenuList {...list} ref={ref} items={items} className="fixed z-40 w-56" />,
    callArea(),
  );
}

function useItems(participant: RemoteParticipant, onRemove: () => void): MenuItem[] {
  const { client } = useRoomSession();
  const openChat = useOpenChat();
  const { chat, moderate } = useSelected(client, (state) => state.self.grants);
  const isOn = (source: RemoteMedia["source"]) =>
    participant.media.some((media) => media.source === source && !media.paused);
  const mute = (source: "microphone" | "camera") =>
    void client.moderation.mute(participant.id, source, participant.name);
  const forWriters: MenuItem[] = [
    {
      icon: MessageSquareLock,
      label: "Message privately",
      onSelect: () => openChat(participant.id),
    },
  ];
  const forModerators: MenuItem[] = [
    {
      icon: MicOff,
      label: "Mute",
      disabled: !isOn("microphone"),
      onSelect: () => mute("microphone"),
    },
    {
      icon: VideoOff,
      label: "Stop video",
      disabled: !isOn("camera"),
      onSelect: () => mute("camera"),
    },
    { icon: UserX, label: "Remove from call", danger: true, onSelect: onRemove },
  ];
  return [...(chat ? forWriters : []), ...(moderate ? forModerators : [])];
}

interface RemovalDialogProps {
  name: string;
  onClose(): void;
  onConfirm(): void;
}

function RemovalDialog({ name, onClose, onConfirm }: RemovalDialogProps) {
  return createPortal(
    <Dialog title="Remove from the call?" onClose={onClose}>
      <p className="text-secondary">
        <bdi className="font-medium text-text">{name}</bdi> will leave at once and be told that a
        moderator removed them. Anyone with a link to this room can come back in.
      </p>
      {/* The browser closes it, and gives the focus back. */}
      <form method="dialog" className="mt-6 flex flex-col-reverse gap-3 sm:flex-row sm:justify-end">
        <Button type="submit">Cancel</Button>
        <Button type="submit" tone="danger" onClick={onConfirm} data-testid="confirm-removal">
          Remove
        </Button>
      </form>
    </Dialog>,
    callArea(),
  );
}

/** Where what floats belongs: inside of the page's landmark, outside of every tile and panel. */
function callArea(): Element {
  return document.querySelector("main") ?? document.body;
}
