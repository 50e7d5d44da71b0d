// The questions about a profile's keys, in the person's language.
import type { Locale } from "../../generated/Locale";
import enApp from "../../locales/en/app.json";
import en from "../../locales/en/keys.json";
import ruApp from "../../locales/ru/app.json";
import ru from "../../locales/ru/keys.json";
import { createTranslate, type Translate } from "../../model/locale";
import type { AppKey } from "../texts";

/** A key of this catalogue, or of the app's. */
export type KeysKey = keyof typeof en | AppKey;

/** Gives the text of a key. */
export type KeysTexts = Translate<KeysKey>;

/** The texts in a language. */
export function createKeysTexts(locale: Locale): KeysTexts {
  return createTranslate<KeysKey>(locale, { en: { ...enApp, ...en }, ru: { ...ruApp, ...ru } });
}
