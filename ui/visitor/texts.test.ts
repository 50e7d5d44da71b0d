// Every text of the visitor's page is there in both languages, with the same placeholders, and is used.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import devicesEn from "../locales/en/devices.json";
import en from "../locales/en/visitor.json";
import devicesRu from "../locales/ru/devices.json";
import ru from "../locales/ru/visitor.json";
import type { Text } from "../model/locale";
import settings from "../packs/default/settings.json";

const UI = join(import.meta.dirname, "..");

function source(...folders: string[]): string {
  return folders
    .flatMap((folder) =>
      readdirSync(join(UI, folder), { encoding: "utf8", recursive: true }).map((name) =>
        join(UI, folder, name),
      ),
    )
    .filter((path) => /\.(ts|js)$/.test(path) && !path.endsWith(".test.ts"))
    .map((path) => readFileSync(path, "utf8"))
    .join("\n");
}

function placeholders(text: Text | string[]): string[] {
  const words = typeof text === "string" ? [text] : Object.values(text);
  return [...new Set(words.join().match(/\{\w+\}/g) ?? [])].sort();
}

describe("the page's catalogue", () => {
  const used = source("consultant", "visitor", "model", "backend");
  // Keys that the code puts together: `problem.${code}`, `strip.${verb}`, `answer.${verb}`, `system.${kind}`, `size.${unit}`.
  const composed = Object.keys(en).filter((key) =>
    /^strip\.(resend|discard)$|^answer\.|^size\.|^system\.(joined|left|moved)/.test(key),
  );

  test("holds the same keys in both languages", () => {
    expect(Object.keys(ru)).toEqual(Object.keys(en));
  });

  test.each(Object.keys(en) as (keyof typeof en)[])("%s is used and has the same placeholders", (key) => {
    const names = [key, key.replace(/^problem\./, "")];
    const isUsed = composed.includes(key) || names.some((name) => used.includes(`"${name}"`));
    expect(isUsed, `${key} is not used`).toBe(true);
    expect(placeholders(ru[key])).toEqual(placeholders(en[key]));
  });

  test("has every Russian plural form", () => {
    for (const text of Object.values(ru as Record<string, Text>)) {
      if (typeof text !== "string") expect(Object.keys(text).sort()).toEqual(["few", "many", "one", "other"]);
    }
  });
});

describe("the catalogue of the devices' panel", () => {
  const used = source("visitor");

  test("holds the same keys in both languages", () => {
    expect(Object.keys(devicesRu)).toEqual(Object.keys(devicesEn));
  });

  test.each(Object.keys(devicesEn) as (keyof typeof devicesEn)[])(
    "%s is used and has the same placeholders",
    (key) => {
      expect(used.includes(`"${key}"`), `${key} is not used`).toBe(true);
      expect(placeholders(devicesRu[key])).toEqual(placeholders(devicesEn[key]));
    },
  );
});

describe("the default form's texts", () => {
  const used = source("packs/default");
  const texts = settings.texts;

  test("hold the same keys in both languages", () => {
    expect(Object.keys(texts.ru)).toEqual(Object.keys(texts.en));
  });

  // `texts[status]`
  const statuses = ["queued", "sent", "delivered", "read", "failed"];
  test.each(Object.keys(texts.en) as (keyof typeof texts.en)[])(
    "%s is used and has the same placeholders",
    (key) => {
      expect(statuses.includes(key) || used.includes(`texts.${key}`), `${key} is not used`).toBe(true);
      expect(placeholders(texts.ru[key])).toEqual(placeholders(texts.en[key]));
    },
  );
});
