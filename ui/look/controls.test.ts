// Rules of the look that a page cannot be asked about without a pointer over it.
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const css = readFileSync("look/controls.css", "utf8");

/** What the rule with exactly this selector says. */
function rule(selector: string): string {
  const start = css.indexOf(`\n${selector} {`);
  return start < 0 ? "" : css.slice(start, css.indexOf("}", start));
}

test("a main button keeps its own ground under the pointer, where a plain one gets another", () => {
  expect(rule(".button:hover:not(:disabled)")).toContain("background: var(--hover)");
  expect(rule(".button.primary:hover:not(:disabled)")).toContain("background: var(--own)");
});
