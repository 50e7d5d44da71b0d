// Which way each folder may look (house.md), and that no file here looks the other way.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { refusal } from "./layers.js";

const ROOT = import.meta.dirname;
const IMPORT = /(?:from\s+|import\s*\(\s*|import\s+)["']([^"']+)["']/g;

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ["node_modules", "dist"].includes(entry.name) ? [] : sources(path);
    return /\.(ts|svelte|js)$/.test(entry.name) ? [path] : [];
  });
}

function asked(file: string, source: string): string | null {
  return refusal(ROOT, join(ROOT, file), source);
}

describe("layering", () => {
  test.each([
    ["visitor/main.ts", "../consultant/runtime"],
    ["operator/main.ts", "../model/locale"],
    ["consultant/session.ts", "../backend/backend"],
    ["model/locale.ts", "../generated/Locale"],
    ["backend/tauri.ts", "@tauri-apps/api/core"],
    ["operator/parts/Row.svelte", "../../model/locale"],
    ["consultant/session.ts", "./mirror"],
  ])("%s may import %s", (file, source) => {
    expect(asked(file, source)).toBeNull();
  });

  test.each([
    ["operator/main.ts", "../consultant/runtime"],
    ["operator/main.ts", "../visitor/pack"],
    ["consultant/session.ts", "../visitor/pack"],
    ["model/locale.ts", "../consultant/session"],
    ["backend/tauri.ts", "../model/locale"],
    ["generated/Locale.ts", "../backend/backend"],
    ["visitor/main.ts", "@tauri-apps/api/core"],
    ["backend/memory.ts", "@tauri-apps/api/core"],
    ["packs/default/consultant.js", "./other.js"],
    ["packs/default/consultant.js", "svelte"],
  ])("%s may not import %s", (file, source) => {
    expect(asked(file, source)).not.toBeNull();
  });

  test("holds in every file", () => {
    const refused = sources(ROOT).flatMap((file) =>
      [...readFileSync(file, "utf8").matchAll(IMPORT)].flatMap(([, source = ""]) => {
        const why = file.endsWith("layers.test.ts") ? null : refusal(ROOT, file, source);
        return why === null ? [] : [`${file}: ${why}`];
      }),
    );
    expect(refused).toEqual([]);
  });
});
