// The open conversation: its lines in the order of C6 (confirmed by seq, then pending as written; never by clock),
// how far each own message has come, and which part of it the page shows.
import type { Conversation } from "../generated/Conversation";
import type { FileView } from "../generated/FileView";
import type { Message } from "../generated/Message";
import type { MessagesPage } from "../generated/MessagesPage";
import type { MessageStatus } from "../generated/MessageStatus";
import type { Problem } from "../generated/Problem";
import type { Receipts } from "../generated/Receipts";
import type { StatusChange } from "../generated/StatusChange";
import { fileAfter, withFileIn } from "./operator-files";
import { grown, newest, shifted, SPAN_STEP, type Span } from "./operator-span";

/** A conversation on the screen. */
export interface OpenConversation {
  readonly visitor: string;
  /** False until the backend has answered. */
  readonly loaded: boolean;
  readonly messages: readonly Message[];
  /** Is there more before them? */
  readonly more: boolean;
  /** Did older lines come since the last question for lines? Its answer may not know of them. */
  readonly olderCame: boolean;
  readonly receipts: Receipts;
  /** What the visitor has typed so far and not sent. */
  readonly typing: string | null;
  /** Which lines are in the page: about 500, whatever was loaded. */
  readonly span: Span;
  /** Is an older page on its way? */
  readonly loadingOlder: boolean;
  /** Why opening it, or its last action, failed. */
  readonly problem: Problem | null;
  /** Why messages failed, in words, by uid. */
  readonly reasons: ReadonlyMap<string, string>;
  /** Changes that overtook the answer to their `send`, by uid. */
  readonly early: ReadonlyMap<string, StatusChange>;
  /** What was told since the conversation was asked for; `null`: no answer is on its way. */
  readonly since: readonly Change[] | null;
}

/** Something that is told of a conversation. */
export type Change = (open: OpenConversation) => OpenConversation;

/** A conversation that was asked for. */
export function opening(visitor: string): OpenConversation {
  return {
    visitor,
    loaded: false,
    messages: [],
    more: false,
    olderCame: false,
    receipts: { delivered: 0, read: 0 },
    typing: null,
    span: newest(0),
    loadingOlder: false,
    problem: null,
    reasons: new Map(),
    early: new Map(),
    since: null,
  };
}

/** The conversation is asked for. */
export function awaited(open: OpenConversation): OpenConversation {
  return { ...asked(open), since: [] };
}

/** It does not come. */
export function failed(open: OpenConversation, problem: Problem): OpenConversation {
  return { ...open, problem, since: null };
}

/**
 * Something is told. News and answers come by different ways: what is told while the conversation is on its way may be
 * newer than it, and is told again upon it.
 */
export function told(open: OpenConversation, change: Change): OpenConversation {
  const next = change(open);
  return next.since === null ? next : { ...next, since: [...next.since, change] };
}

/**
 * The backend's answer takes the place of all that was known before it was asked; reasons stay, for a reopened one.
 */
export function opened(open: OpenConversation, answer: Conversation): OpenConversation {
  const since = open.since ?? [];
  return since.reduce((now, change) => change(now), answered(open, answer));
}

function answered(open: OpenConversation, answer: Conversation): OpenConversation {
  const messages = inOrder(answer.messages);
  return {
    ...open,
    loaded: true,
    messages,
    more: answer.more || open.olderCame,
    olderCame: false,
    receipts: answer.receipts,
    typing: isOver(messages) ? null : answer.typing,
    span: newest(messages.length),
    loadingOlder: false,
    problem: null,
    early: new Map(),
    since: null,
  };
}

/** The backend is asked for lines. */
export function asked(open: OpenConversation): OpenConversation {
  return { ...open, olderCame: false };
}

/**
 * A line came, or came again: a line is known by its key and, once it has one, by its seq. One that has a seq is never
 * replaced by its own beginnings: the answer to a `send` may come last.
 */
export function withMessage(open: OpenConversation, message: Message): OpenConversation {
  if (
    message.seq === null &&
    open.messages.some((known) => known.key === message.key && known.seq !== null)
  ) {
    return open;
  }
  const early = message.uid === null ? undefined : open.early.get(message.uid);
  const line = early ? changed(message, early) : message;
  const others = open.messages.filter(
    (known) => known.key !== line.key && (line.seq === null || known.seq !== line.seq),
  );
  const messages = inOrder([...others, line]);
  const rest = new Map(open.early);
  if (line.uid !== null) rest.delete(line.uid);
  return bounded({
    ...open,
    messages,
    span: grown(open.span, open.messages.length, messages.length),
    typing: line.sender === "visitor" || line.kind === "closed" ? null : open.typing,
    reasons: early ? withReason(open.reasons, early) : open.reasons,
    early: rest,
  });
}

/** Brings the newest lines into the page. */
export function atNewest(open: OpenConversation): OpenConversation {
  return bounded({ ...open, span: newest(open.messages.length) });
}

/**
 * Where the page shows the end, lines before its span go back to the store, which brings them again: a conversation
 * that stays open for months takes no more memory than one of today.
 */
function bounded(open: OpenConversation): OpenConversation {
  const { messages, span } = open;
  // An answer that is on its way belongs before the line that is the first one now.
  if (open.loadingOlder || span.end < messages.length || span.start < SPAN_STEP) return open;
  return {
    ...open,
    messages: messages.slice(span.start),
    span: newest(messages.length - span.start),
    more: true,
  };
}

/** An own entry went on; kept aside when its `send` has not answered yet. */
export function withStatus(open: OpenConversation, change: StatusChange): OpenConversation {
  const known = open.messages.some((message) => message.uid === change.uid);
  const first = firstSeq(open);
  if (!known) {
    // Below all that is here it comes with the page that it stands on, as the store has it by then.
    if (change.seq !== null && first !== null && change.seq < first) return { ...open, more: true };
    return { ...open, early: new Map(open.early).set(change.uid, change) };
  }
  // Below all that is here (after a restore): it comes with the page that it stands on.
  if (change.seq !== null && first !== null && change.seq < first) {
    return { ...without(open, change.uid), more: true };
  }
  const messages = open.messages.map((message) =>
    message.uid === change.uid ? changed(message, change) : message,
  );
  return { ...open, messages: inOrder(messages), reasons: withReason(open.reasons, change) };
}

/** A file went on. */
export function withFile(open: OpenConversation, file: FileView): OpenConversation {
  const messages = withFileIn(open.messages, file);
  return messages === open.messages ? open : { ...open, messages };
}

/** The visitor's end received or read; marks never go back (S11). */
export function withReceipts(open: OpenConversation, receipts: Receipts): OpenConversation {
  const { delivered, read } = open.receipts;
  return {
    ...open,
    receipts: { delivered: Math.max(delivered, receipts.delivered), read: Math.max(read, receipts.read) },
  };
}

/** The visitor types, or stopped. */
export function withTyping(open: OpenConversation, text: string | null): OpenConversation {
  return { ...open, typing: text === "" ? null : text };
}

/** Older lines came to this device. */
export function withOlderHere(open: OpenConversation): OpenConversation {
  return { ...open, more: true, olderCame: true };
}

/** An older page came. */
export function withOlder(open: OpenConversation, page: MessagesPage): OpenConversation {
  const known = new Set(open.messages.map((message) => message.key));
  const fresh = page.messages.filter((message) => !known.has(message.key));
  const messages = inOrder([...fresh, ...open.messages]);
  return {
    ...open,
    messages,
    // A page that brings nothing new is the last one, whatever it says: else it would be asked for again and again.
    more: (page.more && fresh.length > 0) || open.olderCame,
    olderCame: false,
    problem: null,
    span: shifted(open.span, messages.length - open.messages.length),
    loadingOlder: false,
  };
}

/** A discarded message leaves. */
export function without(open: OpenConversation, uid: string): OpenConversation {
  const messages = open.messages.filter((message) => message.uid !== uid);
  return { ...open, messages, span: grown(open.span, open.messages.length, messages.length) };
}

/** How far a line has come: for sent ones the receipts tell. */
export function statusOf(message: Message, receipts: Receipts): MessageStatus {
  if (message.status !== "sent" || message.seq === null) return message.status;
  if (message.seq <= receipts.read) return "read";
  return message.seq <= receipts.delivered ? "delivered" : "sent";
}

/** The seq of the newest confirmed line; 0 without one. */
export function lastSeq(open: OpenConversation): number {
  return open.messages.reduce((last, message) => Math.max(last, message.seq ?? 0), 0);
}

/** The seq of the oldest confirmed line, which is where older pages end. */
export function firstSeq(open: OpenConversation): number | null {
  return open.messages.find((message) => message.seq !== null)?.seq ?? null;
}

/** Is the last chat closed? */
function isOver(messages: readonly Message[]): boolean {
  return messages.findLast(({ kind }) => kind === "opened" || kind === "closed")?.kind === "closed";
}

function inOrder(messages: readonly Message[]): readonly Message[] {
  // The sort is stable: pending lines keep the outbox's order.
  return [...messages].sort((a, b) => place(a) - place(b));
}

function place(message: Message): number {
  return message.seq ?? Number.MAX_SAFE_INTEGER;
}

function changed(message: Message, change: StatusChange): Message {
  return {
    ...message,
    status: change.status,
    code: change.code,
    seq: change.seq ?? message.seq,
    message_id: change.message_id ?? message.message_id,
    chat_id: change.chat_id ?? message.chat_id,
    date: change.date ?? message.date,
    file: fileAfter(message, change),
  };
}

function withReason(reasons: ReadonlyMap<string, string>, change: StatusChange): ReadonlyMap<string, string> {
  const next = new Map(reasons);
  if (change.sentence === null) next.delete(change.uid);
  else next.set(change.uid, change.sentence);
  return next;
}
