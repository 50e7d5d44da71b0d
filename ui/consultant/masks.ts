// `c-mask`: what a mask makes of what a person types. Pure text: who listens to keys is in typed.ts.
//
// A mask is written as on paper: `+7 (999) 999-99-99`. `9` is a digit, `a` a letter, `*` either; where a mask holds
// `#` or `_`, these are its digits and `9` stands for itself. After `\` a character stands for itself; after `?` what
// follows may be missing. Everything else is there by itself.
//
// What must always hold: every text made here is a beginning of the mask; a key changes nothing that it did not
// mean: what does not fit is left out, and no digit is pushed off the end.

type Place = { literal: string } | { fits: RegExp };

/** A mask, read. */
export interface Mask {
  readonly places: readonly Place[];
  /** Places that must be filled. */
  readonly needed: number;
}

/** A text in a mask. */
export interface Masked {
  text: string;
  /** Where the caret stands. */
  caret: number;
  /** How many places are filled: none is a mask alone, and empty. */
  filled: number;
}

/** What an edit takes away besides the selection. */
export type Removal = "none" | "before" | "after" | "all before" | "all after";

/** A change as a person makes it: `text` takes the place of what is between `start` and `end`. */
export interface Edit {
  start: number;
  end: number;
  text: string;
  removal: Removal;
}

const DIGIT = /\d/;
const LETTER = /\p{L}/u;
const EITHER = /[\p{L}\d]/u;

/** Reads a mask; `null` where it has no place to fill. */
export function readMask(source: string): Mask | null {
  const digit = source.includes("#") ? "#" : source.includes("_") ? "_" : "9";
  const kinds: Record<string, RegExp> = { [digit]: DIGIT, a: LETTER, "*": EITHER };
  const places: Place[] = [];
  let needed: number | null = null;
  const filled = (): number => places.filter((place) => "fits" in place).length;
  for (let at = 0; at < source.length; at += 1) {
    const sign = source.charAt(at);
    const fits = Object.hasOwn(kinds, sign) ? kinds[sign] : undefined;
    if (sign === "\\" && at + 1 < source.length) places.push({ literal: source.charAt((at += 1)) });
    else if (sign === "?") needed ??= filled();
    else places.push(fits ? { fits } : { literal: sign });
  }
  return filled() > 0 ? { places, needed: needed ?? filled() } : null;
}

/** What stands before the first place: it is shown while the field has the focus. */
export function maskAlone(mask: Mask): string {
  return lay(mask, []).text;
}

/** Any text, put into the mask: what was filled in by the browser, pasted over everything, or set by a script. */
export function conform(mask: Mask, text: string, caret = text.length): Masked {
  const { signs } = feed(mask, 0, whole(mask, text));
  const before = feed(mask, 0, text.slice(0, caret)).signs.length;
  const laid = lay(mask, signs);
  return {
    ...laid,
    caret: before < signs.length ? caretAfter(mask, Math.min(before, signs.length)) : laid.caret,
  };
}

/** `value` after an edit. */
export function edit(mask: Mask, value: string, { start, end, text, removal }: Edit): Masked {
  const left = signsOf(mask, value, 0, start);
  const right = signsOf(mask, value, end, value.length);
  if (start === end) remove(left, right, removal);
  const kept = left.length;
  const added = insertion(mask, left.length + right.length, start, text);
  left.push(...added.signs);
  const laid = lay(mask, [...left, ...right]);
  if (text === "") return { ...laid, caret: caretRemoved(mask, laid, kept, start, removal) };
  // A sign that the mask holds by itself only moves the caret on.
  if (laid.filled === 0) return { ...laid, caret: Math.min(added.at, laid.text.length) };
  return { ...laid, caret: right.length > 0 ? caretAfter(mask, left.length) : laid.caret };
}

/**
 * What of `text` goes in at `start`. In an empty mask a text is read from the mask's beginning, because people paste
 * and type numbers with their country's code, and so is a sign that fits no place there.
 */
function insertion(mask: Mask, present: number, start: number, text: string): Fed {
  const typed = feed(mask, Math.min(start, mask.places.length), text);
  const isFresh = present === 0 && text !== "" && (text.length > 1 || typed.signs.length === 0);
  if (isFresh && (text.length > 1 || typed.at === start)) return feed(mask, 0, whole(mask, text));
  return { ...typed, signs: typed.signs.slice(0, slots(mask) - present) };
}

/** Is everything that must be there filled in? */
export function isComplete(mask: Mask, { filled }: Masked): boolean {
  return filled >= mask.needed;
}

function remove(left: string[], right: string[], removal: Removal): void {
  if (removal === "before") left.pop();
  if (removal === "after") right.shift();
  if (removal === "all before") left.length = 0;
  if (removal === "all after") right.length = 0;
}

function slots(mask: Mask): number {
  return mask.places.filter((place) => "fits" in place).length;
}

/** The signs that fill places between two positions of a text that fits the mask. */
function signsOf(mask: Mask, text: string, from: number, to: number): string[] {
  return [...mask.places.keys()]
    .filter((at) => at >= from && at < to && "fits" in (mask.places[at] ?? { literal: "" }))
    .map((at) => text.charAt(at))
    .filter((sign) => sign !== "");
}

interface Fed {
  signs: string[];
  /** The place after the last one that took a sign, or stands for one. */
  at: number;
}

/** Signs for the places from `from` on; one that the mask holds by itself is taken for that. */
function feed(mask: Mask, from: number, text: string): Fed {
  const signs: string[] = [];
  let at = from;
  for (const sign of text.split("")) {
    const next = mask.places.findIndex(
      (place, index) => index >= at && ("fits" in place || place.literal === sign),
    );
    const place = mask.places[next];
    if (!place || ("fits" in place && !place.fits.test(sign))) continue;
    if ("fits" in place) signs.push(sign);
    at = next + 1;
  }
  return { signs, at };
}

/**
 * Where a mask holds a country's code, a whole number may come without it, or with another way of writing it
 * (8 for +7): then its last digits are the ones that fill the places.
 */
function whole(mask: Mask, text: string): string {
  const isDigits = mask.places.every((place) => "literal" in place || place.fits === DIGIT);
  const own = mask.places.filter((place) => "literal" in place && DIGIT.test(place.literal)).length;
  const digits = text.replace(/\D/g, "");
  if (!isDigits || own === 0 || lay(mask, feed(mask, 0, text).signs).text === text) return text;
  const isCoded = digits.length === slots(mask) + own;
  const isBare = digits.length === slots(mask) && /^\d/.test(text);
  return isCoded || isBare ? maskAlone(mask) + digits.slice(isCoded ? own : 0) : text;
}

/** Signs in their places; what stands between comes with the next sign, what stands behind with the last. */
function lay(mask: Mask, signs: readonly string[]): Masked {
  const rest = [...signs];
  let text = "";
  let pending = "";
  let filled = 0;
  for (const place of mask.places) {
    if ("literal" in place) {
      pending += place.literal;
      continue;
    }
    const fitting = rest.findIndex((sign) => place.fits.test(sign));
    if (fitting < 0) break;
    text += pending + (rest[fitting] ?? "");
    rest.splice(0, fitting + 1);
    pending = "";
    filled += 1;
  }
  // Nothing filled: the mask alone. Everything filled: what stands behind the last place, too.
  if (filled === 0 || filled === slots(mask)) text += pending;
  return { text, caret: text.length, filled };
}

/** Behind the place that the `count`th sign fills. */
function caretAfter(mask: Mask, count: number): number {
  let left = count;
  let at = mask.places.findIndex((place) => "fits" in place);
  for (const [index, place] of mask.places.entries()) {
    if (left === 0) break;
    if ("literal" in place) continue;
    left -= 1;
    at = index + 1;
  }
  return at;
}

/** Forwards the caret stays; backwards it goes behind what is left. */
function caretRemoved(mask: Mask, laid: Masked, kept: number, start: number, removal: Removal): number {
  const at = removal === "after" || removal === "all after" ? start : caretAfter(mask, kept);
  return Math.min(Math.max(at, maskAlone(mask).length), laid.text.length);
}
