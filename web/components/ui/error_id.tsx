import { Copy, CopyCheck } from "lucide-react";
import { useCopy } from "../hooks/use_copy";
import { classes } from "./classes";
import { Icon } from "./icon";

/** By which whoever runs the server finds an error in its log. Copies itself. */
export function ErrorId({ id, className = "text-faint" }: { id: string; className?: string }) {
  const [copied, copy] = useCopy(id);
  return (
    <button
      type="button"
      onClick={copy}
      title="Copy the error id"
      className={classes(
        "inline-flex max-w-full items-center gap-1 rounded-control px-3 py-2 text-left text-12 tabular-nums transition-colors hover:bg-hover hover:text-text",
        className,
      )}
    >
      <span className="min-w-0">{copied ? "Copied" : `Error ${id}`}</span>
      <Icon icon={copied ? CopyCheck : Copy} className="-my-1 scale-60" />
    </button>
  );
}
