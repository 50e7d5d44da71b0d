// The app's own page in the person's language.
import type { Locale } from "../generated/Locale";
import type { Problem } from "../generated/Problem";
import en from "../locales/en/app.json";
import ru from "../locales/ru/app.json";
import { createTranslate, type Translate } from "../model/locale";

/** A key of the app's catalogue. */
export type AppKey = keyof typeof en;

/** Gives the text of a key. */
export type AppTexts = Translate<AppKey>;

/** The texts in a language. */
export function createTexts(locale: Locale): AppTexts {
  return createTranslate<AppKey>(locale, { en, ru });
}

/** What a rejected call says, in words; a page never matches on them. */
export function wordsOf(thrown: unknown, t: AppTexts): string {
  const said = (thrown as Partial<Problem> | null)?.message;
  return typeof said === "string" && said !== "" ? said : t("problem.unknown");
}
