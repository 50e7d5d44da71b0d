import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { isEmail, isPhone } from "./contact";

type Lists = Record<"emails" | "no_emails" | "phones" | "no_phones", string[]>;
const CORPUS = resolve(import.meta.dirname, "../../crates/wire/tests/contacts.json");
const corpus = JSON.parse(readFileSync(CORPUS, "utf8")) as Lists;

describe("contacts", () => {
  it("threats 24: says of every address what the desk says", () => {
    expect(corpus.emails.filter((text) => !isEmail(text))).toEqual([]);
    expect(corpus.no_emails.filter((text) => isEmail(text))).toEqual([]);
  });

  it("threats 24: says of every number what the desk says", () => {
    expect(corpus.phones.filter((text) => !isPhone(text))).toEqual([]);
    expect(corpus.no_phones.filter((text) => isPhone(text))).toEqual([]);
  });
});
