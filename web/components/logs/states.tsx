import { FolderSearch, KeyRound, type LucideIcon, SearchX, ShieldX } from "lucide-react";
import { type FormEvent, type ReactNode, useState } from "react";
import { visible } from "@/lib/logs/clean";
import { countOf } from "@/lib/logs/filters";
import { keepToken, tokenOf } from "@/lib/logs/token";
import type { Refusal } from "@/lib/logs/types";
import { useStore } from "../hooks/use_store";
import { BrandMark } from "../ui/brand";
import { Button } from "../ui/button";
import { Icon } from "../ui/icon";
import { useLogs } from "./open_logs";

/** What is painted before the script runs. */
export function Connecting() {
  return (
    <main className="relative flex h-full flex-col items-center justify-center gap-6 p-4">
      <h1 className="sr-only">Logs of confab</h1>
      <BrandMark className="animate-breathe h-10 w-15" />
    </main>
  );
}

interface MessageProps {
  icon: LucideIcon;
  title: string;
  level?: "h1" | "h2";
  children: ReactNode;
}

function Message({ icon, title, level: Title = "h2", children }: MessageProps) {
  return (
    <div className="animate-rise m-auto flex w-full max-w-[460px] flex-col items-center gap-5 p-4 text-center">
      <span className="glass-1 grid size-16 place-items-center rounded-full text-secondary">
        <Icon icon={icon} />
      </span>
      <Title className="text-20 font-semibold sm:text-28 sm:tracking-[-0.02em]">{title}</Title>
      <div className="flex w-full flex-col gap-4 text-16 text-secondary">{children}</div>
    </div>
  );
}

function Whole({ children }: { children: ReactNode }) {
  return <main className="relative flex h-full overflow-y-auto">{children}</main>;
}

export function NoToken() {
  return (
    <Whole>
      <Message icon={KeyRound} title="The logs need a link" level="h1">
        <p>
          confab prints it when it starts. A token made with{" "}
          <code className="mono text-14 text-text">confab token api --scope logs</code> does as
          well.
        </p>
        <TokenForm />
      </Message>
    </Whole>
  );
}

export function Refused() {
  const { refusal } = useStore(useLogs());
  return (
    <Whole>
      <Message icon={ShieldX} title="This link is no longer good" level="h1">
        <Words refusal={refusal} />
        <p>Paste a new one: confab prints it when it starts.</p>
        <TokenForm />
      </Message>
    </Whole>
  );
}

function TokenForm() {
  const client = useLogs();
  const [text, setText] = useState("");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const token = tokenOf(text);
    if (token === "") return;
    keepToken(token);
    client.enter(token);
  };
  return (
    <form onSubmit={submit} className="flex w-full flex-col gap-3 sm:flex-row">
      <input
        type="password"
        aria-label="Link or token"
        placeholder="Link or token"
        autoComplete="off"
        spellCheck={false}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="field"
      />
      <Button tone="primary" type="submit" disabled={text.trim() === ""}>
        Open
      </Button>
    </form>
  );
}

/** In the server's words, with the id that finds them in the logs. */
function Words({ refusal }: { refusal: Refusal | null }) {
  if (!refusal) return null;
  return (
    <p role="alert">
      {visible(refusal.message)}
      {refusal.id !== "" && (
        <span className="mono mt-1 block text-12 text-faint">{visible(refusal.id)}</span>
      )}
    </p>
  );
}

export function Wrong() {
  const client = useLogs();
  const { refusal } = useStore(client);
  return (
    <Message icon={SearchX} title="The filters cannot be used">
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
        <Message icon={FolderSearch} title="The server is away">
          <p>Nothing answers at this address. It is tried again until it is back.</p>
        </Message>
      </div>
    );
  }
  const isFiltered = countOf(filters) > 0 || filters.text !== "";
  return (
    <div className="flex h-full">
      {isFiltered ? (
        <Message icon={SearchX} title="No line matches">
          <p>New lines that match will show up here by themselves.</p>
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
              : "Lines show up here as soon as a service writes them into the log folder."}
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
      <span className="sr-only">Loading lines</span>
      {PLACEHOLDERS.map((width) => (
        <span key={width} aria-hidden className="flex gap-5">
          <span className="h-3 w-24 rounded-full bg-hover" />
          <span className="h-3 rounded-full bg-hover" style={{ width: `${width}%` }} />
        </span>
      ))}
    </div>
  );
}
