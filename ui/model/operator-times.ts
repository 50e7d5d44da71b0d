// Times for people. Which words they become is the catalogue's; here only which unit, so that it can be tested.
import type { Locale } from "../generated/Locale";
import { sameDay } from "./operator-log";

/** A length of time, as a unit and how many of it. */
export interface Length {
  readonly unit: "seconds" | "minutes" | "hours" | "days";
  readonly count: number;
}

/** How long it is, in the largest unit that fills; seconds in steps of five, so that a waiting row does not flicker. */
export function lengthOf(ms: number): Length {
  const seconds = Math.max(0, Math.floor(ms / 1_000));
  if (seconds < 60) return { unit: "seconds", count: seconds - (seconds % 5) };
  if (seconds < 3_600) return { unit: "minutes", count: Math.floor(seconds / 60) };
  if (seconds < 86_400) return { unit: "hours", count: Math.floor(seconds / 3_600) };
  return { unit: "days", count: Math.floor(seconds / 86_400) };
}

/** Is it today or yesterday, here? */
export function nearDay(date: number, now: number): "today" | "yesterday" | null {
  if (sameDay(date, now)) return "today";
  const before = new Date(now);
  // By the calendar: a day has 23 or 25 hours twice a year.
  before.setDate(before.getDate() - 1);
  return sameDay(date, before.getTime()) ? "yesterday" : null;
}

/** Dates as a language writes them; making a formatter is dear, so there is one of each. */
export interface Dates {
  /** `10:42`. */
  clock(date: number): string;
  /** `10:42` today, `12 May` in this year, `12 May 2024` before. */
  brief(date: number, now: number): string;
  /** `Monday, 12 May`, with the year where it is another. */
  day(date: number, now: number): string;
  /** `12 May 2025, 10:42`. */
  full(date: number): string;
  /** `1,240`. */
  number(count: number): string;
}

/** The formatters of a language; `timeZone` is the machine's own unless given. */
export function createDates(locale: Locale, timeZone?: string): Dates {
  const make = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat(locale === "en" ? "en-GB" : "ru", timeZone ? { ...options, timeZone } : options);
  const clock = make({ hour: "2-digit", minute: "2-digit" });
  const short = make({ day: "numeric", month: "short" });
  const shortYear = make({ day: "numeric", month: "short", year: "numeric" });
  const day = make({ weekday: "long", day: "numeric", month: "long" });
  const dayYear = make({ weekday: "long", day: "numeric", month: "long", year: "numeric" });
  const full = make({ dateStyle: "medium", timeStyle: "short" });
  const numbers = new Intl.NumberFormat(locale);
  const thisYear = (date: number, now: number) =>
    new Date(date).getFullYear() === new Date(now).getFullYear();
  return {
    clock: (date) => clock.format(date),
    brief: (date, now) =>
      sameDay(date, now) ? clock.format(date) : (thisYear(date, now) ? short : shortYear).format(date),
    day: (date, now) => (thisYear(date, now) ? day : dayYear).format(date),
    full: (date) => full.format(date),
    number: (count) => numbers.format(count),
  };
}
