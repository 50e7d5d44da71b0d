// Both of the visitor's catalogues at hand, for tests. A page loads the one that it needs (texts.ts).
import type { Locale } from "../generated/Locale";
import en from "../locales/en/visitor.json";
import ru from "../locales/ru/visitor.json";
import { textsOf, type Texts } from "./texts";

/** The texts of a language. */
export function visitorTexts(locale: Locale): Texts {
  return textsOf(locale, locale === "ru" ? ru : en);
}
