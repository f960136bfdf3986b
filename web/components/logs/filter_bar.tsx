import { ChevronDown, FilterX } from "lucide-react";
import { useEffect, useId, useState } from "react";
import { brief } from "@/lib/logs/clean";
import { countOf, fieldOfUtc, utcOfField } from "@/lib/logs/filters";
import { LEVELS } from "@/lib/logs/types";
import { useStore } from "../hooks/use_store";
import { classes } from "../ui/classes";
import { Icon } from "../ui/icon";
import { useLogs } from "./open_logs";

const APPLY_AFTER_MS = 400;
const LEVEL_LABELS: Readonly<Record<string, string>> = {
  debug: "Everything",
  info: "Info and above",
  warning: "Warnings and errors",
  error: "Errors only",
};

/** What is shown. Always there on wide screens, on phones when it is asked for. */
export function FilterBar({ open }: { open: boolean }) {
  const client = useLogs();
  const { filters, status, events } = useStore(client);
  const services = withChosen(status?.services ?? [], filters.service);
  return (
    <form
      aria-label="Filters"
      onSubmit={(event) => event.preventDefault()}
      className={classes(
        "glass-1 shrink-0 grid-cols-2 gap-2 rounded-tile p-2 sm:grid-cols-4 lg:grid lg:grid-cols-[repeat(7,minmax(0,1fr))_auto]",
        open ? "animate-fade grid" : "hidden",
      )}
    >
      <Choice
        label="Level"
        value={filters.level}
        onChange={(level) => client.filter({ level })}
        choices={[["", "Any level"], ...LEVELS.slice(1).map(levelChoice)]}
      />
      <Choice
        label="Service"
        value={filters.service}
        onChange={(service) => client.filter({ service })}
        choices={[
          ["", "Any service"],
          ...services.map((each): [string, string] => [each, brief(each, 40)]),
        ]}
      />
      <Word name="event" label="Event" hint="Any event" suggestions={events} />
      <Word name="room" label="Room" hint="Any room" />
      <Word name="participant" label="Participant" hint="Any participant" />
      <Time name="from" label="From (UTC)" />
      <Time name="to" label="To (UTC)" />
      <ClearButton />
      {filters.trace !== "" && <Chip label="Trace" name="trace" value={filters.trace} />}
      {filters.session !== "" && <Chip label="Session" name="session" value={filters.session} />}
    </form>
  );
}

function levelChoice(level: string): [string, string] {
  return [level, LEVEL_LABELS[level] ?? level];
}

function withChosen(services: readonly string[], chosen: string): readonly string[] {
  return chosen === "" || services.includes(chosen) ? services : [...services, chosen];
}

function ClearButton() {
  const client = useLogs();
  const { filters } = useStore(client);
  const count = countOf(filters) + (filters.text === "" ? 0 : 1);
  return (
    <button
      type="button"
      disabled={count === 0}
      onClick={() => client.clearFilters()}
      className="inline-flex h-10 items-center justify-center gap-2 rounded-control px-3 text-14 font-medium text-secondary transition-colors enabled:hover:bg-hover enabled:hover:text-text disabled:text-faint max-lg:bg-hover"
    >
      <Icon icon={FilterX} />
      Clear
    </button>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  choices: readonly [string, string][];
  onChange(value: string): void;
}

function Choice({ label, value, choices, onChange }: ChoiceProps) {
  return (
    <label className="relative block min-w-0">
      <span className="sr-only">{label}</span>
      <select
        value={value}
        onChange={(event) => onChange(event.target.value)}
        className={classes(
          "field field-compact appearance-none truncate pr-9 [&>option]:bg-raised",
          value === "" ? "field-unset" : "field-set",
        )}
      >
        {choices.map(([each, words]) => (
          <option key={each} value={each}>
            {words}
          </option>
        ))}
      </select>
      <Icon
        icon={ChevronDown}
        className="pointer-events-none absolute top-2 right-2 scale-75 text-faint"
      />
    </label>
  );
}

interface WordProps {
  name: "event" | "room" | "participant";
  label: string;
  hint: string;
  suggestions?: readonly string[];
}

/** A text that counts when nobody has typed for a moment. */
function Word({ name, label, hint, suggestions }: WordProps) {
  const client = useLogs();
  const { filters } = useStore(client);
  const [text, setText] = useState(filters[name]);
  const listId = useId();
  useEffect(() => setText(filters[name]), [filters, name]);
  useEffect(() => {
    if (text === filters[name]) return;
    const timer = setTimeout(() => client.filter({ [name]: text }), APPLY_AFTER_MS);
    return () => clearTimeout(timer);
  }, [client, text, filters, name]);
  return (
    <label className="block min-w-0">
      <span className="sr-only">{label}</span>
      <input
        type="text"
        value={text}
        placeholder={hint}
        spellCheck={false}
        autoComplete="off"
        maxLength={200}
        list={suggestions ? listId : undefined}
        onChange={(event) => setText(event.target.value)}
        className={classes("field field-compact", text !== "" && "field-set")}
      />
      {suggestions && (
        <datalist id={listId}>
          {suggestions.map((each) => (
            <option key={each} value={each} />
          ))}
        </datalist>
      )}
    </label>
  );
}

/** Logs are in UTC, and so is this field. */
function Time({ name, label }: { name: "from" | "to"; label: string }) {
  const client = useLogs();
  const { filters } = useStore(client);
  const set = filters[name] !== "";
  const [open, setOpen] = useState(false);
  // A date field without a date shows a form nobody needs: until it is used it is a word.
  const asDate = set || open;
  return (
    <label className="block min-w-0">
      <span className="sr-only">{label}</span>
      <input
        type={asDate ? "datetime-local" : "text"}
        step="1"
        placeholder={label}
        value={fieldOfUtc(filters[name])}
        onFocus={() => setOpen(true)}
        onBlur={() => setOpen(false)}
        onChange={(event) => client.filter({ [name]: utcOfField(event.target.value) })}
        className={classes("field field-compact", set && "field-set")}
      />
    </label>
  );
}

function Chip({ label, name, value }: { label: string; name: "trace" | "session"; value: string }) {
  const client = useLogs();
  return (
    <button
      type="button"
      aria-label={`${label} ${brief(value, 40)}: remove this filter`}
      onClick={() => client.filter({ [name]: "" })}
      className="field-set col-span-2 flex h-10 min-w-0 items-center gap-2 rounded-control px-3 text-14 transition-colors hover:bg-hover"
    >
      <span className="text-secondary">{label}</span>
      <span className="mono truncate">{brief(value, 40)}</span>
    </button>
  );
}
