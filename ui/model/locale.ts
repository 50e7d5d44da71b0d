// Texts of a page in the person's language. A page hands over its two catalogues; keys are typed by the
// English one, and the Russian one must have the same (the compiler and locale.test.ts see to it).
import type { Locale } from "../generated/Locale";

/** Forms of a text that depends on `count`, named as `Intl.PluralRules` does. */
export interface Plural {
  one?: string;
  few?: string;
  many?: string;
  other: string;
}

/** A text with `{name}` for each value. */
export type Text = string | Plural;

/** Values for the placeholders; `count` also chooses the plural form. */
export type Values = Record<string, string | number>;

/** Gives the text of a key. */
export type Translate<Key extends string> = (key: Key, values?: Values) => string;

/** Makes the texts of one page: `catalogues` is what its JSON files hold. */
export function createTranslate<Key extends string>(
  locale: Locale,
  catalogues: Record<Locale, Record<Key, Text>>,
): Translate<Key> {
  const rules = new Intl.PluralRules(locale);
  const numbers = new Intl.NumberFormat(locale);
  return (key, values = {}) => {
    const text = pick(catalogues[locale][key], values["count"], rules);
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => {
      const value = values[name];
      if (value === undefined) return whole;
      return typeof value === "number" ? numbers.format(value) : value;
    });
  };
}

function pick(text: Text, count: string | number | undefined, rules: Intl.PluralRules): string {
  if (typeof text === "string") return text;
  const category = typeof count === "number" ? rules.select(count) : "other";
  return (text as unknown as Partial<Record<Intl.LDMLPluralRule, string>>)[category] ?? text.other;
}
