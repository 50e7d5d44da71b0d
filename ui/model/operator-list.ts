// The list of visitors: who comes first, and the three numbers above it. Time is passed in.
import type { Operator } from "../generated/Operator";
import type { VisitorListRow } from "../generated/VisitorListRow";

/** Parts of the list, in their order. */
export const SECTIONS = ["waiting", "mine", "others", "on_site", "gone"] as const;

/** A part of the list. */
export type Section = (typeof SECTIONS)[number];

/** A part with its rows. */
export interface ListSection {
  readonly section: Section;
  readonly rows: readonly VisitorListRow[];
}

/** The numbers in the list's head. */
export interface Numbers {
  readonly waiting: number;
  /** Since when the one who waits longest does (Unix milliseconds); `null` when nobody waits. */
  readonly longestSince: number | null;
  readonly mine: number;
}

/** How urgent a waiting time is. */
export type Urgency = "calm" | "warn" | "bad";

/** From here on a waiting time is worth a look (milliseconds). */
export const WAIT_WARN_MS = 60_000;

/** From here on it is bad (milliseconds). */
export const WAIT_BAD_MS = 180_000;

/** Where a row belongs, for the operator who looks. */
export function sectionOf(row: VisitorListRow, me: Operator | null): Section {
  if (row.status === "waiting") return "waiting";
  if (row.status === "in_chat") return me !== null && row.operator?.id === me.id ? "mine" : "others";
  // Who was invited, or looks at a form, is still somebody on the site who is in no chat.
  return row.status === "gone" ? "gone" : "on_site";
}

/**
 * The list in order, without empty parts. The longest wait is first; conversations stay where they are while words
 * come in; of those without a chat the latest is first.
 */
export function sections(
  rows: Iterable<VisitorListRow>,
  me: Operator | null,
  filter: string,
): readonly ListSection[] {
  const parts = new Map<Section, VisitorListRow[]>(SECTIONS.map((section) => [section, []]));
  for (const row of rows) if (matches(row, filter)) parts.get(sectionOf(row, me))?.push(row);
  return SECTIONS.map((section) => ({
    section,
    rows: (parts.get(section) ?? []).sort(ORDER[section]),
  })).filter((part) => part.rows.length > 0);
}

/** The three numbers, of all rows and not only the filtered ones. */
export function numbers(rows: Iterable<VisitorListRow>, me: Operator | null): Numbers {
  let waiting = 0;
  let mine = 0;
  let longestSince: number | null = null;
  for (const row of rows) {
    const section = sectionOf(row, me);
    if (section === "mine") mine += 1;
    if (section !== "waiting") continue;
    waiting += 1;
    longestSince = Math.min(longestSince ?? row.since, row.since);
  }
  return { waiting, longestSince, mine };
}

/** Unread messages that are this operator's concern: all but those in other operators' chats. */
export function unreadOf(rows: Iterable<VisitorListRow>, me: Operator | null): number {
  let unread = 0;
  for (const row of rows) if (sectionOf(row, me) !== "others") unread += row.unread;
  return unread;
}

/** How urgent a wait since then is. */
export function urgency(since: number, now: number): Urgency {
  const waited = now - since;
  if (waited >= WAIT_BAD_MS) return "bad";
  return waited >= WAIT_WARN_MS ? "warn" : "calm";
}

/** What a nameless visitor is known by: the first four signs of the id. */
export function shortId(visitor: string): string {
  return visitor
    .replace(/[^0-9a-z]/gi, "")
    .slice(0, 4)
    .toLowerCase();
}

/** One or two capitals for the round picture. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => firstSign(word));
  return letters.join("").toLocaleUpperCase();
}

/** Which of the six quiet tints a visitor has: the same one every day. */
export function tint(visitor: string): number {
  let sum = 0;
  for (const sign of visitor) sum = (sum * 31 + (sign.codePointAt(0) ?? 0)) % 9973;
  return sum % 6;
}

/** The row beside the chosen one, for the arrow keys; the ends stay. */
export function neighbour(order: readonly string[], from: string | null, step: 1 | -1): string | null {
  const at = from === null ? -1 : order.indexOf(from);
  if (at < 0) return (step === 1 ? order[0] : order.at(-1)) ?? null;
  return order[Math.min(order.length - 1, Math.max(0, at + step))] ?? null;
}

type Order = (a: VisitorListRow, b: VisitorListRow) => number;

const oldestFirst: Order = (a, b) => a.since - b.since || byId(a, b);
const newestFirst: Order = (a, b) => b.since - a.since || byId(a, b);
const byId: Order = (a, b) => (a.visitor < b.visitor ? -1 : 1);

const ORDER: Record<Section, Order> = {
  waiting: oldestFirst,
  mine: oldestFirst,
  others: oldestFirst,
  on_site: newestFirst,
  gone: newestFirst,
};

function matches(row: VisitorListRow, filter: string): boolean {
  const wanted = filter.trim().toLocaleLowerCase();
  if (wanted === "") return true;
  return [row.name, row.last_text, row.operator?.name, row.visitor].some((text) =>
    text?.toLocaleLowerCase().includes(wanted),
  );
}

function firstSign(word: string | undefined): string {
  // By grapheme: a name may begin with an emoji or a letter of two code points.
  if (word === undefined) return "";
  const [first] = new Intl.Segmenter().segment(word);
  return first?.segment ?? "";
}
