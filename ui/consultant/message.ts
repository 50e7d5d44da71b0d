// A line of the conversation as controllers know it (§6 of the consultant API).
import type { FilesBackend } from "../backend/backend";
import type { FileKind } from "../generated/FileKind";
import type { FileView } from "../generated/FileView";
import type { Message } from "../generated/Message";
import type { MessageStatus } from "../generated/MessageStatus";
import type { TransferState } from "../generated/TransferState";
import { sizeOf } from "../model/file-words";
import { NO_FACE } from "./constants";
import type { Texts, VisitorText } from "./texts";
import { makeUid } from "./uid";

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
  /** A file's name, with its true extension. */
  fx_name?: string;
  /** Its size in words. */
  fx_size_info?: string;
  /** Ours: what kind of file it is. */
  fx_kind?: FileKind;
  /** Ours: the address of its picture, for an `img`; `null` where there is none. */
  fx_preview?: string | null;
  /** Ours: how an own file's way to the desk stood when the object was made; `null` when it is over. */
  fx_progress?: FileProgress | null;
  /** On an invitation: its words once more. */
  invite_message?: string;
  /** Ours: its place in the conversation; `null` until the desk has it, and such a line stands after all others. */
  seq: number | null;
  /** Ours: how far a visitor's message had come when the object was made; `messagestatus` tells the rest. */
  status?: PublicStatus;
}

/** How an own file goes out. */
export interface FileProgress {
  /** Bytes. */
  sent: number;
  /** Bytes. */
  total: number;
  state: TransferState;
  /** Bytes a second; `null` while that is not known. */
  speed: number | null;
  /** Seconds; `null` while that is not known. */
  left: number | null;
}

/** Where files have their addresses. */
export type FileAddresses = Pick<FilesBackend<[]>, "link" | "preview">;

/** Statuses as `messagestatus` names them: what is held is `failed` with the code `held`. */
export type PublicStatus = "queued" | "sent" | "delivered" | "read" | "failed";

/** Pixels of a picture in a bubble, twice over for fine screens. */
const PICTURE_PX = 640;

/** Makes the object; `status` is the line's, receipts counted in. */
export function toChatMessage(
  line: Message,
  status: MessageStatus,
  texts: Texts,
  addresses: FileAddresses,
): ChatMessage {
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
      ...fileOf(line, texts, addresses),
    };
  }
  const own = { source: "Visitor", from: "Visitor", sender: "visitor" } as const;
  const file = fileOf(line, texts, addresses);
  return { text: line.text, ...common, ...own, ...file, status: publicStatus(status) };
}

function fileOf({ file }: Message, texts: Texts, addresses: FileAddresses): Partial<ChatMessage> {
  if (!file) return { fx_link: null };
  return {
    fx_link: addresses.link(file.key, file.name),
    fx_name: file.name,
    fx_size_info: sizeWords(file.size, texts),
    fx_kind: file.kind,
    fx_preview: file.preview === "picture" ? addresses.preview(file.key, PICTURE_PX) : null,
    fx_progress: progressOf(file),
  };
}

/** The words of a message that carries a file as well. */
export function withoutFile({
  fx_name,
  fx_size_info,
  fx_kind,
  fx_preview,
  fx_progress,
  ...words
}: ChatMessage): ChatMessage {
  void [fx_name, fx_size_info, fx_kind, fx_preview, fx_progress];
  return { ...words, fx_link: null };
}

/** A size as file managers write it. */
export function sizeWords(bytes: number, { t }: Texts): string {
  const { unit, count } = sizeOf(bytes);
  return t(`size.${unit}`, { count });
}

/** How a file goes out; `null` where it does not. */
export function progressOf({ transfer }: Pick<FileView, "transfer">): FileProgress | null {
  if (!transfer?.up) return null;
  const { done, total, state, speed, left_s } = transfer;
  return { sent: done, total, state, speed, left: left_s };
}

/** A message that is in no log. */
export function ghost(text: string, status: PublicStatus): ChatMessage {
  return {
    text,
    date: Math.floor(Date.now() / 1000),
    source: "Visitor",
    from: "Visitor",
    chat_id: null,
    message_id: null,
    uid: makeUid(),
    seq: null,
    sender: "visitor",
    fx_link: null,
    status,
  };
}

/** What `invite` tells: an operator's message, also where a rule invites. */
export function inviteMessage(invite: Message, texts: Texts, addresses: FileAddresses): ChatMessage {
  const message = toChatMessage({ ...invite, kind: "invited" }, "sent", texts, addresses);
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
