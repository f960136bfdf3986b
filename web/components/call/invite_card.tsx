import { Check, Copy } from "lucide-react";
import { useShareLink } from "../room/share_link";
import { classes } from "../ui/classes";
import { Icon } from "../ui/icon";

/** The empty room: the link to share, large, one tap to copy. */
export function InviteCard({ beside }: { beside: boolean }) {
  const { link, copied, copy } = useShareLink();
  return (
    <div
      className={classes(
        "pointer-events-none absolute inset-x-0 bottom-[90px] sm:bottom-[124px] flex justify-center px-3",
        beside && "right-[372px]!",
      )}
    >
      <section
        aria-label="Invite others"
        className="glass-2 animate-rise pointer-events-auto flex w-full max-w-[440px] flex-col gap-3 rounded-panel p-4 sm:p-6"
      >
        <div>
          <h2 className="text-20 font-semibold tracking-[-0.01em]">You are the first one here</h2>
          <p className="text-14 text-secondary">Share this link to invite others.</p>
        </div>
        <button
          type="button"
          onClick={copy}
          data-testid="copy-link-large"
          className="group flex h-14 items-center gap-3 rounded-label bg-[oklch(0.13_0.018_265/0.7)] pr-2 pl-4 text-left shadow-[inset_0_0_0_1px_rgb(255_255_255/0.1)] transition-colors hover:bg-[oklch(0.13_0.018_265/0.9)]"
        >
          <span className="min-w-0 flex-1 truncate text-16">
            {link.replace(/^https?:\/\//, "")}
          </span>
          <span className="flex h-10 items-center gap-2 rounded-control bg-accent px-3 text-14 font-semibold text-on-accent transition-colors group-hover:bg-accent-strong">
            <Icon icon={copied ? Check : Copy} />
            {copied ? "Copied" : "Copy"}
          </span>
        </button>
        <span role="status" className="sr-only">
          {copied ? "Link copied" : ""}
        </span>
      </section>
    </div>
  );
}
