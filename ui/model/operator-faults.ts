// What is wrong with settings, field by field, before they are sent. The desk has the last word; it names only the
// part, while here the very row is named.
import type { FileRules } from "../generated/FileRules";
import type { FormSettings } from "../generated/FormSettings";
import type { MailSettings } from "../generated/MailSettings";
import type { Rule } from "../generated/Rule";
import type { SiteSettings } from "../generated/SiteSettings";
import type { Times } from "../generated/Times";
import { isEmail } from "./contact";
import { countChars, TEXT_CHARS } from "./operator-workplace";

/** What may be wrong, as a key of the catalogue. */
export type Fault =
  | "missing"
  | "long"
  | "name_long"
  | "twice"
  | "color"
  | "url"
  | "host"
  | "port"
  | "email"
  | "number"
  | "size"
  | "types"
  | "types_many";

/** Faults by the field's path (`form.groups.2`). */
export type Faults = ReadonlyMap<string, Fault>;

const NAME_CHARS = 200;
/** Most extensions of one list, as the desk allows. */
const MOST_TYPES = 100;
/** A year, in seconds: longer is a slip. */
const LONGEST_S = 366 * 86_400;

/** Looks all of it over. */
export function faultsOf(settings: SiteSettings): Faults {
  const found = new Map<string, Fault>();
  const note = (path: string, fault: Fault | null) => {
    if (fault !== null && !found.has(path)) found.set(path, fault);
  };
  formFaults(settings.form, note);
  settings.rules.forEach((rule, at) => ruleFaults(rule, `rules.${String(at)}`, note));
  timeFaults(settings.times, note);
  fileFaults(settings.form.files, note);
  note("quota.visitor_day_bytes", size(settings.quota.visitor_day_bytes));
  note("quota.site_bytes", size(settings.quota.site_bytes));
  if (settings.mail) mailFaults(settings.mail, note);
  return found;
}

/** WCAG's contrast of white words on a colour; `null` where it is none. Below 4.5 the form turns its words dark. */
export function contrastOf(color: string): number | null {
  const hex = /^#([\da-f]{2})([\da-f]{2})([\da-f]{2})$/i.exec(color);
  if (!hex) return null;
  const [red = 0, green = 0, blue = 0] = hex.slice(1).map((pair) => linear(Number.parseInt(pair, 16) / 255));
  return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
}

type Note = (path: string, fault: Fault | null) => void;

function formFaults(form: FormSettings, note: Note): void {
  note("form.title", name(form.title));
  note("form.group_title", name(form.group_title));
  const isColor = form.banner_color === "" || /^#[\da-f]{6}$/i.test(form.banner_color);
  note("form.banner_color", isColor ? null : "color");
  const names = form.groups.map((group) => group.name.trim().toLocaleLowerCase());
  form.groups.forEach((group, at) => {
    const path = `form.groups.${String(at)}`;
    note(path, group.name.trim() === "" ? "missing" : name(group.name));
    note(path, names.indexOf(names[at] ?? "") < at ? "twice" : null);
  });
  for (const part of ["fields", "offline_fields"] as const) {
    form[part].forEach((field) => note(`form.${part}.${field.name}`, name(field.title)));
  }
  form.retention.messages.forEach((message, at) => {
    const path = `form.retention.messages.${String(at)}`;
    note(`${path}.text`, text(message.text));
    note(`${path}.after_s`, seconds(message.after_s));
  });
  note("form.retention.way_after_s", seconds(form.retention.way_after_s));
  if (!form.consent) return;
  note("form.consent.text", text(form.consent.text));
  note("form.consent.url", url(form.consent.url));
}

function ruleFaults(rule: Rule, path: string, note: Note): void {
  note(`${path}.name`, name(rule.name));
  note(`${path}.after_s`, seconds(rule.after_s));
  note(`${path}.visits`, count(rule.visits));
  note(`${path}.every_h`, count(rule.every_h));
  if ("invite" in rule.action) note(`${path}.text`, text(rule.action.invite.text));
}

function timeFaults(times: Times, note: Note): void {
  for (const key of ["invite_s", "idle_s", "gone_s"] as const) note(`times.${key}`, seconds(times[key]));
}

function fileFaults(files: FileRules, note: Note): void {
  const look = (path: string, rule: { max_bytes: number; types: string[] }) => {
    note(`${path}.max_bytes`, size(rule.max_bytes));
    note(`${path}.types`, types(rule.types));
  };
  look("form.files", files);
  files.groups.forEach((own, at) => look(`form.files.groups.${String(at)}`, own));
}

function mailFaults(mail: MailSettings, note: Note): void {
  const { host, port } = mail;
  note("mail.host", host === "" ? "missing" : /\s/u.test(host) ? "host" : name(host));
  note("mail.port", Number.isInteger(port) && port > 0 && port < 65_536 ? null : "port");
  note("mail.login", name(mail.login));
  note("mail.from", mail.from === "" ? "missing" : isEmail(mail.from) ? null : "email");
  note("mail.from_name", name(mail.from_name));
  note("mail.ca_file", countChars(mail.ca_file) > 1_000 ? "long" : null);
}

function name(value: string): Fault | null {
  return countChars(value) > NAME_CHARS || /\p{Cc}/u.test(value) ? "name_long" : null;
}

function text(value: string): Fault | null {
  if (value.trim() === "") return "missing";
  return countChars(value) > TEXT_CHARS ? "long" : null;
}

function url(value: string): Fault | null {
  return value === "" || (/^https:\/\/\S+$/.test(value) && name(value) === null) ? null : "url";
}

function size(bytes: number): Fault | null {
  return Number.isSafeInteger(bytes) && bytes > 0 ? null : "size";
}

function types(extensions: readonly string[]): Fault | null {
  if (extensions.length > MOST_TYPES) return "types_many";
  return extensions.every((type) => /^[\da-z]{1,20}$/.test(type)) ? null : "types";
}

function seconds(value: number): Fault | null {
  return Number.isInteger(value) && value >= 0 && value <= LONGEST_S ? null : "number";
}

function count(value: number): Fault | null {
  return Number.isInteger(value) && value >= 0 && value <= 100_000 ? null : "number";
}

function linear(share: number): number {
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}
