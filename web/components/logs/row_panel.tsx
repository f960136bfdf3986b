import { Copy, CopyCheck, Filter, Route, Stethoscope } from "lucide-react";
import type { ReactNode } from "react";
import { brief, shown } from "@/lib/logs/clean";
import { damageSentence, titleOf } from "@/lib/logs/rows";
import { roomAddress } from "@/lib/logs/story/addresses";
import { momentOf } from "@/lib/logs/times";
import type { Filters, Row } from "@/lib/logs/types";
import { useCopy } from "../hooks/use_copy";
import { useStore } from "../hooks/use_store";
import { classes } from "../ui/classes";
import { Icon } from "../ui/icon";
import { LEVEL_LOOKS } from "./log_row";
import { useLogs } from "./open_logs";
import { Panel } from "./panel";

/** A line with all its fields. */
export function RowPanel() {
  const client = useLogs();
  const { selected } = useStore(client);
  if (!selected) return null;
  return (
    <Panel
      title={brief(titleOf(selected), 80)}
      testId="row-panel"
      onClose={() => client.select(null)}
    >
      <div className="overflow-y-auto px-5 pb-5">
        <Heading row={selected} />
        <TraceButton row={selected} />
        <ExplainLink row={selected} />
        <dl className="mt-4 flex flex-col gap-3">
          <Known row={selected} name="room" />
          <Known row={selected} name="participant" />
          <Known row={selected} name="session" />
          <Known row={selected} name="trace" />
          {selected.fields.map(({ name, text }) => (
            <Entry key={name} name={brief(name, 80)} text={text} />
          ))}
          <Entry name="file" text={selected.file} />
        </dl>
      </div>
    </Panel>
  );
}

function Heading({ row }: { row: Row }) {
  const where = [row.service, row.instance].filter(Boolean).join(" ");
  return (
    <>
      <p className="text-14 text-secondary">
        <span className={LEVEL_LOOKS[row.level]}>{row.level}</span>
        {where && ` · ${brief(where, 120)}`}
      </p>
      <p className="mono mt-1 text-12 text-secondary">{momentOf(row.timeUs)}</p>
      {row.damage && (
        <p className="mt-3 rounded-control bg-hover p-3 text-14">
          {damageSentence(row.damage)}
          {row.octets > 0 && ` It has ${row.octets.toLocaleString("en")} bytes.`}
        </p>
      )}
    </>
  );
}

function TraceButton({ row }: { row: Row }) {
  const client = useLogs();
  if (row.trace === "") return null;
  return (
    <button
      type="button"
      data-testid="show-trace"
      onClick={() => void client.showTrace(row.trace)}
      className="mt-3 inline-flex h-10 w-full items-center justify-center gap-2 rounded-control bg-accent px-4 text-14 font-semibold text-on-accent transition-colors hover:bg-accent-strong"
    >
      <Icon icon={Route} />
      Follow this trace
    </button>
  );
}

/** The call that the line belongs to, on a page of its own. */
function ExplainLink({ row }: { row: Row }) {
  if (row.room === "") return null;
  return (
    <a
      href={roomAddress(row.room, row.timeUs)}
      className="mt-2 inline-flex h-10 w-full items-center justify-center gap-2 rounded-control bg-hover px-4 text-14 font-semibold transition-colors hover:bg-press"
    >
      <Icon icon={Stethoscope} />
      Explain this call
    </a>
  );
}

type KnownName = keyof Filters & keyof Row;

/** A field that the list can be filtered by. */
function Known({ row, name }: { row: Row; name: KnownName }) {
  const client = useLogs();
  const value = String(row[name]);
  if (value === "") return null;
  return (
    <Entry name={name} text={value}>
      <Act
        icon={Filter}
        label={`Show only this ${name}`}
        onClick={() => client.filter({ [name]: value })}
      />
    </Entry>
  );
}

function Entry({ name, text, children }: { name: string; text: string; children?: ReactNode }) {
  const [copied, copy] = useCopy(text);
  return (
    <div>
      <dt className="text-12 text-faint">{name}</dt>
      <dd className="flex items-start gap-1">
        <span className="mono min-w-0 flex-1 text-14 break-words whitespace-pre-wrap">
          {shown(text) || "–"}
        </span>
        <span className="-mt-3 flex shrink-0 gap-1">
          {children}
          <Act
            icon={copied ? CopyCheck : Copy}
            label={copied ? "Copied" : `Copy ${name}`}
            onClick={copy}
          />
        </span>
      </dd>
    </div>
  );
}

function Act({ icon, label, onClick }: { icon: typeof Copy; label: string; onClick(): void }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onClick={onClick}
      className={classes(
        "grid size-8 shrink-0 place-items-center rounded-full text-faint",
        "transition-colors hover:bg-hover hover:text-text",
      )}
    >
      <Icon icon={icon} className="scale-75" />
    </button>
  );
}
