// The operator's page in the person's language.
import type { Locale } from "../generated/Locale";
import en from "../locales/en/operator.json";
import ru from "../locales/ru/operator.json";
import { createTranslate, type Translate } from "../model/locale";

/** A key of the operator's catalogue. */
export type OperatorKey = keyof typeof en;

/** Gives the text of a key. */
export type OperatorTexts = Translate<OperatorKey>;

/** The texts in a language. */
export function createTexts(locale: Locale): OperatorTexts {
  return createTranslate<OperatorKey>(locale, { en, ru });
}
