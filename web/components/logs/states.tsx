import { FolderSearch, SearchX } from "lucide-react";
import { visible } from "@/lib/logs/clean";
import { countOf } from "@/lib/logs/filters";
import { useStore } from "../hooks/use_store";
import { BrandMark } from "../ui/brand";
import { Button } from "../ui/button";
import { Message, Words } from "./message";
import { useLogs } from "./open_logs";
import { NeedsToken, RefusedToken } from "./token_states";

/** What is painted before the script runs. */
export function Connecting() {
  return (
    <main className="relative flex h-full flex-col items-center justify-center gap-6 p-4">
      <h1 className="sr-only">confab logs</h1>
      <BrandMark className="animate-breathe h-10 w-15" />
    </main>
  );
}

export function NoToken() {
  const client = useLogs();
  return <NeedsToken onToken={(token) => client.enter(token)} />;
}

export function Refused() {
  const client = useLogs();
  const { refusal } = useStore(client);
  return <RefusedToken refusal={refusal} onToken={(token) => client.enter(token)} />;
}

export function Wrong() {
  const client = useLogs();
  const { refusal } = useStore(client);
  return (
    <Message icon={SearchX} title="These filters cannot be used">
      <Words refusal={refusal} />
      <Button className="mx-auto" onClick={() => client.clearFilters()}>
        Clear the filters
      </Button>
    </Message>
  );
}

export function Empty() {
  const client = useLogs();
  const { filters, phase, status } = useStore(client);
  if (phase === "away") {
    return (
      <div className="flex h-full">
        <Message icon={FolderSearch} title="The server is not responding">
          <p>Nothing answers at this address. Retrying until it is back.</p>
        </Message>
      </div>
    );
  }
  const isFiltered = countOf(filters) > 0 || filters.text !== "";
  return (
    <div className="flex h-full">
      {isFiltered ? (
        <Message icon={SearchX} title="No line matches">
          <p>New lines that match will appear here automatically.</p>
          <Button className="mx-auto" onClick={() => client.clearFilters()}>
            Clear the filters
          </Button>
        </Message>
      ) : (
        <Message
          icon={FolderSearch}
          title={status?.problem ? "The logs cannot be read" : "Nothing has been logged yet"}
        >
          <p>
            {status?.problem
              ? visible(status.problem)
              : "Lines appear here as soon as a service writes them to the log folder."}
          </p>
        </Message>
      )}
    </div>
  );
}

const PLACEHOLDERS = [62, 38, 74, 51, 44, 69, 33, 57, 48, 66, 40, 72];

export function LoadingLines() {
  return (
    <div role="status" className="animate-breathe flex flex-col gap-5 p-5">
      <span className="sr-only">Loading lines…</span>
      {PLACEHOLDERS.map((width) => (
        <span key={width} aria-hidden className="flex gap-5">
          <span className="h-3 w-24 rounded-full bg-hover" />
          <span className="h-3 rounded-full bg-hover" style={{ width: `${width}%` }} />
        </span>
      ))}
    </div>
  );
}
