import {
  Check,
  EllipsisVertical,
  Keyboard,
  Link2,
  Maximize,
  MessageSquare,
  Mic,
  MicOff,
  PhoneOff,
  Settings2,
  Users,
  Video,
  VideoOff,
} from "lucide-react";
import { unreadOf } from "@/lib/call/chat_state";
import type { DeviceKind } from "@/lib/media/problems";
import { useSelected, useStore } from "../hooks/use_store";
import { useMicLevel } from "../room/mic_level";
import { pressDevice, useRoomSession } from "../room/session";
import type { ShareLink } from "../room/share_link";
import { BarButton } from "./bar_button";
import type { OpenDialog, Panel } from "./call";
import { Menu } from "./menu";
import type { MenuItem } from "./menu_list";
import { toggleFullScreen } from "./use_shortcuts";

interface ControlBarProps {
  panel: Panel;
  link: ShareLink;
  onToggleChat(): void;
  onTogglePeople(): void;
  onOpenDialog(dialog: OpenDialog): void;
}

/** The one floating bar. */
export function ControlBar(props: ControlBarProps) {
  const { panel, link, onToggleChat, onTogglePeople, onOpenDialog } = props;
  const { client } = useRoomSession();
  const others = useSelected(client, (state) => state.participants.length);
  const items: MenuItem[] = [
    { icon: Link2, label: "Copy link", hint: "C", onSelect: link.copy },
    { icon: Settings2, label: "Devices and settings", onSelect: () => onOpenDialog("settings") },
    { icon: Maximize, label: "Full screen", hint: "F", onSelect: toggleFullScreen },
    {
      icon: Keyboard,
      label: "Keyboard shortcuts",
      hint: "?",
      onSelect: () => onOpenDialog("shortcuts"),
    },
  ];
  return (
    <div className="pointer-events-none absolute inset-x-0 bottom-0 z-20 flex justify-center pb-[max(10px,env(safe-area-inset-bottom))] sm:pb-[max(14px,env(safe-area-inset-bottom))]">
      <section
        aria-label="Call controls"
        className="pointer-events-auto relative flex items-center gap-1.5 rounded-full p-1.5 sm:gap-2 sm:p-2"
      >
        {/* The glass is a layer of its own: what opens from the bar must blur the page, not the bar. */}
        <span aria-hidden className="glass-1 absolute inset-0 rounded-full" />
        <MicButton />
        <DeviceButton kind="camera" onProblem={() => onOpenDialog("settings")} />
        <span aria-hidden className="relative mx-1 h-6 w-px bg-line-strong max-sm:hidden" />
        <ChatButton open={panel === "chat"} onClick={onToggleChat} />
        <BarButton
          icon={Users}
          label="People"
          shortcut="P"
          pressed={panel === "people"}
          badge={others + 1}
          onClick={onTogglePeople}
          testId="people"
        />
        {/* On phones it is in the menu. */}
        <div className="max-sm:hidden">
          <BarButton
            icon={link.copied ? Check : Link2}
            label={link.copied ? "Copied" : "Copy link"}
            shortcut="C"
            onClick={link.copy}
            testId="copy-link"
          />
        </div>
        <Menu icon={EllipsisVertical} label="More" items={items} />
        <span aria-hidden className="relative mx-1 h-6 w-px bg-line-strong max-sm:hidden" />
        <BarButton
          icon={PhoneOff}
          label="Leave"
          leave
          onClick={() => client.leave()}
          testId="leave"
        />
      </section>
      <span role="status" className="sr-only">
        {link.copied ? "Link copied" : ""}
      </span>
    </div>
  );
}

function ChatButton({ open, onClick }: { open: boolean; onClick(): void }) {
  const { client } = useRoomSession();
  const unread = useSelected(client.chat, unreadOf);
  return (
    <BarButton
      icon={MessageSquare}
      label="Chat"
      shortcut="T"
      pressed={open}
      unread={unread}
      onClick={onClick}
      testId="chat"
    />
  );
}

function MicButton() {
  const level = useMicLevel();
  return (
    <div ref={level} className="relative">
      <DeviceButton kind="microphone" />
    </div>
  );
}

interface DeviceButtonProps {
  kind: DeviceKind;
  onProblem?(): void;
}

function DeviceButton({ kind, onProblem }: DeviceButtonProps) {
  const session = useRoomSession();
  const { media } = session;
  const device = useStore(media)[kind];
  const barred = !device.allowed;
  const unavailable = device.status === "unavailable";
  const on = device.on && !unavailable;
  const camera = kind === "camera";
  const icon = camera ? (on ? Video : VideoOff) : on ? Mic : MicOff;
  const name = camera ? "Camera" : "Microphone";
  const tip = barred
    ? `Your invitation does not include the ${kind}`
    : unavailable
      ? `${name} is not available`
      : `${on ? "Turn off" : "Turn on"} ${kind}`;
  return (
    <BarButton
      icon={icon}
      label={barred ? `${name}, not included in your invitation` : name}
      tip={tip}
      shortcut={camera ? "V" : "M"}
      pressed={on}
      off={!on}
      alert={unavailable && !barred}
      barred={barred}
      onClick={() => {
        if (!unavailable || barred) pressDevice(session, kind);
        else {
          void media.retry();
          onProblem?.();
        }
      }}
      testId={kind}
      fill={!camera && on}
    />
  );
}
