// Which lines of a long conversation are in the page. Everything loaded stays in memory, where it is cheap; rows cost
// frames (at 100,000 a frame takes 18–63 ms in WebKitGTK, at 500 it takes 16), so the page holds a span of them.

/** From `start` to before `end`, as places in the loaded lines. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** At most so many lines are in the page. */
export const SPAN_LINES = 500;

/** So many lines come into the page at a time. */
export const SPAN_STEP = 100;

/** The newest lines of `total`. */
export function newest(total: number): Span {
  return { start: Math.max(0, total - SPAN_LINES), end: total };
}

/** So many lines of `total` with the line at `at` among them, as near to their middle as can be. */
export function around(at: number, total: number): Span {
  const end = Math.min(total, Math.max(at - SPAN_LINES / 2, 0) + SPAN_LINES);
  return { start: Math.max(0, end - SPAN_LINES), end };
}

/** A step towards older lines; the newest leave when it gets long. */
export function older(span: Span): Span {
  const start = Math.max(0, span.start - SPAN_STEP);
  return { start, end: Math.min(span.end, start + SPAN_LINES) };
}

/** A step towards newer lines of `total`; the oldest leave when it gets long. */
export function newer(span: Span, total: number): Span {
  const end = Math.min(total, span.end + SPAN_STEP);
  return { start: Math.max(span.start, end - SPAN_LINES), end };
}

/** Older lines were put before all others: the same lines stay in the page, with a step of the new ones. */
export function shifted(span: Span, count: number): Span {
  const moved = { start: span.start + count, end: span.end + count };
  return count > 0 ? older(moved) : span;
}

/** The lines at the end became `after` from `before`: a span that showed the end goes on showing it. */
export function grown(span: Span, before: number, after: number): Span {
  if (span.end < before) return { start: span.start, end: Math.min(span.end, after) };
  return { start: Math.max(Math.min(span.start, after), after - SPAN_LINES), end: after };
}
