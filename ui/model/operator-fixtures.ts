// Rows and lines for tests: whole, with what a test does not name set to the ordinary.
import type { Conversation } from "../generated/Conversation";
import type { Message } from "../generated/Message";
import type { Operator } from "../generated/Operator";
import type { OperatorBoot } from "../generated/OperatorBoot";
import type { VisitorListRow } from "../generated/VisitorListRow";

export const ANNA: Operator = { id: "anna", name: "Anna", position: "" };
export const JULIA: Operator = { id: "julia", name: "Julia", position: "" };

/** A visitor on the site without a chat. */
export function aRow(visitor: string, change: Partial<VisitorListRow> = {}): VisitorListRow {
  return {
    visitor,
    name: null,
    status: "on_site",
    since: 0,
    connected: true,
    chatting: false,
    operator: null,
    last_text: null,
    last_sender: null,
    last_date: null,
    unread: 0,
    ...change,
  };
}

/** What the visitor wrote, confirmed. */
export function aLine(seq: number | null, change: Partial<Message> = {}): Message {
  return {
    key: `m${String(seq)}`,
    kind: "message",
    text: `Line ${String(seq)}`,
    date: (seq ?? 0) * 1_000,
    sender: "visitor",
    mine: false,
    operator: null,
    seq,
    message_id: null,
    uid: null,
    chat_id: null,
    status: "sent",
    code: null,
    reason: null,
    ...change,
  };
}

/** What this device wrote, waiting unless it has a seq. */
export function ownLine(uid: string, seq: number | null = null, change: Partial<Message> = {}): Message {
  return aLine(seq, {
    key: uid,
    uid,
    text: uid,
    sender: "operator",
    mine: true,
    operator: ANNA,
    status: seq === null ? "queued" : "sent",
    ...change,
  });
}

/** A conversation as the backend opens it. */
export function aConversation(visitor: string, messages: Message[], more = false): Conversation {
  return { visitor, messages, more, receipts: { delivered: 0, read: 0 }, typing: null };
}

/** A signed-in operator with these visitors. */
export function aBoot(rows: VisitorListRow[] = [], change: Partial<OperatorBoot> = {}): OperatorBoot {
  return {
    phase: "ready",
    locale: "en",
    operator: ANNA,
    online: true,
    connection: { phase: "online", since: 0, code: null, sentence: null },
    desk: "desk.example",
    hosting: null,
    rows,
    total: rows.length,
    session_only: false,
    ...change,
  };
}
