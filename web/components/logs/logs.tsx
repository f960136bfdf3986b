import { useEffect, useState } from "react";
import { isComposing } from "@/lib/composing";
import { useStore } from "../hooks/use_store";
import { Backdrop } from "../ui/backdrop";
import { FilterBar } from "./filter_bar";
import { LogList } from "./log_list";
import { LogsProvider, useAddress, useLogs, useNewLogs } from "./open_logs";
import { RowPanel } from "./row_panel";
import { Connecting, NoToken, Refused, Wrong } from "./states";
import { StatusLine } from "./status_line";
import { TopBar } from "./top_bar";
import { TracePanel } from "./trace_panel";

/** The log viewer, in one page. */
export function Logs() {
  const client = useNewLogs();
  return (
    <div className="relative h-dvh overflow-hidden">
      <Backdrop />
      {client ? (
        <LogsProvider value={client}>
          <Viewer />
        </LogsProvider>
      ) : (
        <Connecting />
      )}
    </div>
  );
}

function Viewer() {
  const client = useLogs();
  const { phase, rows } = useStore(client);
  useAddress(client);
  if (phase === "no-token") return <NoToken />;
  if (phase === "refused" && rows.length === 0) return <Refused />;
  return <Open />;
}

function Open() {
  const client = useLogs();
  const { phase, selected, trace } = useStore(client);
  const [filtering, setFiltering] = useState(false);
  const isPanelOpen = selected !== null || trace !== null;
  useEscape(() => (trace ? client.closeTrace() : client.select(null)));
  return (
    <main className="relative flex h-full flex-col gap-2 p-2 sm:gap-3 sm:p-3">
      <h1 className="sr-only">confab logs</h1>
      <TopBar filtering={filtering} onFiltering={() => setFiltering(!filtering)} />
      <FilterBar open={filtering} />
      <div className="flex min-h-0 flex-1 gap-3">
        <section
          aria-label="Lines"
          className="glass-2 relative flex min-w-0 flex-1 flex-col overflow-hidden rounded-tile"
        >
          {phase === "wrong" ? <Wrong /> : <LogList />}
          <StatusLine />
        </section>
        {isPanelOpen && (trace ? <TracePanel /> : <RowPanel />)}
      </div>
    </main>
  );
}

function useEscape(close: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key === "Escape" && !isComposing(event)) close();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}
