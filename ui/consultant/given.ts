// What controllers hand over, checked (§9) and made into wishes. What Rust checks as well (addresses, numbers, lengths)
// is left to it: here is only what could not be asked of it at all.
import type { Outcome } from "../backend/backend";
import type { FormSettings } from "../generated/FormSettings";
import type { LeadForm } from "../generated/LeadForm";
import type { VisitorWish } from "../generated/VisitorWish";
import { isPlain } from "./plain";

/** Numbers below it are Unix seconds, others milliseconds. */
const LEAST_MS = 100_000_000_000;
const MOST_GROUP = 0xffff_ffff;
/** What stands where a visitor left nothing but a contact, in any language. */
const NO_WORDS = "—";

/** A refusal without words: the page has its own for each of these codes. */
export function refused(code: string): { problem: { code: string; message: string } } {
  return { problem: { code, message: "" } };
}

/** A group as it is given with words: `null`, `undefined` and `""` are none; ids compare loosely. */
export function groupOf(value: unknown, form: FormSettings | null): Outcome<number | null> {
  if (value === null || value === undefined || value === "") return { ok: null };
  const isId = typeof value === "number" || (typeof value === "string" && /^\s*\d+\s*$/.test(value));
  const id = isId ? Number(value) : NaN;
  // A desk that was never reached decides when it is.
  const isKnown = form
    ? form.groups.some((group) => group.id === id)
    : Number.isInteger(id) && id > 0 && id <= MOST_GROUP;
  return isKnown ? { ok: id } : refused("unknown_group");
}

/** A mark, or `null`, which takes it back. */
export function markOf(mark: unknown): Outcome<VisitorWish> {
  if (mark === null || (typeof mark === "number" && Number.isInteger(mark) && mark >= 1 && mark <= 5)) {
    return { ok: { type: "rate", mark } };
  }
  return refused("invalid_mark");
}

/** Where a transcript goes: an address, or what holds one as `email`. */
export function mailOf(mail: unknown): Outcome<VisitorWish> {
  const given = isPlain(mail) ? mail["email"] : mail;
  return typeof given === "string"
    ? { ok: { type: "transcript", email: given.trim(), zone_min: -new Date().getTimezoneOffset() } }
    : refused("invalid_email");
}

/** What a visitor says of himself. */
export function cardOf(card: unknown): Outcome<Extract<VisitorWish, { type: "card" }>> {
  if (!isPlain(card)) return refused("invalid");
  const name = textOf(card["name"]);
  const emails = listOf(card["email"]);
  const phones = listOf(card["phone"]);
  if (name === null || !emails || !phones) return refused("invalid");
  return { ok: { type: "card", name: name === "" ? null : name, emails, phones } };
}

/** `sendRequest(request)`. */
export function requestOf(request: unknown, form: FormSettings | null): Outcome<VisitorWish> {
  if (!isPlain(request)) return refused("invalid");
  const name = textOf(request["name"]);
  const email = textOf(request["email"]);
  const phone = textOf(request["phone"]);
  const text = request["message"] ?? "";
  // Forms whose message need not be filled in: who leaves a contact is to be answered.
  const isWordless = typeof text === "string" && text.trim() === "" && Boolean(email || phone);
  const group = groupOf(request["group_id"], form);
  if ("problem" in group) return group;
  if (name === null || email === null || phone === null || typeof text !== "string")
    return refused("invalid");
  return { ok: { type: "offline", name, email, phone, text: isWordless ? NO_WORDS : text, group: group.ok } };
}

/** `startCall(values)`: a number, or what holds one as `phone`. */
export function callOf(values: unknown, form: FormSettings | null): Outcome<VisitorWish> {
  const given = isPlain(values) ? values : { phone: values };
  const name = textOf(given["name"]);
  const phone = textOf(given["phone"]);
  const group = groupOf(given["group_id"], form);
  if ("problem" in group) return group;
  if (name === null) return refused("invalid");
  if (phone === null) return refused("invalid_phone");
  const at = momentOf(given["delayed_call_time"]);
  if (at === undefined) return refused("invalid_time");
  return { ok: { type: "callback", name, phone, group: group.ok, at } };
}

/** `submit(values)` of a lead form. */
export function leadOf(form: LeadForm, values: unknown): Outcome<VisitorWish> {
  if (!isPlain(values)) return refused("invalid");
  const fields: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    if (value === null || value === undefined) continue;
    if (!["string", "number", "boolean"].includes(typeof value)) return refused("invalid");
    fields[name] = String(value as string | number | boolean);
  }
  return { ok: { type: "submit_lead", form, fields } };
}

/** A moment in Unix milliseconds; `null`: as soon as may be; `undefined`: it is none. */
function momentOf(value: unknown): number | null | undefined {
  if (value === null || value === undefined || value === "") return null;
  if (value instanceof Date) return whole(value.getTime());
  const number = typeof value === "string" && value.trim() !== "" ? Number(value) : value;
  if (typeof number !== "number") return undefined;
  if (Number.isNaN(number)) return typeof value === "string" ? whole(Date.parse(value)) : undefined;
  return whole(number < LEAST_MS ? number * 1000 : number);
}

function whole(moment: number): number | undefined {
  return Number.isFinite(moment) && moment >= 0 && moment < 8.64e15 ? Math.round(moment) : undefined;
}

/** A text, cut; `""` where there is none, `null` where it is no text. */
function textOf(value: unknown): string | null {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" && Number.isFinite(value)) return String(value);
  return typeof value === "string" ? value.trim() : null;
}

/** One text or several; empty ones are none. `null` where it is neither. */
function listOf(value: unknown): string[] | null {
  const given = Array.isArray(value) ? (value as unknown[]).map(textOf) : [textOf(value)];
  const texts = given.filter((text) => text !== null);
  return texts.length === given.length ? texts.filter((text) => text !== "") : null;
}
