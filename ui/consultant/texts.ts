// What the runtime itself says, in the person's language.
//
// A page loads the one catalogue that it needs.
import type { Locale } from "../generated/Locale";
import type en from "../locales/en/visitor.json";
import { createTranslate, type Text, type Translate } from "../model/locale";

/** Keys of the visitor's catalogue. */
export type VisitorText = keyof typeof en;

/** The catalogue in one language. */
export type Catalogue = Record<VisitorText, Text>;

/** The texts of one page. */
export interface Texts {
  locale: Locale;
  t: Translate<VisitorText>;
  /** A sentence for a code: Rust's, else the page's own for what Rust never saw. */
  sentence(code: string, given?: string | null): string;
}

/** Loads the texts of a language. */
export async function loadTexts(locale: Locale): Promise<Texts> {
  const { default: catalogue } =
    locale === "ru" ? await import("../locales/ru/visitor.json") : await import("../locales/en/visitor.json");
  return textsOf(locale, catalogue);
}

/** The texts of a language, from its catalogue. */
export function textsOf(locale: Locale, catalogue: Catalogue): Texts {
  const t = createTranslate<VisitorText>(locale, { en: catalogue, ru: catalogue });
  const own = (code: string): VisitorText => {
    const key = OWN_CODES[code] ?? `problem.${code}`;
    return key in catalogue ? (key as VisitorText) : "problem.invalid";
  };
  return { locale, t, sentence: (code, given) => given || t(own(code)) };
}

/** Codes whose sentence is not called `problem.CODE`. */
const OWN_CODES: Partial<Record<string, VisitorText>> = {
  pack_failed: "page.pack_failed",
  start_failed: "page.failed",
};
