// `c-max` and `c-length`: how much fits into a field. `c-max` counts characters, `c-length` what makes the value,
// which for a numberfield is its digits. Only elements with `c-type` are held to them: elsewhere they are the
// controller's own business.
import type { Span } from "./caret";
import { isTyped, kindOf, textOf, type Typed } from "./fields";

/** Inputs have a limit of their own, which knows their selection in every browser: it is set to `c-max`. */
export function limitInput(field: Typed): void {
  const limit = limitOf(field, "c-max");
  if (limit < Infinity && field.maxLength !== limit) field.maxLength = limit;
}

/** As much of `text` as the field lets in where `span` is now. */
export function fitting(field: Element, { start, end }: Span, text: string): string {
  const whole = textOf(field);
  const rest = whole.slice(0, start) + whole.slice(end);
  const counted = kindOf(field) === "numberfield" ? /\d/g : /[^]/g;
  const count = (words: string): number => words.match(counted)?.length ?? 0;
  const most = isTyped(field) ? Infinity : limitOf(field, "c-max") - rest.length;
  let left = limitOf(field, "c-length") - count(rest);
  let fits = "";
  for (const sign of text) {
    left -= count(sign);
    if (left < 0 || fits.length + sign.length > most) break;
    fits += sign;
  }
  return fits;
}

function limitOf(field: Element, name: string): number {
  const limit = Number.parseInt(field.getAttribute(name) ?? "", 10);
  return limit > 0 ? limit : Infinity;
}
