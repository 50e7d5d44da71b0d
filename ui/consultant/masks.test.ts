// `c-mask` (§3 of the consultant API) as text: what each key makes of a value.
import { describe, expect, test } from "vitest";
import ru from "../locales/ru/visitor.json";
import { conform, edit, isComplete, maskAlone, readMask, type Edit, type Mask, type Masked } from "./masks";

const PHONE = "+7 (999) 999-99-99";
const MASKS = [
  PHONE,
  "+9 (999) 999-99-99",
  "+9999999?99999999",
  "99.99.9999",
  "(#9#) ##",
  "aa-999/*",
  "\\9-99",
  "9",
];

function mask(source: string): Mask {
  const read = readMask(source);
  if (!read) throw new Error(`"${source}" is no mask`);
  return read;
}

/** Types `keys` at the end of `value`, one after the other; `<` is Backspace. */
function type(source: string, keys: string, value = ""): Masked {
  let at: Masked = { text: value, caret: value.length, filled: 0 };
  for (const key of keys) at = press(mask(source), at, key === "<" ? { removal: "before" } : { text: key });
  return at;
}

function press(read: Mask, { text, caret }: Masked, change: Partial<Edit>): Masked {
  return edit(read, text, { start: caret, end: caret, text: "", removal: "none", ...change });
}

/** `text` with a bar where the caret is. */
function shown({ text, caret }: Masked): string {
  return `${text.slice(0, caret)}|${text.slice(caret)}`;
}

/** Is `text` a beginning of the mask? */
function isBeginning({ places }: Mask, text: string): boolean {
  return text.split("").every((sign, at) => {
    const place = places[at];
    return place !== undefined && ("literal" in place ? place.literal === sign : place.fits.test(sign));
  });
}

/** Mulberry32: the same keys for the same seed. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe("typing into a mask", () => {
  test("what the mask holds by itself comes with the next digit", () => {
    expect(["9", "912", "9123", "9123456789"].map((keys) => shown(type(PHONE, keys)))).toEqual([
      "+7 (9|",
      "+7 (912|",
      "+7 (912) 3|",
      "+7 (912) 345-67-89|",
    ]);
  });

  test("signs of the mask may be typed as well, and what does not fit is left out", () => {
    expect(shown(type(PHONE, "+7 (912) 345"))).toBe("+7 (912) 345|");
    expect(shown(type(PHONE, "9x1 2é😀3"))).toBe("+7 (912) 3|");
  });

  test("Backspace takes the digit before, over what the mask holds by itself", () => {
    expect(shown(type(PHONE, "9123<"))).toBe("+7 (912|");
    expect(shown(type(PHONE, "9123<<"))).toBe("+7 (91|");
    expect(shown(type(PHONE, "9<<<<"))).toBe("+7 (|");
  });

  test("Backspace and Delete in the middle keep the caret where a person looks", () => {
    const read = mask(PHONE);
    const full = "+7 (912) 345-67-89";
    const at = (caret: number): Masked => ({ text: full, caret, filled: 10 });
    expect(shown(press(read, at(10), { removal: "before" }))).toBe("+7 (912|) 456-78-9");
    expect(shown(press(read, at(9), { removal: "after" }))).toBe("+7 (912) |456-78-9");
    expect(shown(press(read, at(7), { removal: "after" }))).toBe("+7 (912|) 456-78-9");
    expect(shown(press(read, at(9), { removal: "all before" }))).toBe("+7 (|345) 678-9");
    expect(shown(press(read, at(9), { removal: "all after" }))).toBe("+7 (912|");
  });

  test("a digit in the middle moves the rest on", () => {
    const read = mask(PHONE);
    expect(shown(press(read, { text: "+7 (912) 345", caret: 5, filled: 6 }, { text: "0" }))).toBe(
      "+7 (90|1) 234-5",
    );
  });

  test("a full mask takes no more, and no digit is pushed off its end", () => {
    const read = mask(PHONE);
    const full: Masked = { text: "+7 (912) 345-67-89", caret: 5, filled: 10 };
    expect(press(read, full, { text: "0" }).text).toBe(full.text);
    expect(type(PHONE, "0", full.text).text).toBe(full.text);
  });

  test("what is selected goes, for a key as for Backspace", () => {
    const read = mask(PHONE);
    const change = { start: 4, end: 9 };
    const value = { text: "+7 (912) 345", caret: 4, filled: 6 };
    expect(shown(press(read, value, { ...change, removal: "before" }))).toBe("+7 (|345");
    expect(shown(press(read, value, { ...change, text: "5" }))).toBe("+7 (5|34) 5");
  });
});

describe("pasting into a mask", () => {
  const paste = (text: string, value = "+7 ("): string =>
    press(mask(PHONE), { text: value, caret: value.length, filled: 0 }, { text }).text;

  test.each([
    "+7 912 345-67-89",
    "89123456789",
    "8 (912) 345 67 89",
    "9123456789",
    "+7(912)3456789",
    "79123456789",
  ])("%s is the same number", (number) => {
    expect(paste(number)).toBe("+7 (912) 345-67-89");
    expect(paste(number, "")).toBe("+7 (912) 345-67-89");
    expect(conform(mask(PHONE), number).text).toBe("+7 (912) 345-67-89");
  });

  test("a number without its code that begins like the code is taken whole", () => {
    expect(conform(mask(PHONE), "7012345678").text).toBe("+7 (701) 234-56-78");
  });

  test("words give nothing, a part of a number its digits", () => {
    expect([paste("no number"), paste("345"), paste("")]).toEqual(["+7 (", "+7 (345", "+7 ("]);
  });
});

describe("masks", () => {
  test("`#` and `_` are digits, and `9` then stands for itself", () => {
    expect(type("+9 (##)", "12").text).toBe("+9 (12)");
    expect(type("9_:__", "123").text).toBe("91:23");
  });

  test("letters, either, and a sign that stands for itself", () => {
    expect(type("aa-99*", "ы1ж23я").text).toBe("ыж-23я");
    expect(type("\\9-99", "12").text).toBe("9-12");
  });

  test("what follows `?` may be missing", () => {
    const read = mask("+99?99");
    expect(["1", "12", "123"].map((text) => isComplete(read, conform(read, text)))).toEqual([
      false,
      true,
      true,
    ]);
  });

  test("one without a place is none", () => {
    expect([readMask(""), readMask("abc-"), readMask("()")].map((read) => read?.places.length)).toEqual([
      undefined,
      4,
      undefined,
    ]);
  });

  test.each(MASKS)("%s: random keys always leave a beginning of it, and the caret in it", (source) => {
    const read = mask(source);
    const removals = ["before", "after", "all before", "all after"] as const;
    const inserted = ["0", "7", "9", "5", "а", "Z", " ", "-", "(", "+7", "89123456789", "x1y2", "😀", "\n"];
    for (let seed = 1; seed <= 60; seed += 1) {
      const next = random(seed);
      const below = (count: number): number => Math.floor(next() * count);
      let now: Masked = { text: "", caret: 0, filled: 0 };
      for (let step = 0; step < 60; step += 1) {
        const [one, two] = [below(now.text.length + 1), below(now.text.length + 1)];
        // Mostly where the caret is, sometimes elsewhere, with and without a selection.
        const start = next() < 0.6 ? now.caret : Math.min(one, two);
        const end = next() < 0.8 ? start : Math.max(start, one, two);
        const isTyping = next() < 0.7;
        const text = isTyping ? (inserted[below(inserted.length)] ?? "") : "";
        const before = now;
        now = edit(read, now.text, {
          start,
          end,
          text,
          removal: isTyping ? "none" : (removals[below(4)] ?? "before"),
        });
        const what = `seed ${String(seed)}, step ${String(step)}: "${before.text}" [${String(start)},${String(end)}] + "${text}"`;
        expect(isBeginning(read, now.text), `${what} gave "${now.text}"`).toBe(true);
        expect(now.caret >= 0 && now.caret <= now.text.length, `${what}: caret ${String(now.caret)}`).toBe(
          true,
        );
        expect(conform(read, now.text).text, what).toBe(now.text);
        if (isTyping && start === end) expect(now.filled >= before.filled, `${what} lost digits`).toBe(true);
      }
    }
  });

  test.each(MASKS)("%s: digits typed one by one stand in their order", (source) => {
    const read = mask(source);
    const own = maskAlone(read).replace(/\D/g, "");
    for (let seed = 1; seed <= 40; seed += 1) {
      const next = random(seed);
      const keys = Array.from({ length: 14 }, () => String(Math.floor(next() * 6)));
      const { text, filled } = type(source, keys.join(""));
      if (/[a*#_\\]/.test(source)) continue;
      expect(text.replace(/\D/g, ""), `seed ${String(seed)}`).toBe(own + keys.slice(0, filled).join(""));
    }
  });
});

test.each(["74951234567", "375291234567", "998901234567"])(
  "the Russian form keeps every digit of +%s",
  (digits) => {
    const { text } = type(ru["c.phone_mask"], digits);
    expect(text.replace(/\D/g, "")).toBe(digits);
    expect(isComplete(mask(ru["c.phone_mask"]), conform(mask(ru["c.phone_mask"]), text))).toBe(true);
  },
);
