import { Filter } from "lucide-react";
import { brief, visible } from "@/lib/logs/clean";
import type { TraceView } from "@/lib/logs/logs_state";
import { summaryOf, titleOf } from "@/lib/logs/rows";
import { momentOf, offsetOf } from "@/lib/logs/times";
import type { Row } from "@/lib/logs/types";
import { useStore } from "../hooks/use_store";
import { classes } from "../ui/classes";
import { Icon } from "../ui/icon";
import { Spinner } from "../ui/spinner";
import { LEVEL_LOOKS } from "./log_row";
import { useLogs } from "./open_logs";
import { Panel } from "./panel";

/** One trace through all services, in the order of time. */
export function TracePanel() {
  const client = useLogs();
  const { trace } = useStore(client);
  if (!trace) return null;
  return (
    <Panel title="Trace" testId="trace-panel" onClose={() => client.closeTrace()}>
      <div className="flex items-center gap-2 px-5 pb-3">
        <p
          className="mono min-w-0 flex-1 truncate text-12 text-secondary"
          title={visible(trace.id)}
        >
          {brief(trace.id, 64)}
        </p>
        <button
          type="button"
          aria-label="Show only this trace in the list"
          title="Show only this trace in the list"
          onClick={() => client.filter({ trace: trace.id })}
          className="grid size-8 shrink-0 place-items-center rounded-full text-faint transition-colors hover:bg-hover hover:text-text"
        >
          <Icon icon={Filter} className="scale-75" />
        </button>
      </div>
      <Lines trace={trace} />
    </Panel>
  );
}

function Lines({ trace }: { trace: TraceView }) {
  if (trace.refusal) {
    return (
      <p role="alert" className="px-5 pb-5 text-14">
        {visible(trace.refusal.message)} Close this and try again.
      </p>
    );
  }
  if (trace.rows === null) {
    return (
      <p role="status" className="flex items-center gap-3 px-5 pb-5 text-14 text-secondary">
        <Spinner /> Finding its lines…
      </p>
    );
  }
  const [first] = trace.rows;
  if (!first) {
    return <p className="px-5 pb-5 text-14 text-secondary">Its lines are no longer kept.</p>;
  }
  const services = new Set(trace.rows.map(({ service }) => service)).size;
  return (
    <>
      <p className="px-5 pb-2 text-12 text-faint">
        {trace.rows.length === 1 ? "1 line" : `${trace.rows.length} lines`} from{" "}
        {services === 1 ? "1 service" : `${services} services`}, starting at{" "}
        {momentOf(first.timeUs)}
        {trace.more && ". There are more: filter the list by this trace."}
      </p>
      <ol className="overflow-y-auto px-2 pb-3">
        {trace.rows.map((row) => (
          <Step key={row.id} row={row} firstUs={first.timeUs} />
        ))}
      </ol>
    </>
  );
}

function Step({ row, firstUs }: { row: Row; firstUs: number }) {
  const client = useLogs();
  return (
    <li className="trace-step">
      <button
        type="button"
        onClick={() => client.select(row)}
        className="w-full rounded-control py-2 pr-3 pl-8 text-left transition-colors hover:bg-hover focus-visible:-outline-offset-2"
      >
        <span className="flex items-baseline gap-2">
          <span className="min-w-0 truncate text-14">{brief(titleOf(row), 80)}</span>
          {row.level !== "info" && (
            <span className={classes("shrink-0 text-12", LEVEL_LOOKS[row.level])}>{row.level}</span>
          )}
          <span className="mono ml-auto shrink-0 text-12 text-secondary">
            {offsetOf(row.timeUs, firstUs)}
          </span>
        </span>
        <span className="block truncate text-12 text-secondary">
          {brief([row.service, row.instance].filter(Boolean).join(" "), 80)}
        </span>
        <span className="mono block truncate text-12 text-faint">{brief(summaryOf(row), 120)}</span>
      </button>
    </li>
  );
}
