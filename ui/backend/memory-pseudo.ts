// Texts of languages that nobody speaks, made from the English ones: as long as German gets, or written from right to
// left. A page that stands these stands a translation. Only `vite build --mode memory` has them: `?texts=long`,
// `?texts=mirrored`.
//
// What must always hold: placeholders stay as they are, and every text stands between marks, so that one which is cut
// can be told from one that somebody wrote.

/** What stands before and behind each text. */
export const MARKS = ["⟦", "⟧"] as const;

const UMLAUTS: Record<string, string> = {
  a: "ä",
  e: "ë",
  i: "ï",
  o: "ö",
  u: "ü",
  A: "Ä",
  O: "Ö",
  U: "Ü",
  s: "ß",
};
const ARABIC = "ابتثجحخدذرزسشصضطظعغفقكلمنهوي";
/** German words run together, and lines break only between them. */
const TAIL = "Benachrichtigungs";

/** Which texts an address's query wants. */
export type Pseudo = "long" | "mirrored";

/** A text a third longer, in words that are. */
export function longer(text: string): string {
  const words = apart(text, (part) => part.replace(/[aeiousAOU]/g, (letter) => UMLAUTS[letter] ?? letter));
  // Addresses are the same in every language.
  const spoken = text.replace(/\S*(:\/\/|\.example)\S*/g, "");
  const more = Math.max(3, Math.ceil(spoken.length * 0.35));
  return `${MARKS[0]}${words}${more > TAIL.length ? " " : "-"}${TAIL.repeat(4).slice(0, Math.min(more, 24))}${MARKS[1]}`;
}

/** A text in letters that are written from right to left. */
export function mirrored(text: string): string {
  const words = apart(text, (part) =>
    part.replace(
      /[a-z]/gi,
      (letter) => ARABIC[(letter.toLowerCase().charCodeAt(0) - 97) % ARABIC.length] ?? letter,
    ),
  );
  return `${MARKS[0]}${words}${MARKS[1]}`;
}

/** A whole catalogue, or a part of one. */
export function pseudo<T>(texts: T, kind: Pseudo): T {
  const change = kind === "long" ? longer : mirrored;
  if (typeof texts === "string") return (texts === "" ? texts : change(texts)) as T;
  if (Array.isArray(texts)) return texts.map((one: unknown) => pseudo(one, kind)) as T;
  if (typeof texts !== "object" || texts === null) return texts;
  return Object.fromEntries(
    Object.entries(texts).map(([key, one]) => [key, pseudo<unknown>(one, kind)]),
  ) as T;
}

/** A catalogue as the address of the page wants it; the page is turned around for the mirrored ones. */
export function asAsked<T>(texts: T, query = new URLSearchParams(location.search)): T {
  const kind = query.get("texts");
  if (kind !== "long" && kind !== "mirrored") return texts;
  if (kind === "mirrored") document.documentElement.dir = "rtl";
  return pseudo(texts, kind);
}

/** Changes what stands outside of placeholders. */
function apart(text: string, change: (part: string) => string): string {
  return text
    .split(/(\{\w+\})/)
    .map((part) => (part.startsWith("{") ? part : change(part)))
    .join("");
}
