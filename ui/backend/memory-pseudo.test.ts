import { expect, test } from "vitest";
import { asAsked, longer, mirrored, pseudo } from "./memory-pseudo";

test("placeholders stay, and a text is longer by a third at least", () => {
  const text = "Send {count} files to {name}";
  for (const made of [longer(text), mirrored(text)])
    expect(made.match(/\{\w+\}/g)).toEqual(["{count}", "{name}"]);
  expect(longer(text).length).toBeGreaterThan(text.length * 1.3);
  expect(longer("OK").length).toBeGreaterThan(4);
});

test("mirrored texts are in letters that run from right to left", () => {
  expect(mirrored("Send it")).toMatch(/^⟦[\u0600-\u06ff ]+⟧$/);
});

test("catalogues are changed whole, and only when the address says so", () => {
  const catalogue = { a: "one", b: { one: "{count} file", other: "{count} files" }, c: ["x", ""], d: 3 };
  const made = pseudo(catalogue, "mirrored");
  expect(Object.keys(made.b)).toEqual(["one", "other"]);
  expect([made.c[1], made.d]).toEqual(["", 3]);
  expect(asAsked(catalogue, new URLSearchParams("lang=ru"))).toBe(catalogue);
});
