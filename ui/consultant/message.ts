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
  if (line.kind !== "message" || line.sender === "system") {
    const text = line.kind === "message" ? line.text : systemText(line, texts);
    return { text, ...common, source: "System", from: "System", sender: "system" };
  }
  if (line.sender === "operator") {
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

/** The status as controllers know it. */
export function publicStatus(status: MessageStatus): PublicStatus {
  return status === "held" ? "failed" : status;
}

const CLOSED: Partial<Record<string, VisitorText>> = {
  closed_by_operator: "system.closed_by_operator",
  closed_by_visitor: "system.closed_by_visitor",
  closed_by_timeout: "system.closed_by_timeout",
};

function systemText(line: Message, { t }: Texts): string {
  const name = line.operator?.name ?? "";
  switch (line.kind) {
    case "opened":
      return t("system.opened");
    case "joined":
      return name ? t("system.joined", { name }) : t("system.joined_nameless");
    case "left":
      return name ? t("system.left", { name }) : t("system.left_nameless");
    case "closed":
      return t(CLOSED[line.reason ?? ""] ?? "system.closed");
    case "message":
      return line.text;
  }
}
