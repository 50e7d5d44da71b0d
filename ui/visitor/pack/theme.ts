// A form from a website was drawn for white paper. On a computer with a dark look the page's own colours would show
// through it as light letters on white: where its styles know nothing of a dark look, the page is a light one.

/** What a style says that knows of a dark look, or takes the page's own colours. */
const KNOWS_DARK = /prefers-color-scheme|color-scheme|light-dark\(|var\(--/;
const HAS_COLORS = /(color|background)[a-z-]*:/;

/** Turns the page to light where the pack's styles need it; `base` is where they come from. */
export function adaptTheme(page: Document, base: string): void {
  const rules = [...page.styleSheets].filter(({ href }) => href?.startsWith(base)).map(textOf);
  const isLight = rules.some((text) => HAS_COLORS.test(text)) && !rules.some((text) => KNOWS_DARK.test(text));
  if (isLight) page.documentElement.dataset["theme"] = "light";
}

function textOf(sheet: CSSStyleSheet): string {
  try {
    return [...sheet.cssRules].map(({ cssText }) => cssText).join("\n");
  } catch {
    // It did not come.
    return "";
  }
}
