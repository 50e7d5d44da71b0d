// What can be done in the open conversation now, read from its lines: who is in the chat, which invitation waits, and
// whether somebody waits for an answer.
import type { Message } from "../generated/Message";
import type { Operator } from "../generated/Operator";
import type { VisitorListRow } from "../generated/VisitorListRow";

/** An invitation that waits for its answer. */
export interface WaitingInvite {
  readonly text: string;
  /** Who invites; `null`: a rule of the site. */
  readonly operator: Operator | null;
  /** Until when (Unix milliseconds); `null`: for ever. */
  readonly expires: number | null;
}

/** What the place of the composer is for. */
export type Writing = "chat" | "invite" | "invited" | "form" | "banned" | "gone";

/** What can be written to a visitor now. */
export function writingTo(row: VisitorListRow | undefined, banned: boolean): Writing {
  if (row?.chatting) return "chat";
  if (banned) return "banned";
  if (row?.status === "invited") return "invited";
  if (row?.status === "form_shown") return "form";
  return row?.connected && row.status === "on_site" ? "invite" : "gone";
}

/** The invitation that waits, where the lines tell of one. */
export function waitingInvite(messages: readonly Message[]): WaitingInvite | null {
  const last = messages.findLast(({ kind }) => ENDS_OFFER.has(kind));
  if (last?.kind !== "invited") return null;
  const expires = last.detail?.type === "invited" ? last.detail.expires : null;
  return { text: last.text, operator: last.operator, expires };
}

/** Is this operator in the chat? The row names one of those who are; the lines know all. */
export function isIn(
  messages: readonly Message[],
  row: VisitorListRow | undefined,
  me: Operator | null,
): boolean {
  if (!row?.chatting || me === null) return false;
  const own = messages.findLast(
    ({ kind, operator }) =>
      kind === "opened" ||
      ((kind === "joined" || kind === "left" || kind === "message") && operator?.id === me.id),
  );
  // A message that waits to go out joins nobody yet.
  if (own?.kind === "joined" || (own?.kind === "message" && own.seq !== null)) return true;
  return own?.kind !== "left" && row.operator?.id === me.id;
}

/** Did the visitor write last, so that closing the chat would leave words without an answer? */
export function isUnanswered(messages: readonly Message[]): boolean {
  const chat = messages.slice(messages.findLastIndex(({ kind }) => kind === "opened") + 1);
  const last = chat.findLast(({ kind, sender }) => kind === "message" && sender !== "system");
  return last?.sender === "visitor";
}

const ENDS_OFFER: ReadonlySet<Message["kind"]> = new Set([
  "invited",
  "invite_ended",
  "opened",
  "closed",
  "lead_shown",
]);
