/** Rows drawn beyond each edge, so that a quick scroll shows no gap. */
const BEYOND = 12;

export interface Range {
  begin: number;
  end: number;
}

/** Which of `count` rows of one height are to be drawn. */
export function visibleRange(
  scrollTop: number,
  height: number,
  rowHeight: number,
  count: number,
): Range {
  const first = Math.floor(Math.max(0, scrollTop) / rowHeight) - BEYOND;
  const last = Math.ceil((Math.max(0, scrollTop) + height) / rowHeight) + BEYOND;
  const begin = Math.min(Math.max(0, first), count);
  return { begin, end: Math.max(begin, Math.min(last, count)) };
}
