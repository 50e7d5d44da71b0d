// The page's colours round a company's form.
import { beforeEach, expect, test } from "vitest";
import { BASE } from "./fixtures";
import { adaptTheme } from "./theme";

/** A page with these styles, each a file of the pack. */
function pageWith(...texts: string[]): Document {
  const styleSheets = texts.map((cssText, at) => ({
    href: `${BASE}${String(at)}.css`,
    cssRules: [{ cssText }],
  }));
  const ours = { href: "tauri://localhost/a.css", cssRules: [{ cssText: "p { color: var(--ink); }" }] };
  return { documentElement: document.documentElement, styleSheets: [...styleSheets, ours] } as never;
}

beforeEach(() => {
  delete document.documentElement.dataset["theme"];
});

test.each([
  [[".a { background-color: rgb(255, 255, 255); }"], "light"],
  [[".a { color: red; }", ".b { margin: 0px; }"], "light"],
  [[".a { background: white; }", "@media (prefers-color-scheme: dark) { .a { color: red; } }"], undefined],
  [[":root { color-scheme: light dark; }", ".a { color: red; }"], undefined],
  [[".a { color: var(--ink); }"], undefined],
  [[".a { color: var(--on-own, white); }"], undefined],
  [[":root { --main: white; }", ".a { background: var(--main); }"], "light"],
  [[":root { --line-1: red; }", ".a { background: var(--line-1); }"], "light"],
  [[":root { --surface: white; }", ".a { background: var(--surface); }"], "light"],
  [[".a { margin: 0px; }"], undefined],
  [[], undefined],
])("%j: %s", (styles, theme) => {
  adaptTheme(pageWith(...styles), BASE);
  expect(document.documentElement.dataset["theme"]).toBe(theme);
});

test.each([
  [{ cssRules: [{ cssText: ".a { color: red; }" }] }, "light"],
  [{ cssRules: [{ cssText: ".a { color: var(--ink); }" }] }, undefined],
  [
    {
      ownerRule: {},
      get cssRules(): never {
        throw new Error("not yours");
      },
    },
    "light",
  ],
])("a style that another one imports counts, too", (styleSheet, theme) => {
  const sheet = { href: `${BASE}a.css`, cssRules: [{ cssText: '@import url("b.css");', styleSheet }] };
  adaptTheme({ documentElement: document.documentElement, styleSheets: [sheet] } as never, BASE);
  expect(document.documentElement.dataset["theme"]).toBe(theme);
});

test("styles that cannot be read change nothing", () => {
  const closed = {
    href: `${BASE}a.css`,
    get cssRules(): never {
      throw new Error("not yours");
    },
  };
  const page = { documentElement: document.documentElement, styleSheets: [closed] } as never;
  adaptTheme(page, BASE);
  expect(document.documentElement.dataset["theme"]).toBeUndefined();
});
