// A request in words.
import type { RequestBody } from "../generated/RequestBody";
import type { RequestLine } from "../generated/RequestLine";
import { shortId } from "../model/operator-list";
import { sameDay } from "../model/operator-log";
import { requestContacts, requestMoment, requestName, requestWords } from "../model/operator-requests";
import type { Place } from "./place.svelte";

/** Signs of the kinds. */
export const REQUEST_ICONS = {
  offline: "letter",
  callback: "phone",
  lead: "form",
} as const satisfies Record<RequestBody["type"], string>;

/** Who left it. */
export function requestTitle(line: RequestLine, place: Place): string {
  return requestName(line) ?? place.t("visitor.nameless", { id: shortId(line.visitor) });
}

/** What kind it is; of a call, when it is wanted. */
export function requestKind({ body }: RequestLine, { t, dates, now }: Place): string {
  const at = requestMoment(body);
  if (at !== null) {
    return sameDay(at, now)
      ? t("request.call_at", { time: dates.clock(at) })
      : t("request.call_on", { date: dates.full(at) });
  }
  if (body.type === "lead") return t(`lead.${body.form}`);
  return t(body.type === "offline" ? "request.offline" : "request.call_soon");
}

/** What it says, in one line. */
export function requestGist({ body }: RequestLine): string {
  const words = requestWords(body).map(([name, value]) => (name === "text" ? value : `${name}: ${value}`));
  const contacts = requestContacts(body);
  return (body.type === "offline" ? [...words, ...contacts] : [...contacts, ...words])
    .join(" · ")
    .slice(0, 240);
}
