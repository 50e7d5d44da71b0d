// How a file is put in words: its size, how long it may take, and its name in a place that is too narrow for it. The
// words themselves are the catalogues'.

/** A size in the largest unit that fills, 1024 to the next, as file managers have it. */
export interface Size {
  readonly unit: "bytes" | "kb" | "mb" | "gb";
  readonly count: number;
}

/** Bytes of a megabyte. */
export const MB = 1024 * 1024;

/** The size of so many bytes; below 100 with one place behind the point. */
export function sizeOf(bytes: number): Size {
  const units = ["bytes", "kb", "mb", "gb"] as const;
  let [at, count] = [0, Math.max(0, bytes)];
  // 1023.6 KB would be written as 1,024 KB.
  while (at < units.length - 1 && (at === 0 ? count : Math.round(count)) >= 1024) {
    count /= 1024;
    at += 1;
  }
  const step = at === 0 || count >= 99.95 ? 1 : 10;
  return { unit: units[at] ?? "gb", count: Math.round(count * step) / step };
}

/** A time that is left, in the unit in which one waits; never nothing. */
export function leftOf(seconds: number): { readonly unit: "seconds" | "minutes" | "hours"; count: number } {
  if (seconds < 60) return { unit: "seconds", count: Math.max(1, Math.ceil(seconds)) };
  if (seconds < 3_600) return { unit: "minutes", count: Math.ceil(seconds / 60) };
  return { unit: "hours", count: Math.ceil(seconds / 3_600) };
}

/** A share of a whole, 0 to 100; whole only when it is. */
export function percentOf(done: number, total: number): number {
  return total > 0 ? Math.min(100, Math.floor((done / total) * 100)) : 0;
}

/** A name's beginning, which may be cut, and its end, which is always shown. */
export interface NameParts {
  readonly start: string;
  readonly end: string;
}

/** So many signs before the extension stay in sight. */
const KEPT = 5;
/** Letters that stand alone: others are joined, marked or run from right to left, and a cut would spoil them. */
const PLAIN = /^[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}\p{P}\p{Zs}]*$/u;

/** Parts a name so that its true extension is in sight whatever is cut. */
export function partName(name: string): NameParts {
  const dot = name.lastIndexOf(".");
  const at = dot > 0 ? dot : name.length;
  const kept = [...name.slice(0, at)].slice(-KEPT).join("");
  const from = PLAIN.test(kept) && kept.length < at ? at - kept.length : at;
  return { start: name.slice(0, from), end: name.slice(from) };
}
