import { Pause, Play, Search, SlidersHorizontal, X } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { countOf } from "@/lib/logs/filters";
import type { LogsState } from "@/lib/logs/logs_state";
import { useStore } from "../hooks/use_store";
import { BrandMark } from "../ui/brand";
import { classes } from "../ui/classes";
import { Icon } from "../ui/icon";
import { useLogs } from "./open_logs";
import { RoomField } from "./room_field";

const SEARCH_AFTER_MS = 300;

interface TopBarProps {
  filtering: boolean;
  onFiltering(): void;
}

/** Name, search, and whether the list moves. */
export function TopBar({ filtering, onFiltering }: TopBarProps) {
  const client = useLogs();
  const { filters } = useStore(client);
  const count = countOf(filters);
  return (
    <header className="glass-1 flex shrink-0 items-center gap-2 rounded-tile p-2 max-md:flex-wrap sm:gap-3 sm:pl-4">
      <BrandMark className="h-6 w-9 max-sm:hidden" />
      <span aria-hidden className="text-16 font-semibold max-sm:hidden">
        Logs
      </span>
      <SearchField />
      <RoomField className="max-md:order-last max-md:w-full md:w-52 lg:w-60" />
      <button
        type="button"
        aria-expanded={filtering}
        aria-label={count > 0 ? `Filters, ${count} set` : "Filters"}
        onClick={onFiltering}
        className={classes(
          "relative inline-flex size-10 shrink-0 items-center justify-center rounded-control transition-colors lg:hidden",
          filtering ? "bg-press text-text" : "bg-hover text-secondary hover:bg-press",
        )}
      >
        <Icon icon={SlidersHorizontal} />
        {count > 0 && (
          <span className="absolute -top-1 -right-1 grid size-5 place-items-center rounded-full bg-accent text-12 font-semibold text-on-accent">
            {count}
          </span>
        )}
      </button>
      <Motion />
    </header>
  );
}

function SearchField() {
  const client = useLogs();
  const { filters } = useStore(client);
  const [text, setText] = useState(filters.text);
  const input = useRef<HTMLInputElement>(null);
  // The address may say something else by now: the browser's back button.
  useEffect(() => setText(filters.text), [filters.text]);
  useEffect(() => {
    if (text === filters.text) return;
    const timer = setTimeout(() => client.filter({ text }), SEARCH_AFTER_MS);
    return () => clearTimeout(timer);
  }, [client, text, filters.text]);
  useSlash(() => input.current?.focus());
  return (
    <search className="relative min-w-0 flex-1">
      <Icon
        icon={Search}
        className="pointer-events-none absolute top-2 left-3 text-faint max-sm:left-2"
      />
      <input
        ref={input}
        type="text"
        aria-label="Search in all lines"
        aria-keyshortcuts="/"
        placeholder="Search"
        spellCheck={false}
        autoComplete="off"
        maxLength={200}
        value={text}
        onChange={(event) => setText(event.target.value)}
        className="field field-compact field-search"
      />
      {text !== "" && (
        <button
          type="button"
          aria-label="Clear the search"
          onClick={() => {
            setText("");
            client.filter({ text: "" });
            input.current?.focus();
          }}
          className="absolute top-1 right-1 grid size-8 place-items-center rounded-full text-secondary transition-colors hover:bg-hover hover:text-text"
        >
          <Icon icon={X} className="scale-75" />
        </button>
      )}
    </search>
  );
}

/** "/" leads to the search, as on many pages; not while something is written. */
function useSlash(go: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
      if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) return;
      event.preventDefault();
      go();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}

/** Pause and go on, and which of both is the case. */
function Motion() {
  const client = useLogs();
  const state = useStore(client);
  const still = state.paused || state.reading;
  return (
    <>
      <Liveness state={state} />
      <button
        type="button"
        aria-pressed={still}
        title={still ? "Resume" : "Pause"}
        onClick={() => (still ? client.goOn() : client.pause())}
        className={classes(
          "inline-flex h-10 shrink-0 items-center justify-center gap-2 rounded-control text-14 font-medium transition-colors max-sm:w-10 sm:w-28",
          still ? "bg-accent text-on-accent hover:bg-accent-strong" : "bg-hover hover:bg-press",
        )}
      >
        <Icon icon={still ? Play : Pause} />
        <span className="max-sm:sr-only">{still ? "Resume" : "Pause"}</span>
      </button>
    </>
  );
}

function Liveness({ state }: { state: LogsState }) {
  const [word, look] = livenessOf(state);
  return (
    <p
      role="status"
      className="flex shrink-0 items-center gap-2 text-14 text-secondary max-sm:sr-only"
    >
      <span aria-hidden className={classes("size-2 rounded-full", look)} />
      <span className="min-w-13">{word}</span>
    </p>
  );
}

function livenessOf(state: LogsState): [string, string] {
  if (state.phase === "away") return ["Offline", "bg-warning"];
  if (state.phase === "refused") return ["Refused", "bg-danger"];
  if (state.phase === "wrong") return ["Stopped", "bg-warning"];
  if (state.phase !== "live") return ["Loading…", "bg-faint animate-breathe"];
  if (state.paused || state.reading) return ["Paused", "bg-secondary"];
  return ["Live", "bg-good"];
}
