import { ChevronLeft, ChevronRight } from "lucide-react";
import { IconButton } from "../ui/button";

interface PagerProps {
  page: number;
  pages: number;
  onPage(page: number): void;
}

/** Through the pages of a large room. */
export function Pager({ page, pages, onPage }: PagerProps) {
  return (
    <nav
      aria-label="Pages of people"
      className="glass-1 absolute bottom-[74px] left-1/2 z-20 flex h-11 -translate-x-1/2 items-center gap-1 rounded-full px-0.5 md:right-3 md:bottom-[22px] md:left-auto md:h-12 md:translate-x-0 md:px-1"
    >
      <IconButton
        icon={ChevronLeft}
        label="Previous page"
        disabled={page === 0}
        onClick={() => onPage(page - 1)}
        className="disabled:opacity-30"
      />
      <span className="min-w-12 text-center text-14 tabular-nums" aria-live="polite">
        {page + 1} of {pages}
      </span>
      <IconButton
        icon={ChevronRight}
        label="Next page"
        disabled={page === pages - 1}
        onClick={() => onPage(page + 1)}
        className="disabled:opacity-30"
      />
    </nav>
  );
}
