// Rows and lines for tests: whole, with what a test does not name set to the ordinary.
import type { Conversation } from "../generated/Conversation";
import type { Message } from "../generated/Message";
import type { Operator } from "../generated/Operator";
import type { OperatorBoot } from "../generated/OperatorBoot";
import type { PersonCard } from "../generated/PersonCard";
import type { RequestLine } from "../generated/RequestLine";
import type { SiteView } from "../generated/SiteView";
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
    group: null,
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
    detail: null,
    file: null,
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
    site: null,
    requests: [],
    open_requests: 0,
    session_only: false,
    summon: null,
    ...change,
  };
}

/** What the desk knows of a visitor of whom it knows nothing. */
export function aPerson(visitor: string, change: Partial<PersonCard> = {}): PersonCard {
  return {
    visitor,
    card: { name: "", emails: [], phones: [] },
    first_seen: 0,
    last_seen: 0,
    visits: 1,
    chats: 0,
    ratings: [],
    consented: 0,
    banned: false,
    devices: 1,
    ...change,
  };
}

/** An offline message, open. */
export function aRequest(id: string, change: Partial<RequestLine> = {}): RequestLine {
  return {
    id,
    visitor: "a",
    visitor_name: null,
    date: 0,
    body: { type: "offline", name: "", email: "", phone: "", text: id, group: null },
    done_by: null,
    ...change,
  };
}

/** A site where nothing was set, with Anna looking after it. */
export function aSite(version = 1): SiteView {
  return {
    settings: {
      version,
      form: {
        title: "",
        banner_color: "",
        group_title: "",
        groups: [],
        fields: [],
        offline_fields: [],
        rating: true,
        mail: false,
        retention: { messages: [], way: null, way_after_s: 0 },
        consent: null,
        files: { enabled: true, max_bytes: 26_214_400, types: [], groups: [] },
      },
      rules: [],
      times: { invite_s: 300, idle_s: 3_600, gone_s: 1_800 },
      mail: null,
      quota: { visitor_day_bytes: 104_857_600, site_bytes: 10_737_418_240 },
    },
    operators: [{ operator: ANNA, groups: [], admin: true, online: true }],
    admin: true,
  };
}
