import { Check, Link2, Mic, MicOff, Pencil, Video, VideoOff } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { flushSync } from "react-dom";
import type { RemoteParticipant } from "@/lib/call/types";
import { isComposing } from "@/lib/composing";
import { writePreferences } from "@/lib/media/preferences";
import { displayName } from "@/lib/people/avatar";
import { useStore } from "../hooks/use_store";
import { useRoomSession } from "../room/session";
import { useShareLink } from "../room/share_link";
import { AvatarDisc } from "../ui/avatar";
import { IconButton } from "../ui/button";
import { classes } from "../ui/classes";
import { Icon } from "../ui/icon";
import { PersonMenu } from "./person_menu";
import { SidePanel } from "./side_panel";
import { mediaOf } from "./tile";

interface PeoplePanelProps {
  /** On its way out. */
  closing: boolean;
  onClose(): void;
}

/** Who is here. */
export function PeoplePanel({ closing, onClose }: PeoplePanelProps) {
  const { client, media } = useRoomSession();
  const { participants } = useStore(client);
  const { microphone, camera } = useStore(media);
  const count = <span className="text-14 text-faint tabular-nums">{participants.length + 1}</span>;
  return (
    <SidePanel
      title="People"
      aside={count}
      testId="people-panel"
      closing={closing}
      onClose={onClose}
    >
      <div className="px-3 pb-2">
        <InviteRow />
      </div>
      <ul className="flex-1 overflow-y-auto px-3 pb-3">
        <SelfRow
          muted={!microphone.on || !microphone.track}
          cameraOff={!camera.on || !camera.track}
        />
        {participants.map((participant) => (
          <RemoteRow key={participant.id} participant={participant} />
        ))}
      </ul>
    </SidePanel>
  );
}

function InviteRow() {
  const { copied, copy } = useShareLink();
  return (
    <button
      type="button"
      onClick={copy}
      className="flex h-12 w-full items-center gap-3 rounded-label bg-hover px-3 text-left font-medium transition-colors hover:bg-press"
    >
      <Icon icon={copied ? Check : Link2} className="mx-2 text-accent" />
      {copied ? "Link copied" : "Copy invite link"}
    </button>
  );
}

function RemoteRow({ participant }: { participant: RemoteParticipant }) {
  const microphone = mediaOf(participant, "microphone");
  const camera = mediaOf(participant, "camera");
  return (
    <li
      className={classes(
        "flex h-14 items-center gap-3 px-2",
        !participant.connected && "opacity-50",
      )}
    >
      <AvatarDisc name={participant.name} />
      <div className="min-w-0 flex-1">
        <p dir="auto" className="truncate text-left">
          {displayName(participant.name)}
        </p>
        {!participant.connected && <p className="text-12 text-secondary">Reconnecting…</p>}
      </div>
      <States muted={!microphone || microphone.paused} cameraOff={!camera || camera.paused} />
      <PersonMenu
        participant={participant}
        className="-mr-2 text-secondary hover:bg-hover hover:text-text active:bg-press"
      />
    </li>
  );
}

function SelfRow({ muted, cameraOff }: { muted: boolean; cameraOff: boolean }) {
  const { client } = useRoomSession();
  const { self, limits } = useStore(client);
  const [draft, setDraft] = useState<string | null>(null);
  const pencil = useRef<HTMLButtonElement>(null);
  // The focus would be lost with the field, and the next Escape with it.
  const close = () => {
    flushSync(() => setDraft(null));
    pencil.current?.focus({ preventScroll: true });
  };
  const save = (event: FormEvent) => {
    event.preventDefault();
    const name = (draft ?? "").trim();
    close();
    if (name === self.name) return;
    writePreferences({ name });
    void client.rename(name);
  };
  if (draft !== null) {
    return (
      <li className="px-2 py-1">
        <form onSubmit={save} className="flex items-center gap-2">
          <input
            className="field"
            aria-label="Your name"
            dir="auto"
            // biome-ignore lint/a11y/noAutofocus: the person pressed Rename
            autoFocus
            maxLength={limits.nameLength}
            value={draft}
            onChange={(event) => setDraft(event.target.value)}
            onKeyDown={(event) => {
              if (event.key !== "Escape" || isComposing(event.nativeEvent)) return;
              event.stopPropagation();
              close();
            }}
          />
          <IconButton icon={Check} label="Save name" type="submit" />
        </form>
      </li>
    );
  }
  return (
    <li className="group flex h-14 items-center gap-3 px-2">
      <AvatarDisc name={self.name} />
      <p className="flex min-w-0 flex-1 items-center gap-1">
        <span dir="auto" className="truncate text-left">
          {displayName(self.name)}
        </span>
        <span className="shrink-0 text-faint">(you)</span>
        <IconButton
          ref={pencil}
          icon={Pencil}
          label="Change your name"
          onClick={() => setDraft(self.name)}
          className="ml-auto"
        />
      </p>
      <States muted={muted} cameraOff={cameraOff} />
    </li>
  );
}

function States({ muted, cameraOff }: { muted: boolean; cameraOff: boolean }) {
  return (
    <div className="flex shrink-0 items-center gap-2">
      <Icon icon={muted ? MicOff : Mic} className={muted ? "text-danger" : "text-secondary"} />
      <Icon
        icon={cameraOff ? VideoOff : Video}
        className={cameraOff ? "text-faint" : "text-secondary"}
      />
      <span className="sr-only">
        {muted ? "muted" : "microphone on"}, {cameraOff ? "camera off" : "camera on"}
      </span>
    </div>
  );
}
