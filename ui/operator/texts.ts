// The operator's page in the person's language.
import type { Locale } from "../generated/Locale";
import type { Problem } from "../generated/Problem";
import en from "../locales/en/operator.json";
import enSettings from "../locales/en/settings.json";
import enProblems from "../locales/en/problems.json";
import ru from "../locales/ru/operator.json";
import ruSettings from "../locales/ru/settings.json";
import ruProblems from "../locales/ru/problems.json";
import { createTranslate, type Translate } from "../model/locale";

/** A key of the operator's catalogue: the workplace's and the settings'. */
export type OperatorKey = keyof typeof en | keyof typeof enSettings;

/** The texts of the page. */
export interface OperatorTexts {
  t: Translate<OperatorKey>;
  /** A problem in words: those that it brings, otherwise those of its code. */
  wordsOf(problem: Problem): string;
}

/** The texts in a language. */
export function createTexts(locale: Locale): OperatorTexts {
  const problems: Record<string, string> = { en: enProblems, ru: ruProblems }[locale];
  return {
    t: createTranslate<OperatorKey>(locale, {
      en: { ...en, ...enSettings },
      ru: { ...ru, ...ruSettings },
    }),
    wordsOf: ({ code, message }) => message || (problems[code] ?? problems["unexpected"] ?? code),
  };
}
