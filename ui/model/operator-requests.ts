// The list of what visitors left to be worked off: whoever has waited longest comes first, what is done comes last.
import type { RequestBody } from "../generated/RequestBody";
import type { RequestLine } from "../generated/RequestLine";

/** Which requests are listed. */
export type RequestFilter = "open" | "all";

/** The requests in order. */
export function requestList(lines: Iterable<RequestLine>, filter: RequestFilter): readonly RequestLine[] {
  return [...lines]
    .filter((line) => filter === "all" || line.done_by === null)
    .sort((a, b) => Number(isDone(a)) - Number(isDone(b)) || order(a, b) || (a.id < b.id ? -1 : 1));
}

/** What the visitor calls himself there, otherwise what he is known as. */
export function requestName({ body, visitor_name: known }: RequestLine): string | null {
  const own = body.type === "lead" ? body.fields["name"] : body.name;
  return own?.trim() || known?.trim() || null;
}

/** What forms that companies have call the group and the moment of a call; the day is the moment's, as people read it. */
const GROUP = "group_id";
const MOMENT = "delayed_call_time";
const DAY = "delayed_call_day";

/** The group that it is for. */
export function requestGroup(body: RequestBody): number | null {
  return body.type === "lead" ? numberOf(body.fields[GROUP]) : body.group;
}

/** When the visitor wants to be called (Unix milliseconds); `null`: as soon as may be, or not at all. */
export function requestMoment(body: RequestBody): number | null {
  if (body.type === "offline") return null;
  return body.type === "lead" ? numberOf(body.fields[MOMENT]) : body.at;
}

/** E-mail addresses and phone numbers in it. */
export function requestContacts(body: RequestBody): readonly string[] {
  const { email, phone } =
    body.type === "lead" ? body.fields : { email: "email" in body ? body.email : "", phone: body.phone };
  return [phone, email].map((value) => value?.trim() ?? "").filter((value) => value !== "");
}

/** What was written besides the name and the contacts, as name and value; `text` where it is the message itself. */
export function requestWords(body: RequestBody): readonly (readonly [string, string])[] {
  if (body.type === "callback") return [];
  if (body.type === "offline") return [["text", body.text]];
  const said = ["name", "email", "phone"];
  if (requestGroup(body) !== null) said.push(GROUP);
  if (requestMoment(body) !== null) said.push(MOMENT, DAY);
  return Object.entries(body.fields).filter(([name, value]) => !said.includes(name) && value.trim() !== "");
}

/** Is the time at which the visitor wants to be called come, or near (milliseconds)? */
export function isDue(line: RequestLine, now: number, ahead = 5 * 60_000): boolean {
  const at = requestMoment(line.body);
  return line.done_by === null && at !== null && at <= now + ahead;
}

/** A whole number that a form's field holds. */
function numberOf(value: string | undefined): number | null {
  return value !== undefined && /^\d{1,15}$/.test(value) ? Number(value) : null;
}

function isDone(line: RequestLine): boolean {
  return line.done_by !== null;
}

/** Open: the oldest first. Done: the newest first. */
function order(a: RequestLine, b: RequestLine): number {
  return isDone(a) ? b.date - a.date : a.date - b.date;
}
