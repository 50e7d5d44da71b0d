// @vitest-environment node
// Every catalogue says the same in both languages, says nothing that nobody asks for, and is asked for nothing that it
// does not have. Pages' keys are typed by the English catalogue, so that the compiler sees to what they lack; what Rust
// and the default form ask for is read from their sources here.
import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";

type Text = string | string[] | Record<string, string>;
type Catalogue = Record<string, Text>;

const ROOT = join(import.meta.dirname, "../..");
/** Everything of a page that can be on its screen. */
const PAGES = sources(["ui"], /\.(ts|svelte|js)$/);
/** Who asks for the texts of a catalogue; the pages where it is not said. */
const ASKING: Partial<Record<string, string>> = {
  shell: rust("src-tauri"),
  mail: rust("crates/server/src/mail"),
  export: rust("crates/api/src"),
  // A page says for itself what Rust never saw.
  problems: rust("crates", "src-tauri") + PAGES,
};

function sources(folders: string[], names: RegExp): string {
  const isLeftOut = (path: string): boolean =>
    /node_modules|\/dist\/|\/generated\/|\/locales\/|\.test\.ts$|\/tests?(\/|\.rs$|_\w+\.rs$)|packs\/classic|\/target\//.test(
      path,
    );
  return folders
    .flatMap((folder) =>
      readdirSync(join(ROOT, folder), { encoding: "utf8", recursive: true }).map(
        (name) => `${folder}/${name}`,
      ),
    )
    .filter((path) => names.test(path) && !isLeftOut(path))
    .map((path) => readFileSync(join(ROOT, path), "utf8"))
    .join("\n");
}

/** Rust's sources without the tests in them. */
function rust(...folders: string[]): string {
  return folders
    .map((folder) => sources([folder], /\.rs$/))
    .join("\n")
    .replace(/#\[cfg\(test\)\]\s*mod \w+ \{[\s\S]*?\n\}/g, "");
}

function read(locale: string, name: string): Catalogue {
  return JSON.parse(readFileSync(join(import.meta.dirname, locale, `${name}.json`), "utf8")) as Catalogue;
}

function names(locale: string): string[] {
  return readdirSync(join(import.meta.dirname, locale))
    .map((file) => basename(file, ".json"))
    .sort();
}

function formsOf(text: Text): string[] {
  return typeof text === "string" ? [text] : Object.values(text);
}

function placeholders(text: Text): string[] {
  return [
    ...new Set(
      formsOf(text)
        .join()
        .match(/\{\w+\}/g) ?? [],
    ),
  ].sort();
}

/** What sources put together: `strip.${verb}`, `"kind.{name}"`, as patterns of whole keys. */
function composed(source: string): RegExp[] {
  const literals = [
    ...(source.match(/`[\w.-]*(?:\$\{[^}`]*\}[\w.-]*)+`/g) ?? []),
    ...(source.match(/"[\w.-]*(?:\{\w*\}[\w.-]*)+"/g) ?? []),
  ];
  const patterns = new Set(
    literals.map((one) =>
      one
        .slice(1, -1)
        .replace(/\./g, "\\.")
        .replace(/\$?\{[^}]*\}/g, "[\\w-]*"),
    ),
  );
  // Nothing but a placeholder, or a single word before it, would match whatever is there.
  return [...patterns]
    .filter((one) => /^\w+(\\\.|_)|(\\\.|_)\w{4,}$|_count\[/.test(one))
    .map((one) => new RegExp(`^${one}$`));
}

function unused(keys: string[], source: string): string[] {
  const patterns = composed(source);
  const isAsked = (key: string): boolean =>
    [`"${key}"`, `'${key}'`, `\`${key}\``].some((literal) => source.includes(literal)) ||
    patterns.some((pattern) => pattern.test(key)) ||
    // `"alert_words"` and, further on, `"_who"`; `"forget"` and `"title"`.
    [...key.matchAll(/_/g)].some(
      ({ index }) =>
        source.includes(`"${key.slice(0, index)}"`) &&
        [key.slice(index), key.slice(index + 1)].some((end) => source.includes(`"${end}"`)),
    );
  return keys.filter((key) => !isAsked(key));
}

test("each catalogue is there in both languages", () => {
  expect(names("ru")).toEqual(names("en"));
});

describe.each(names("en"))("%s", (name) => {
  const [en, ru] = [read("en", name), read("ru", name)];

  test("has the same keys in both languages, in one order", () => {
    expect(Object.keys(ru)).toEqual(Object.keys(en));
  });

  test("says something everywhere, with the same placeholders", () => {
    for (const [key, text] of Object.entries(en)) {
      expect(
        formsOf(text)
          .concat(formsOf(ru[key] ?? ""))
          .filter((form) => form.trim() === ""),
        key,
      ).toEqual([]);
      expect(placeholders(ru[key] ?? ""), key).toEqual(placeholders(text));
    }
  });

  test("has every plural form of its language", () => {
    for (const [key, text] of Object.entries(en)) {
      const other = ru[key] ?? "";
      if (typeof text === "string" || Array.isArray(text)) continue;
      expect(Object.keys(text).sort(), key).toEqual(["one", "other"]);
      // Whole numbers, which are all that is counted, have three in Russian; the fourth is for halves.
      expect(Object.keys(other), key).toEqual(expect.arrayContaining(["one", "few", "many"]));
    }
  });

  test("says nothing that nobody asks for", () => {
    const asking = ASKING[name] ?? PAGES;
    // A letter's words are fields of a struct, and serde refuses one that it lacks or does not know.
    const keys = name === "mail" ? [] : Object.keys(en);
    expect(unused(keys, asking)).toEqual([]);
  });
});

test("Rust asks for nothing that the shell's catalogue lacks", () => {
  const shell = read("en", "shell");
  const asked = [...rust("src-tauri").matchAll(/\b(?:text|counted)\(\s*"(\w+)"/g)].map(
    ([, key]) => key ?? "",
  );
  expect(asked.length).toBeGreaterThan(10);
  expect(asked.filter((key) => !(key in shell))).toEqual([]);
});

test("Rust gives no code without a sentence", () => {
  const problems = read("en", "problems");
  const source = rust("crates/api/src") + rust("src-tauri");
  const given = [...source.matchAll(/\b(?:problem|sentence|problem::say)\(\s*"(\w+)"/g)].map(
    ([, code]) => code ?? "",
  );
  expect(given.length).toBeGreaterThan(10);
  expect(given.filter((code) => !(code in problems))).toEqual([]);
});

test("the default form asks for nothing that its settings lack", () => {
  const { texts } = JSON.parse(readFileSync(join(ROOT, "ui/packs/default/settings.json"), "utf8")) as {
    texts: { en: Catalogue };
  };
  const form = sources(["ui/packs/default"], /\.js$/);
  const asked = [...form.matchAll(/\btexts\.(\w+)/g)].map(([, key]) => key ?? "");
  expect([...new Set(asked)].filter((key) => !(key in texts.en))).toEqual([]);
});
