// A line of the conversation as controllers know it (§6 of the consultant API).
import type { Message } from "../generated/Message";
import type { MessageStatus } from "../generated/MessageStatus";
import { NO_FACE } from "./constants";
import type { Texts, VisitorText } from "./texts";

/** The message object. Every controller gets a copy of its own. */
export interface ChatMessage {
  /** Raw: whoever shows it escapes it. */
  text: string;
  /** Unix seconds. */
  date: number;
  source: "Operator" | "Visitor" | "System";
  /** The operator's name; otherwise equal to `source`. */
  from: string;
  chat_id: string | null;
  message_id: string | null;
  uid: string;
  sender: "operator" | "visitor" | "system" | "bot";
  operator_info?: { name: string; avatar: string };
  /** Falsy unless it is a file; not on system messages. */
  fx_link?: string | null;
  /** On an invitation: its words once more. */
  invite_message?: string;
  /** Ours: its place in the conversation; `null` until the desk has it, and such a line stands after all others. */
  seq: number | null;
  /** Ours: how far a visitor's message had come when the object was made; `messagestatus` tells the rest. */
  status?: PublicStatus;
}

/** Statuses as `messagestatus` names them: what is held is `failed` with the code `held`. */
export type PublicStatus = "queued" | "sent" | "delivered" | "read" | "failed";

/** Makes the object; `status` is the line's, receipts counted in. */
export function toChatMessage(line: Message, status: MessageStatus, texts: Texts): ChatMessage {
  const common = {
    date: Math.floor(line.date / 1000),
    chat_id: line.chat_id,
    message_id: line.message_id,
    uid: line.uid ?? line.message_id ?? line.key,
    seq: line.seq,
  };
  const isInvite = line.kind === "invited";
  if (!isInvite && (line.kind !== "message" || line.sender === "system")) {
    return { text: systemText(line, texts), ...common, source: "System", from: "System", sender: "system" };
  }
  if (isInvite || line.sender === "operator") {
    const name = line.operator?.name ?? "";
    return {
      text: line.text,
      ...common,
      source: "Operator",
      from: name,
      sender: "operator",
      operator_info: { name, avatar: NO_FACE },
      fx_link: null,
    };
  }
  const own = { source: "Visitor", from: "Visitor", sender: "visitor", fx_link: null } as const;
  return { text: line.text, ...common, ...own, status: publicStatus(status) };
}

/** What `invite` tells: an operator's message, also where a rule invites. */
export function inviteMessage(invite: Message, texts: Texts): ChatMessage {
  const message = toChatMessage({ ...invite, kind: "invited" }, "sent", texts);
  delete message.fx_link;
  return { ...message, invite_message: message.text };
}

/** The status as controllers know it. */
export function publicStatus(status: MessageStatus): PublicStatus {
  return status === "held" ? "failed" : status;
}

const CLOSED: Partial<Record<string, VisitorText>> = {
  closed_by_operator: "system.closed_by_operator",
  closed_by_visitor: "system.closed_by_visitor",
  closed_by_timeout: "system.closed_by_timeout",
  visitor_disconnected: "system.visitor_disconnected",
  visitor_banned: "system.visitor_banned",
};

function systemText(line: Message, { t }: Texts): string {
  const name = (line.detail?.type === "moved" ? line.detail.name : line.operator?.name) ?? "";
  if (line.kind === "opened") return t("system.opened");
  if (line.kind === "closed") return t(CLOSED[line.reason ?? ""] ?? "system.closed");
  if (line.kind !== "joined" && line.kind !== "left" && line.kind !== "moved") return line.text;
  return name ? t(`system.${line.kind}`, { name }) : t(`system.${line.kind}_nameless`);
}
