// The settings in the person's language. Loaded with them: a first start has no use for so many words.
import type { Locale } from "../../generated/Locale";
import enApp from "../../locales/en/app.json";
import en from "../../locales/en/desktop.json";
import ruApp from "../../locales/ru/app.json";
import ru from "../../locales/ru/desktop.json";
import { createTranslate, type Translate } from "../../model/locale";
import type { AppKey } from "../texts";

/** A key of the settings' catalogue, or of the app's. */
export type SettingsKey = keyof typeof en | AppKey;

/** Gives the text of a key. */
export type SettingsTexts = Translate<SettingsKey>;

/** The texts in a language. */
export function createSettingsTexts(locale: Locale): SettingsTexts {
  return createTranslate<SettingsKey>(locale, { en: { ...enApp, ...en }, ru: { ...ruApp, ...ru } });
}
