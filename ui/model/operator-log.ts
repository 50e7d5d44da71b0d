// What the log shows, line by line: day separators, groups by author and minute, one status at the end of a group.
import type { Message } from "../generated/Message";
import type { MessageStatus } from "../generated/MessageStatus";
import type { Operator } from "../generated/Operator";
import type { Receipts } from "../generated/Receipts";
import { statusOf } from "./operator-conversation";

/** Who a line is from, as the operator who looks sees it. */
export type Side = "visitor" | "own" | "colleague";

/** A line of words. */
export interface WordsItem {
  readonly type: "words";
  readonly key: string;
  readonly message: Message;
  readonly side: Side;
  /** First and last of its group. */
  readonly first: boolean;
  readonly last: boolean;
  /** How far it has come; `null` for what the visitor wrote. */
  readonly status: MessageStatus | null;
  /** Is the status drawn? At a group's end, and where the next line has another. */
  readonly statusShown: boolean;
}

/** What the log shows. */
export type LogItem =
  | { readonly type: "day"; readonly key: string; readonly date: number }
  | { readonly type: "system"; readonly key: string; readonly message: Message }
  | WordsItem;

/** The log of these lines. */
export function logItems(messages: readonly Message[], receipts: Receipts, me: Operator | null): LogItem[] {
  const items: LogItem[] = [];
  messages.forEach((message, index) => {
    const before = messages[index - 1];
    if (before === undefined || !sameDay(before.date, message.date)) {
      items.push({ type: "day", key: `day-${message.key}`, date: message.date });
    }
    items.push(
      message.kind === "message"
        ? words(message, before, messages[index + 1], receipts, me)
        : { type: "system", key: message.key, message },
    );
  });
  return items;
}

/** Which side a line is on. */
export function sideOf(message: Message, me: Operator | null): Side {
  if (message.sender === "visitor") return "visitor";
  return message.mine || (me !== null && message.operator?.id === me.id) ? "own" : "colleague";
}

/** Are both on the same day here? */
export function sameDay(a: number, b: number): boolean {
  return new Date(a).toDateString() === new Date(b).toDateString();
}

function words(
  message: Message,
  before: Message | undefined,
  after: Message | undefined,
  receipts: Receipts,
  me: Operator | null,
): WordsItem {
  const side = sideOf(message, me);
  const status = side === "visitor" ? null : statusOf(message, receipts);
  const last = after === undefined || !sameGroup(message, after, me);
  return {
    type: "words",
    key: message.key,
    message,
    side,
    first: before === undefined || !sameGroup(before, message, me),
    last,
    status,
    statusShown: status !== null && (last || status !== statusOf(after, receipts)),
  };
}

function sameGroup(a: Message, b: Message, me: Operator | null): boolean {
  return (
    a.kind === "message" &&
    b.kind === "message" &&
    sideOf(a, me) === sideOf(b, me) &&
    a.operator?.id === b.operator?.id &&
    Math.floor(a.date / 60_000) === Math.floor(b.date / 60_000)
  );
}
