import { MAX_ROWS } from "@/lib/logs/logs_state";
import { useStore } from "../hooks/use_store";
import { Spinner } from "../ui/spinner";
import { useLogs } from "./open_logs";

/** What is below the last line: older ones. */
export function OlderLines() {
  const client = useLogs();
  const { older, rows } = useStore(client);
  return (
    <div className="flex h-16 items-center justify-center gap-3 px-4 text-center text-14 text-secondary">
      {older === "loading" ? (
        <>
          <Spinner /> Loading older lines…
        </>
      ) : rows.length >= MAX_ROWS ? (
        `Showing ${MAX_ROWS.toLocaleString("en")} lines. Narrow the time range to see older ones.`
      ) : (
        <button
          type="button"
          onClick={() => void client.loadOlder()}
          className="h-10 rounded-control bg-hover px-4 font-medium text-text transition-colors hover:bg-press"
        >
          {older === "failed" ? "The server did not answer. Try again" : "Load older lines"}
        </button>
      )}
    </div>
  );
}
