// The site's settings while they are changed: what differs, what is wrong before it is sent, and what becomes of the
// changes when somebody else has saved meanwhile. Pure; the desk checks again.
import type { Consent } from "../generated/Consent";
import type { OperatorPlace } from "../generated/OperatorPlace";
import type { Problem } from "../generated/Problem";
import type { SiteSettings } from "../generated/SiteSettings";

/** Most of each kind, as the desk allows. */
export const MOST = { groups: 50, rules: 20, messages: 10 } as const;

/** The parts of the settings' page, in their order. */
export const PARTS = [
  "form",
  "groups",
  "people",
  "rules",
  "waiting",
  "times",
  "files",
  "consent",
  "mail",
] as const;

/** A part of the settings' page. */
export type SettingsPart = (typeof PARTS)[number];

/** Groups of operators, by the operator's id. */
export type Seats = Readonly<Record<string, readonly number[]>>;

/** Who works where, as the desk says. */
export function seatsOf(operators: readonly OperatorPlace[]): Seats {
  return Object.fromEntries(operators.map(({ operator, groups }) => [operator.id, groups]));
}

/** Operators whose groups are others than before. */
export function movedSeats(before: Seats, after: Seats): readonly string[] {
  const sorted = (groups: readonly number[] | undefined) => [...(groups ?? [])].sort((a, b) => a - b).join();
  return Object.keys(after).filter((id) => sorted(before[id]) !== sorted(after[id]));
}

/** Do both say the same? Keys come from one form and one desk, in one order. */
export function isSame(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

/**
 * One's own changes on top of what somebody else has saved: a part that was not touched is theirs, one that was is
 * one's own.
 */
export function rebased(base: SiteSettings, mine: SiteSettings, theirs: SiteSettings): SiteSettings {
  return {
    version: theirs.version,
    form: parts(base.form, mine.form, theirs.form),
    rules: isSame(base.rules, mine.rules) ? theirs.rules : mine.rules,
    times: parts(base.times, mine.times, theirs.times),
    mail: isSame(base.mail, mine.mail) ? theirs.mail : mine.mail,
    quota: parts(base.quota, mine.quota, theirs.quota),
  };
}

/**
 * The settings as they are sent. New words of the consent get a version of their own, so that everybody is asked
 * again. It is above the settings' own version, which only grows: no version comes twice, not even after the consent
 * was switched off for a while.
 */
export function outgoing(base: SiteSettings, draft: SiteSettings): SiteSettings {
  const { consent, files, groups } = draft.form;
  // What was set for a group leaves with it.
  const kept = files.groups.filter(({ group }) => groups.some(({ id }) => id === group));
  const form =
    kept.length < files.groups.length ? { ...draft.form, files: { ...files, groups: kept } } : draft.form;
  if (consent === null || !asksAgain(base.form.consent, consent)) return { ...draft, form };
  const version = Math.max(base.version, base.form.consent?.version ?? 0) + 1;
  return { ...draft, form: { ...form, consent: { ...consent, version } } };
}

/** Are the words to agree to others than before? */
export function asksAgain(before: Consent | null, after: Consent | null): boolean {
  return after !== null && (before === null || before.text !== after.text || before.url !== after.url);
}

/** The field that a problem names in brackets at its end: `… (form.groups)`. */
export function fieldOf({ code, message }: Problem): string | null {
  if (code !== "settings_invalid") return null;
  return /\(([a-z_]+(?:\.[a-z_]+)*)\)\s*$/.exec(message)?.[1] ?? null;
}

/** The part of the page on which a field stands. */
export function partOf(field: string): SettingsPart {
  if (/^form\.(groups|group_title)/.test(field)) return "groups";
  if (field.startsWith("form.retention")) return "waiting";
  if (field.startsWith("form.consent")) return "consent";
  if (/^(form\.files|quota)/.test(field)) return "files";
  const [first] = field.split(".");
  return PARTS.find((part) => part === first) ?? "form";
}

/** Extensions as somebody writes them: `.PDF, *.png jpg`. */
export function parseTypes(text: string): string[] {
  const types = text
    .toLowerCase()
    .split(/[\s,;]+/u)
    .map((type) => type.replace(/^\*?\./u, ""));
  return [...new Set(types)].filter((type) => type !== "");
}

function parts<T extends object>(base: T, mine: T, theirs: T): T {
  const keys = Object.keys(theirs) as (keyof T)[];
  return Object.fromEntries(
    keys.map((key) => [key, isSame(base[key], mine[key]) ? theirs[key] : mine[key]]),
  ) as T;
}
