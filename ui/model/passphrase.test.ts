import { describe, expect, it } from "vitest";
import { isLongEnough, strength } from "./passphrase";

describe("the hint about a passphrase", () => {
  it.each([
    ["", "short"],
    ["1234567", "short"],
    ["пароль", "short"],
    ["12345678", "weak"],
    ["aaaaaaaaaaaaaaaa", "weak"],
    ["abcdefghijklmnop", "weak"],
    ["password1!", "weak"],
    ["Password2024", "weak"],
    ["пароль123", "weak"],
    ["river tom", "weak"],
    ["river tomato", "fair"],
    ["correct horse battery staple", "good"],
    ["облако ложка трамвай сосна", "good"],
    ["k7#Qz!m2Vx9p", "fair"],
    ["k7#Qz!m2Vx9pLt4w", "good"],
  ])("says of %j that it is %s", (passphrase, said) => {
    expect(strength(passphrase)).toBe(said);
  });

  it("counts characters as Rust does, however an accent was typed", () => {
    expect(isLongEnough("cafe\u0301 au")).toBe(false);
    expect(isLongEnough("cafe\u0301 au l")).toBe(true);
    expect(strength("\u{1F600}\u{1F601}\u{1F602}")).toBe("short");
  });
});
