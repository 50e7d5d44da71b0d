import { expect, test } from "vitest";
import { createTranslate } from "./locale";

const catalogues = {
  en: { hello: "Hello, {name}", files: { one: "{count} file", other: "{count} files" } },
  ru: {
    hello: "Здравствуйте, {name}",
    files: { one: "{count} файл", few: "{count} файла", many: "{count} файлов", other: "{count} файла" },
  },
};

test("values take their places, and a text that somebody wrote is not read as a template", () => {
  const t = createTranslate("en", catalogues);
  expect(t("hello", { name: "{name} $& Anna" })).toBe("Hello, {name} $& Anna");
  expect(t("hello")).toBe("Hello, {name}");
});

test("the plural form follows the language", () => {
  const [en, ru] = [createTranslate("en", catalogues), createTranslate("ru", catalogues)];
  expect([1, 2].map((count) => en("files", { count }))).toEqual(["1 file", "2 files"]);
  expect([1, 3, 5, 21, 11].map((count) => ru("files", { count }))).toEqual([
    "1 файл",
    "3 файла",
    "5 файлов",
    "21 файл",
    "11 файлов",
  ]);
});
