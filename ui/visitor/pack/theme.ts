// A form from a website was drawn for white paper. On a computer with a dark look the page's own colours would show
// through it as light letters on white: where its styles know nothing of a dark look, the page is a light one.

/** What a style says that knows of a dark look. */
const KNOWS_DARK = /color-scheme|light-dark\(/;
/** The page's own colours (look/tokens.css). */
const PAGE_COLORS = /var\((--(?:paper|surface|ink|muted|line|brass|own|on-own|theirs))(?=[\s,)])/g;
const HAS_COLORS = /(color|background)[a-z-]*:/;

/** Turns the page to light where the pack's styles need it; `base` is where they come from. */
export function adaptTheme(page: Document, base: string): void {
  const sheets = [...page.styleSheets].filter(({ href }) => href?.startsWith(base));
  const text = sheets.map(textOf).join("\n");
  const isLight = HAS_COLORS.test(text) && !KNOWS_DARK.test(text) && !takesPageColors(text);
  if (isLight) page.documentElement.dataset["theme"] = "light";
}

/** A website has names of its own for its colours, and some are the page's names. */
function takesPageColors(text: string): boolean {
  return [...text.matchAll(PAGE_COLORS)].some(([, name = ""]) => !text.includes(`${name}:`));
}

function textOf(sheet: CSSStyleSheet): string {
  try {
    return [...sheet.cssRules].map(({ cssText }) => cssText).join("\n") + importsOf(sheet);
  } catch {
    // It did not come, or another file brought it in: then it may have colours.
    return sheet.ownerRule ? "color:" : "";
  }
}

function importsOf(sheet: CSSStyleSheet): string {
  const imported = [...sheet.cssRules].map((rule) => (rule as Partial<CSSImportRule>).styleSheet);
  return imported.map((one) => (one ? textOf(one) : "")).join("\n");
}
