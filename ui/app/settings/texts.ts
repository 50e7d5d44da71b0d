// The settings in the person's language. Loaded with them: a first start has no use for so many words.
import type { Locale } from "../../generated/Locale";
import enApp from "../../locales/en/app.json";
import enKeys from "../../locales/en/keys.json";
import en from "../../locales/en/desktop.json";
import ruApp from "../../locales/ru/app.json";
import ruKeys from "../../locales/ru/keys.json";
import ru from "../../locales/ru/desktop.json";
import { createTranslate, type Translate } from "../../model/locale";
import type { KeysKey } from "../keys/texts";

/** A key of the settings' catalogue, or of the pages beside it. */
export type SettingsKey = keyof typeof en | KeysKey;

/** Gives the text of a key. */
export type SettingsTexts = Translate<SettingsKey>;

/** The texts in a language. */
export function createSettingsTexts(locale: Locale): SettingsTexts {
  return createTranslate<SettingsKey>(locale, {
    en: { ...enApp, ...enKeys, ...en },
    ru: { ...ruApp, ...ruKeys, ...ru },
  });
}
