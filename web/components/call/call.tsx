import { useCallback, useRef, useState } from "react";
import { type Conversation, EVERYONE } from "@/lib/call/chat_types";
import { MOTION_MS } from "@/lib/motion";
import { roomLabel } from "@/lib/rooms/names";
import { useExit } from "../hooks/use_exit";
import { useFrameWatch } from "../hooks/use_frame_watch";
import { useInitialFocus } from "../hooks/use_initial_focus";
import { useSelected } from "../hooks/use_store";
import { useRoomSession } from "../room/session";
import { useShareLink } from "../room/share_link";
import { useShown } from "../room/shown";
import { Announcer } from "./announcer";
import { AudioSinks } from "./audio_sinks";
import { ChatArrival } from "./chat/chat_arrival";
import type { Drafts } from "./chat/chat_composer";
import { ChatPanel } from "./chat/chat_panel";
import { OpenChatProvider } from "./chat/open_chat";
import { ControlBar } from "./control_bar";
import { Notices } from "./notices";
import { PeoplePanel } from "./people_panel";
import { SettingsDialog } from "./settings_dialog";
import { ShortcutsDialog } from "./shortcuts_dialog";
import { Stage } from "./stage";
import { StatusLine } from "./status_line";
import { useShortcuts } from "./use_shortcuts";

export type Panel = "chat" | "people" | null;
export type OpenDialog = "settings" | "shortcuts" | null;

/** The call is the page: pictures, and glass over them. */
export function Call() {
  const { client, room } = useRoomSession();
  const away = useSelected(client, ({ connection }) => connection.status !== "online");
  const { panel, conversation, close, toggle, openChat } = usePanels();
  const drafts = useRef<Drafts>(new Map());
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const toggleChat = () => toggle("chat");
  const togglePeople = () => toggle("people");
  const link = useShareLink();
  const shown = useShown();
  const screen = useInitialFocus<HTMLElement>(shown);
  useShortcuts(shown, {
    toggleChat,
    togglePeople,
    copyLink: link.copy,
    showHelp: () => setDialog("shortcuts"),
  });
  useFrameWatch(shown);
  const people = useExit(panel === "people", MOTION_MS.panel);
  const chat = useExit(panel === "chat", MOTION_MS.panel);

  return (
    <OpenChatProvider value={openChat}>
      <div
        className="fixed inset-0 overflow-hidden bg-well"
        inert={!shown}
        data-testid={shown ? "call" : "call-ahead"}
      >
        <main ref={screen} tabIndex={-1} aria-labelledby="room" className="outline-none">
          <h1 id="room" className="sr-only">
            {`Call in ${roomLabel(room)}`}
          </h1>
          <Stage panelOpen={panel !== null} dimmed={away} />
          <StatusLine />
          <Notices>
            <ChatArrival quiet={panel === "chat"} />
          </Notices>
        </main>
        {people !== "gone" && <PeoplePanel closing={people === "closing"} onClose={close} />}
        {chat !== "gone" && (
          <ChatPanel
            closing={chat === "closing"}
            conversation={conversation}
            drafts={drafts.current}
            onConversation={openChat}
            onClose={close}
          />
        )}
        <ControlBar
          panel={panel}
          link={link}
          onToggleChat={toggleChat}
          onTogglePeople={togglePeople}
          onOpenDialog={setDialog}
        />
        {dialog === "settings" && <SettingsDialog onClose={() => setDialog(null)} />}
        {dialog === "shortcuts" && <ShortcutsDialog onClose={() => setDialog(null)} />}
        <AudioSinks />
        <Announcer />
      </div>
    </OpenChatProvider>
  );
}

/** Which panel is open, and at which conversation the chat opens. */
function usePanels() {
  const [panel, setPanel] = useState<Panel>(null);
  const [conversation, setConversation] = useState<Conversation>(EVERYONE);
  const openChat = useCallback((wanted: Conversation) => {
    setConversation(wanted);
    setPanel("chat");
  }, []);
  const close = () => setPanel(null);
  const toggle = (wanted: Panel) => setPanel((now) => (now === wanted ? null : wanted));
  return { panel, conversation, close, toggle, openChat };
}
