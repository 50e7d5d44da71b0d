// The lines of a conversation in the order in which they are shown (C6): what the desk has by seq, then what
// waits, in the order in which it was written. Never by clock.
//
// What must always hold: a line is here once, whatever is told twice.
import type { Message } from "../generated/Message";
import type { MessageKind } from "../generated/MessageKind";
import type { StatusChange } from "../generated/StatusChange";

/** Kinds that a visitor's form shows; an invitation is shown under conditions. */
const TALK: ReadonlySet<MessageKind> = new Set<MessageKind>([
  "message",
  "opened",
  "joined",
  "left",
  "closed",
  "moved",
  "invited",
]);

/** Is it a line of the conversation, and not what happened beside it? */
export function isTalk(line: Message): boolean {
  return TALK.has(line.kind);
}

/** The known lines, oldest first. */
export class Lines {
  #lines: Message[] = [];
  #base: number | null = null;

  constructor(lines: readonly Message[]) {
    for (const line of lines) this.place(line);
    this.#base = lowest(this.#lines);
  }

  get all(): readonly Message[] {
    return this.#lines;
  }

  /** What forms show, newest first: an invitation only where it was accepted and is none of `told`, by message id. */
  talk(told: ReadonlySet<string>): Message[] {
    const talk: Message[] = [];
    let isAccepted = false;
    for (let at = this.#lines.length - 1; at >= 0; at -= 1) {
      const line = this.#lines[at];
      if (!line || !isTalk(line)) continue;
      if (line.kind === "opened") isAccepted = line.detail?.type === "opened" && line.detail.by === "invite";
      if (line.kind !== "invited") {
        talk.push(line);
        continue;
      }
      if (isAccepted && !told.has(line.message_id ?? "")) talk.push(line);
      // An earlier one was not what was accepted.
      isAccepted = false;
    }
    return talk;
  }

  /** The highest place known; 0 where there is none. */
  get head(): number {
    return this.#lines.findLast((line) => line.seq !== null)?.seq ?? 0;
  }

  /** From this place on nothing is missing; an own line may have turned out to stand below it. */
  get base(): number | null {
    return this.#base;
  }

  /** Puts a line into its place and gives it; `null` where it was known already. */
  place(line: Message): Message | null {
    if (this.#lines.some((known) => isSame(known, line))) return null;
    const own = { ...line };
    this.#insert(own);
    this.#base ??= own.seq;
    return own;
  }

  /** Other lines take the place of all; gives those that were not known. One that was stays the same object. */
  replace(lines: readonly Message[]): Message[] {
    const known = new Map(this.#lines.map((line) => [line.key, line]));
    this.#lines = [];
    const fresh: Message[] = [];
    for (const line of lines) {
      const one = known.get(line.key);
      if (one) this.#insert(Object.assign(one, line));
      else fresh.push(this.place(line) ?? line);
    }
    this.#base = lowest(this.#lines);
    return fresh;
  }

  /** Puts a page of older lines (newest first) into their places; gives how many were new. */
  prepend(page: readonly Message[]): number {
    const base = this.#base ?? Infinity;
    const older = page.filter((line) => line.seq !== null && line.seq < base).reverse();
    this.#base = older[0]?.seq ?? this.#base;
    // Own lines that stand below all pages are few; the page goes before everything else, in place: a long
    // conversation is leafed through page by page, and a copy of all of it for each would be what that costs.
    const rest = this.#lines.findIndex((line) => line.seq === null || line.seq >= base);
    const below = this.#lines.splice(0, rest < 0 ? this.#lines.length : rest);
    const fresh = older.filter((line) => !below.some((known) => isSame(known, line)));
    const copies = [...below, ...fresh.map((line) => ({ ...line }))];
    this.#lines.unshift(...copies.sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0)));
    return fresh.length;
  }

  /** An own entry went on; gives the line, moved to its place. */
  change(change: StatusChange): Message | null {
    const line = this.find(change.uid);
    if (!line) return null;
    line.status = change.status;
    line.code = change.code;
    line.message_id = change.message_id ?? line.message_id;
    line.chat_id = change.chat_id ?? line.chat_id;
    line.date = change.date ?? line.date;
    if (change.seq !== null && line.seq === null) {
      this.remove(change.uid);
      line.seq = change.seq;
      this.#insert(line);
      this.#base ??= line.seq;
    }
    return line;
  }

  /** The line that this device wrote under `uid`. */
  find(uid: string): Message | null {
    return this.#lines.findLast((line) => line.uid === uid) ?? null;
  }

  /** Forgets a line that this device wrote. */
  remove(uid: string): void {
    this.#lines = this.#lines.filter((line) => line.uid !== uid);
  }

  #insert(line: Message): void {
    const { seq } = line;
    const before =
      seq === null
        ? this.#lines.length
        : this.#lines.findLastIndex((one) => one.seq !== null && one.seq < seq) + 1;
    this.#lines.splice(before, 0, line);
  }
}

function lowest(lines: readonly Message[]): number | null {
  return lines.find((line) => line.seq !== null)?.seq ?? null;
}

function isSame(a: Message, b: Message): boolean {
  return (a.seq !== null && a.seq === b.seq) || (a.uid !== null && a.uid === b.uid) || a.key === b.key;
}
