import { useState } from "react";
import { useFrameWatch } from "../hooks/use_frame_watch";
import { useStore } from "../hooks/use_store";
import { useRoomSession } from "../room/session";
import { Announcer } from "./announcer";
import { AudioSinks } from "./audio_sinks";
import { ControlBar } from "./control_bar";
import { Notices } from "./notices";
import { PeoplePanel } from "./people_panel";
import { SettingsDialog } from "./settings_dialog";
import { ShortcutsDialog } from "./shortcuts_dialog";
import { Stage } from "./stage";
import { StatusLine } from "./status_line";
import { useShortcuts } from "./use_shortcuts";

export type Panel = "people" | null;
export type OpenDialog = "settings" | "shortcuts" | null;

/** The call is the page: pictures, and glass over them. */
export function Call() {
  const { client } = useRoomSession();
  const state = useStore(client);
  const [panel, setPanel] = useState<Panel>(null);
  const [dialog, setDialog] = useState<OpenDialog>(null);
  const togglePeople = () => setPanel((now) => (now === "people" ? null : "people"));
  useShortcuts({ togglePeople, showHelp: () => setDialog("shortcuts") });
  useFrameWatch();
  const away = state.connection.status !== "online";

  return (
    <div className="fixed inset-0 overflow-hidden bg-well" data-testid="call">
      <Stage panelOpen={panel !== null} dimmed={away} />
      <StatusLine />
      <Notices />
      {panel === "people" && <PeoplePanel onClose={() => setPanel(null)} />}
      <ControlBar panel={panel} onTogglePeople={togglePeople} onOpenDialog={setDialog} />
      {dialog === "settings" && <SettingsDialog onClose={() => setDialog(null)} />}
      {dialog === "shortcuts" && <ShortcutsDialog onClose={() => setDialog(null)} />}
      <AudioSinks />
      <Announcer />
    </div>
  );
}
