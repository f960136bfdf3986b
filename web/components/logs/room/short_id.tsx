import { Copy, CopyCheck } from "lucide-react";
import { brief, visible } from "@/lib/logs/clean";
import { shortId } from "@/lib/logs/story/words";
import { useCopy } from "../../hooks/use_copy";
import { Icon } from "../../ui/icon";

/** The beginning of an id; a click copies all of it. */
export function ShortId({ what, id }: { what: string; id: string }) {
  const [copied, copy] = useCopy(id);
  const short = brief(shortId(id), 40);
  return (
    <button
      type="button"
      onClick={copy}
      title={visible(id)}
      aria-label={copied ? "Copied" : `Copy ${what} ${short}`}
      className="mono inline-flex min-h-6 max-w-full items-center gap-1 rounded-control text-12 text-secondary transition-colors hover:text-text"
    >
      <span className="truncate">{short}</span>
      <Icon icon={copied ? CopyCheck : Copy} className="-mx-1 -my-1 scale-50" />
    </button>
  );
}
