// Why a file is not sent, in the person's language: what the page knows before Rust was asked. Loaded with the first one.
import type { Locale } from "../generated/Locale";
import en from "../locales/en/files.json";
import ru from "../locales/ru/files.json";
import { sizeOf } from "../model/file-words";
import { createTranslate, type Translate } from "../model/locale";
import type { Bounds } from "./filerules";

/** Keys of the catalogue of files. */
export type FileText = keyof typeof en;

/** The texts of files in one language. */
export function fileTexts(locale: Locale): Translate<FileText> {
  return createTranslate<FileText>(locale, { en, ru });
}

/** A size as file managers write it. */
export function sizeText(t: Translate<FileText>, bytes: number): string {
  const { unit, count } = sizeOf(bytes);
  return t(`size.${unit}`, { count });
}

/** The sentence of a code; empty where the page has none of its own for it. */
export function fileSentence(locale: Locale, code: string, { max_bytes, types }: Bounds): string {
  const t = fileTexts(locale);
  const key = `problem.${code}`;
  if (!(key in en)) return "";
  return t(key as FileText, { limit: sizeText(t, max_bytes), types: types.join(", ") });
}
