import { ArrowUp } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { visibleRange } from "@/lib/logs/viewport";
import { useSize } from "../hooks/use_size";
import { useStore } from "../hooks/use_store";
import { Icon } from "../ui/icon";
import { LogRow } from "./log_row";
import { OlderLines } from "./older_lines";
import { useLogs } from "./open_logs";
import { Empty, LoadingLines } from "./states";

const WIDE_ROW_PX = 36;
const PHONE_ROW_PX = 60;
const PHONE_WIDTH_PX = 640;
/** So near to the end, older lines are fetched. */
const NEAR_END_PX = 600;
/** Of its header. */
const HEAD_PX = 36;

/** The newest line above. Only the rows in sight are drawn, however many there are. */
export function LogList() {
  const client = useLogs();
  const { phase, rows, selected, next } = useStore(client);
  const scroller = useRef<HTMLDivElement>(null);
  const { width, height } = useSize(scroller);
  const [top, setTop] = useState(0);
  const isPhone = width > 0 && width < PHONE_WIDTH_PX;
  const rowHeight = isPhone ? PHONE_ROW_PX : WIDE_ROW_PX;
  const headHeight = isPhone ? 0 : HEAD_PX;
  const { begin, end } = visibleRange(top - headHeight, height, rowHeight, rows.length);
  useStartOver(scroller);
  const onScroll = () => {
    const element = scroller.current;
    if (!element) return;
    setTop(element.scrollTop);
    client.read(element.scrollTop > rowHeight / 2);
    const left = element.scrollHeight - element.scrollTop - element.clientHeight;
    if (left < NEAR_END_PX && element.scrollTop > 0) void client.loadOlder();
  };
  useArrows((step) => {
    const at = rows.findIndex(({ id }) => id === selected?.id);
    const row = at < 0 ? undefined : rows[at + step];
    if (!row) return false;
    client.select(row);
    reveal(scroller.current, (at + step) * rowHeight, rowHeight, headHeight);
    return true;
  });
  const isEmpty = rows.length === 0;
  return (
    <>
      <div
        ref={scroller}
        onScroll={onScroll}
        data-testid="lines"
        className="min-h-0 flex-1 overflow-x-hidden overflow-y-auto overscroll-contain [overflow-anchor:none]"
      >
        {isEmpty ? (
          phase === "live" || phase === "away" ? (
            <Empty />
          ) : (
            <LoadingLines />
          )
        ) : (
          <>
            {!isPhone && <Head />}
            <ul
              aria-label="Log lines, newest first"
              className="relative"
              style={{ height: rows.length * rowHeight }}
            >
              {rows.slice(begin, end).map((row, index) => (
                <LogRow
                  key={row.id}
                  row={row}
                  top={(begin + index) * rowHeight}
                  phone={isPhone}
                  selected={selected?.id === row.id}
                  onSelect={client.select.bind(client)}
                />
              ))}
            </ul>
            {next !== null && <OlderLines />}
          </>
        )}
      </div>
      <NewLines
        onClick={() => {
          client.goOn();
          scroller.current?.scrollTo({ top: 0 });
        }}
      />
    </>
  );
}

function Head() {
  return (
    <div
      aria-hidden
      className="log-grid sticky top-0 z-10 h-9 border-line border-b bg-raised px-4 text-12 font-medium text-faint"
    >
      <span>Time (UTC)</span>
      <span>Level</span>
      <span>Service</span>
      <span>Event</span>
      <span>Details</span>
    </div>
  );
}

/** Other filters, another list: from its beginning. */
function useStartOver(scroller: React.RefObject<HTMLDivElement | null>): void {
  const { filters } = useStore(useLogs());
  // biome-ignore lint/correctness/useExhaustiveDependencies: the filters are what it is about
  useEffect(() => {
    scroller.current?.scrollTo({ top: 0 });
  }, [filters]);
}

/** Up and down lead from the open line to the next; false: there is none. */
function useArrows(move: (step: number) => boolean): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
      const target = event.target as HTMLElement;
      if (step === 0 || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName)) return;
      if (move(step)) event.preventDefault();
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  });
}

function reveal(element: HTMLElement | null, top: number, height: number, head: number): void {
  if (!element) return;
  if (top < element.scrollTop) element.scrollTop = top;
  const bottom = top + height + head - element.clientHeight;
  if (bottom > element.scrollTop) element.scrollTop = bottom;
}

/** How much waits while the list stands still. */
function NewLines({ onClick }: { onClick(): void }) {
  const { heldCount } = useStore(useLogs());
  if (heldCount === 0) return null;
  const words = heldCount === 1 ? "1 new line" : `${heldCount.toLocaleString("en")} new lines`;
  return (
    <button
      type="button"
      data-testid="new-lines"
      onClick={onClick}
      className="animate-pop absolute top-12 left-1/2 z-20 inline-flex h-10 -translate-x-1/2 items-center gap-2 rounded-full bg-accent pr-5 pl-3 text-14 font-semibold text-on-accent shadow-[0_8px_24px_rgb(0_0_0/0.4)] transition-colors hover:bg-accent-strong max-sm:top-3"
    >
      <Icon icon={ArrowUp} />
      {words}
    </button>
  );
}
