// What happened in a conversation, in plain words: one sentence for each kind of line, and the words that somebody
// wrote beside it, which are shown as they are.
import type { Message } from "../generated/Message";
import type { Operator } from "../generated/Operator";
import type { VisitorCard } from "../generated/VisitorCard";
import type { RequestBody } from "../generated/RequestBody";
import { requestContacts, requestMoment, requestWords } from "../model/operator-requests";
import type { Dates } from "../model/operator-times";
import type { OperatorKey, OperatorTexts } from "./texts";

/** What the sentences are made with. */
export interface Speaker {
  readonly t: OperatorTexts["t"];
  readonly dates: Dates;
  readonly me: Operator | null;
  /** What a group is called; `null`: everybody. */
  groupName(group: number | null): string | null;
}

/** A line that is no message. */
export interface SystemWords {
  readonly sentence: string;
  /** What a person wrote, raw. */
  readonly quotes: readonly string[];
}

/** The words of a line. */
export function systemWords(message: Message, speaker: Speaker): SystemWords {
  return { sentence: sentenceOf(message, speaker), quotes: quotesOf(message) };
}

function sentenceOf(message: Message, speaker: Speaker): string {
  const { t, me } = speaker;
  const { kind, detail } = message;
  const ended = ENDED[kind];
  if (ended) return t(ended[message.reason ?? ""] ?? ended["else"] ?? "system.unknown");
  if (kind === "opened") return opened(message, speaker);
  if (kind === "invited" && message.operator === null) return t("system.invited_rule");
  if (detail?.type === "settled" && !detail.done) return t("system.unsettled");
  const deed = detail?.type === "banned" && !detail.banned ? UNBANNED : DEEDS[kind];
  if (!deed) return told(message, speaker);
  const own = message.operator !== null && message.operator.id === me?.id;
  return own ? t(deed[0]) : t(deed[1], { name: message.operator?.name ?? t("chat.operator") });
}

/** What the line itself tells. */
function told({ detail, operator }: Message, { t, dates, me }: Speaker): string {
  switch (detail?.type) {
    case "moved":
      return detail.group === null ? t("system.moved_everybody") : t("system.moved", { group: detail.name });
    case "rated":
      return rated(detail.mark, operator, t, me);
    case "card":
      return card(detail.card, t);
    case "transcript":
      return t("system.transcript_asked", { email: detail.email });
    case "requested":
      return requested(detail.body, t, dates);
    case "lead":
      return t("system.lead_shown", { form: t(`lead.${detail.form}`) });
    case "consented":
      return t("system.consented", { version: String(detail.version) });
    case "opened":
    case "invited":
    case "settled":
    case "banned":
    case undefined:
      return t("system.unknown");
  }
}

function rated(mark: number | null, who: Operator | null, t: Speaker["t"], me: Operator | null): string {
  if (mark === null) return t("system.unrated");
  if (who !== null && who.id === me?.id) return t("system.rated_you", { mark });
  return t("system.rated", { name: who?.name ?? t("chat.operator"), mark });
}

function card({ name, emails, phones }: VisitorCard, t: Speaker["t"]): string {
  const card = [name, ...emails, ...phones].filter((part) => part.trim() !== "").join(", ");
  return card === "" ? t("system.card_empty") : t("system.card", { card });
}

function opened({ detail }: Message, { t, groupName }: Speaker): string {
  if (detail?.type !== "opened") return t("system.opened");
  if (detail.by === "invite") return t("system.opened_invite");
  const group = groupName(detail.group);
  return group === null ? t("system.opened") : t("system.opened_for", { group });
}

function requested(body: RequestBody, t: Speaker["t"], dates: Dates): string {
  const at = requestMoment(body);
  switch (body.type) {
    case "offline":
      return t("system.requested_offline");
    case "lead":
      return at === null
        ? t("system.requested_lead", { form: t(`lead.${body.form}`) })
        : t("system.requested_callback_at", { phone: body.fields["phone"] ?? "", time: dates.full(at) });
    case "callback":
      return at === null
        ? t("system.requested_callback", { phone: body.phone })
        : t("system.requested_callback_at", { phone: body.phone, time: dates.full(at) });
  }
}

function quotesOf(message: Message): readonly string[] {
  if (message.text.trim() !== "") return [message.text];
  if (message.detail?.type !== "requested") return [];
  const { body } = message.detail;
  const contacts = body.type === "callback" ? [] : requestContacts(body);
  const words = requestWords(body).map(([name, value]) => (name === "text" ? value : `${name}: ${value}`));
  return [...words, contacts.join(", ")].filter((words) => words !== "");
}

type Keys = Partial<Record<string, OperatorKey>>;

/** What ended, and why. */
const ENDED: Partial<Record<Message["kind"], Keys>> = {
  closed: {
    closed_by_operator: "system.closed_by_operator",
    closed_by_visitor: "system.closed_by_visitor",
    closed_by_timeout: "system.closed_by_timeout",
    invite_rejected: "system.invite_rejected",
    visitor_disconnected: "system.closed_disconnected",
    visitor_banned: "system.closed_banned",
    else: "system.closed",
  },
  invite_ended: {
    invite_rejected: "system.invite_rejected",
    invite_expired: "system.invite_expired",
    invite_withdrawn: "system.invite_withdrawn",
    else: "system.invite_over",
  },
  transcript_ended: {
    sent: "system.transcript_sent",
    delayed: "system.transcript_delayed",
    refused: "system.transcript_refused",
  },
  lead_ended: {
    submitted: "system.lead_submitted",
    cancelled: "system.lead_cancelled",
    expired: "system.lead_expired",
  },
};

/** What an operator did: in one's own words, and in those about a colleague. */
const DEEDS: Partial<Record<Message["kind"], readonly [OperatorKey, OperatorKey]>> = {
  joined: ["system.joined_you", "system.joined"],
  left: ["system.left_you", "system.left"],
  invited: ["system.invited_you", "system.invited"],
  settled: ["system.settled_you", "system.settled"],
  banned: ["system.banned_you", "system.banned"],
};

const UNBANNED = ["system.unbanned_you", "system.unbanned"] as const;
