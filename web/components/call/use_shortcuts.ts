import { useEffect, useRef } from "react";
import { pressDevice, useRoomSession } from "../room/session";

export const SHORTCUTS = [
  { key: "M", does: "Microphone on or off" },
  { key: "V", does: "Camera on or off" },
  { key: "T", does: "Chat" },
  { key: "P", does: "People" },
  { key: "C", does: "Copy the link to this room" },
  { key: "F", does: "Full screen" },
  { key: "?", does: "Show this help" },
] as const;

interface ShortcutActions {
  toggleChat(): void;
  togglePeople(): void;
  copyLink(): void;
  showHelp(): void;
}

export function toggleFullScreen(): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void document.documentElement.requestFullscreen?.().catch(() => undefined);
}

/** Single keys, never while a person types or a dialog is open. */
export function useShortcuts(enabled: boolean, actions: ShortcutActions): void {
  const session = useRoomSession();
  const latest = useRef(actions);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    if (!enabled) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
      if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
      switch (event.key.toLowerCase()) {
        case "m":
          pressDevice(session, "microphone");
          break;
        case "v":
          pressDevice(session, "camera");
          break;
        case "t":
          latest.current.toggleChat();
          break;
        case "p":
          latest.current.togglePeople();
          break;
        case "c":
          latest.current.copyLink();
          break;
        case "f":
          toggleFullScreen();
          break;
        case "?":
          latest.current.showHelp();
          break;
        default:
          return;
      }
      event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, [session, enabled]);
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName))
  );
}
