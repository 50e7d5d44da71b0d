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

/** The group that it is for. */
export function requestGroup(body: RequestBody): number | null {
  return body.type === "lead" ? null : body.group;
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
  return Object.entries(body.fields).filter(
    ([name, value]) => !["name", "email", "phone"].includes(name) && value.trim() !== "",
  );
}

/** Is the time at which the visitor wants to be called come, or near (milliseconds)? */
export function isDue(line: RequestLine, now: number, ahead = 5 * 60_000): boolean {
  return (
    line.done_by === null &&
    line.body.type === "callback" &&
    line.body.at !== null &&
    line.body.at <= now + ahead
  );
}

function isDone(line: RequestLine): boolean {
  return line.done_by !== null;
}

/** Open: the oldest first. Done: the newest first. */
function order(a: RequestLine, b: RequestLine): number {
  return isDone(a) ? b.date - a.date : a.date - b.date;
}
