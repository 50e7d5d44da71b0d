// The operator's page in the person's language. Of two languages a person reads one: the other is never loaded.
import type { Locale } from "../generated/Locale";
import type { Problem } from "../generated/Problem";
import { createTranslate, type Translate } from "../model/locale";
import type { OperatorKey } from "./texts-en";

export type { OperatorKey };

/** The texts of the page. */
export interface OperatorTexts {
  readonly locale: Locale;
  readonly t: Translate<OperatorKey>;
  /** A problem in words: those that it brings, otherwise those of its code. */
  wordsOf(problem: Problem): string;
}

const LANGUAGES = {
  en: async () => import("./texts-en"),
  ru: async () => import("./texts-ru"),
};

/** The texts in a language. */
export async function loadTexts(locale: Locale): Promise<OperatorTexts> {
  const { catalogue, problems } = await LANGUAGES[locale]();
  return {
    locale,
    t: createTranslate<OperatorKey>(locale, { en: catalogue, ru: catalogue }),
    wordsOf: ({ code, message }) => message || (problems[code] ?? problems["unexpected"] ?? code),
  };
}
