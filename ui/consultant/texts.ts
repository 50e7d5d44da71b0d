// What the runtime itself says, in the person's language.
import type { Locale } from "../generated/Locale";
import en from "../locales/en/visitor.json";
import ru from "../locales/ru/visitor.json";
import { createTranslate, type Translate } from "../model/locale";

/** Keys of the visitor's catalogue. */
export type VisitorText = keyof typeof en;

/** The texts of one page. */
export interface Texts {
  t: Translate<VisitorText>;
  /** A sentence for a code: Rust's, else the page's own for what Rust never saw. */
  sentence(code: string, given?: string | null): string;
}

/** Both catalogues in one language. */
export function visitorTexts(locale: Locale): Texts {
  const t = createTranslate<VisitorText>(locale, { en, ru });
  return { t, sentence: (code, given) => given || t(OWN_CODES[code] ?? "problem.invalid") };
}

const OWN_CODES: Partial<Record<string, VisitorText>> = {
  empty: "problem.empty",
  no_answer: "problem.no_answer",
  consent: "problem.consent",
  files_not_ready: "problem.files_not_ready",
  invalid_email: "problem.invalid_email",
  invalid_mark: "problem.invalid_mark",
  invalid_phone: "problem.invalid_phone",
  invalid_time: "problem.invalid_time",
  nothing_to_print: "problem.nothing_to_print",
  queued: "problem.queued",
  unknown_group: "problem.unknown_group",
  pack_failed: "page.pack_failed",
  start_failed: "page.failed",
};
