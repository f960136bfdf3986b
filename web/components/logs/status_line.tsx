import { TriangleAlert } from "lucide-react";
import { visible } from "@/lib/logs/clean";
import type { LogsState } from "@/lib/logs/logs_state";
import { useStore } from "../hooks/use_store";
import { Icon } from "../ui/icon";
import { useLogs } from "./open_logs";

/** Below the list: how much there is, and what is missing or wrong. */
export function StatusLine() {
  const state = useStore(useLogs());
  const trouble = troubleOf(state);
  const facts = factsOf(state);
  return (
    <footer className="shrink-0 border-line border-t bg-well/60 px-4 py-2 text-12 text-secondary">
      {trouble && (
        <p role="alert" className="flex items-center gap-2 pb-1 text-14 text-warning">
          <Icon icon={TriangleAlert} className="-ml-1 scale-75" />
          {trouble}
        </p>
      )}
      <p className="truncate" title={facts}>
        {facts}
      </p>
    </footer>
  );
}

function troubleOf({ phase, refusal, rows, status }: LogsState): string {
  if (phase === "away") return "The log server is not responding. Retrying until it is back.";
  if (phase === "refused") {
    return `${visible(refusal?.message ?? "The link is no longer good.")} Open a new link.`;
  }
  // Where there are no lines, this stands in their place.
  return status?.problem && rows.length > 0 ? visible(status.problem) : "";
}

function factsOf({ rows, status, dropped }: LogsState): string {
  const facts = [`${count(rows.length, "line")} shown`];
  if (status) {
    facts.push(`${count(status.kept, "line")} kept from ${count(status.files, "file")}`);
    if (status.oldest) facts.push(`since ${status.oldest.slice(0, 19).replace("T", " ")} UTC`);
    const damaged = Object.entries(status.lines)
      .filter(([state]) => state !== "whole")
      .reduce((sum, [, each]) => sum + each, 0);
    if (damaged > 0) facts.push(`${count(damaged, "line")} damaged`);
  }
  if (dropped > 0) facts.push(`${count(dropped, "line")} came too fast to be sent`);
  return facts.join(" · ");
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString("en")} ${noun}${number === 1 ? "" : "s"}`;
}
