// What the core in memory thinks of a wish: roughly what the real one does. Never in the product.
import type { Problem } from "../generated/Problem";
import type { Verb } from "../generated/Verb";
import type { VisitorWish } from "../generated/VisitorWish";

/** Characters of a message, as the desk counts them. */
const TEXT_CHARS = 8000;

/** What the core takes from nobody who has not agreed to the site's terms. */
export const NEED_CONSENT: ReadonlySet<string> = new Set([
  "message",
  "start_chat",
  "invite_accept",
  "card",
  "offline",
  "callback",
  "submit_lead",
]);

/** Which method a wish is the half of. */
export const VERBS: Record<VisitorWish["type"], Verb> = {
  start_chat: "startchat",
  close_chat: "closechat",
  invite_accept: "inviteaccept",
  invite_reject: "invitereject",
  rate: "setrating",
  card: "setcard",
  transcript: "sendchatbymail",
  offline: "sendofflinerequest",
  callback: "sitephonecall",
  submit_lead: "leadsubmit",
  cancel_lead: "leadcancel",
  consent: "consent",
};

/** What is wrong with a wish, roughly as the core sees it. */
export function flawOf(wish: VisitorWish): Problem | null {
  switch (wish.type) {
    case "rate":
      return wish.mark === null || (wish.mark >= 1 && wish.mark <= 5) ? null : flaw("invalid_mark");
    case "card":
      return wish.emails.some((email) => !isEmail(email))
        ? flaw("invalid_email")
        : wish.phones.some((phone) => !isPhone(phone))
          ? flaw("invalid_phone")
          : null;
    case "transcript":
      return isEmail(wish.email) ? null : flaw("invalid_email");
    case "offline":
      if (wish.email !== "" && !isEmail(wish.email)) return flaw("invalid_email");
      return flawOfWords(wish.text);
    case "callback":
      return isPhone(wish.phone) ? null : flaw("invalid_phone");
    case "submit_lead":
      return Object.keys(wish.fields).length > 0 ? null : flaw("empty");
    case "start_chat":
    case "close_chat":
    case "invite_accept":
    case "invite_reject":
    case "cancel_lead":
    case "consent":
      return null;
  }
}

/** What is wrong with words. */
export function flawOfWords(text: string): Problem | null {
  if (text.trim() === "") return flaw("empty");
  return Array.from(text).length > TEXT_CHARS ? flaw("too_large") : null;
}

/** A problem with words that a test knows again. */
export function flaw(code: string): Problem {
  return { code, message: `The core's words for ${code}.` };
}

function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
}

function isPhone(text: string): boolean {
  return /^\+?[\d .()-]{5,40}$/.test(text);
}
