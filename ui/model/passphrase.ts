// How good a new passphrase is, as a hint while it is being typed. What counts is decided in Rust.

/** The least characters that Rust takes. */
export const PASSPHRASE_CHARS = 8;

/** What is said of a new passphrase. */
export type Strength = "short" | "weak" | "fair" | "good";

/** Bits below which guessing is a matter of days, and above which it is not worth trying at argon2id's price. */
const FAIR = 40;
const GOOD = 60;

/** What everybody tries first. */
const COMMON = ["password", "passwort", "qwerty", "йцукен", "letmein", "welcome", "пароль", "deskbell"];

/** May it become one? */
export function isLongEnough(passphrase: string): boolean {
  return charactersOf(passphrase).length >= PASSPHRASE_CHARS;
}

/** The same text is the same passphrase on every keyboard: an accent may be typed in two ways. */
export function typed(passphrase: string): string {
  return passphrase.normalize("NFC");
}

/** As Rust counts them. */
function charactersOf(passphrase: string): string[] {
  return [...typed(passphrase)];
}

/** A guess at how hard it is to guess. */
export function strength(passphrase: string): Strength {
  const characters = charactersOf(passphrase);
  if (!isLongEnough(passphrase)) return "short";
  const bits = surprising(characters) * Math.log2(alphabet(characters));
  if (bits < FAIR || isCommon(passphrase)) return "weak";
  return bits < GOOD ? "fair" : "good";
}

/** Characters that one does not expect: neither repeated, nor next in a row, nor the third of their kind. */
function surprising(characters: string[]): number {
  const seen = new Map<string, number>();
  let before = -1;
  let count = 0;
  for (const character of characters) {
    const code = character.codePointAt(0) ?? 0;
    const times = (seen.get(character) ?? 0) + 1;
    seen.set(character, times);
    if (Math.abs(code - before) > 1) count += times <= 2 ? 1 : 0.4;
    before = code;
  }
  return count;
}

/** How many characters one would have to try in each place. Words are no random letters: a letter is worth less. */
function alphabet(characters: string[]): number {
  const text = characters.join("");
  let size = 0;
  if (/\p{Ll}/u.test(text)) size += 8;
  if (/\p{Lu}/u.test(text)) size += 4;
  if (/\p{Nd}/u.test(text)) size += 8;
  if (/[^\p{L}\p{Nd}]/u.test(text)) size += 4;
  return Math.max(size, 4);
}

function isCommon(passphrase: string): boolean {
  const bare = passphrase.toLowerCase().replace(/[^\p{L}]/gu, "");
  return COMMON.some((word) => bare === word || bare === word + word);
}
