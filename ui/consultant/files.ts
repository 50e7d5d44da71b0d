// Pictures and sounds that a template names by a relative path: a browser looks for them beside the page, and the page
// that names a pack's templates lies in the pack.

const NAMING = ["src", "poster"];

/** Makes the relative paths in an element full ones; others, and what is written in, stay as they are. */
export function locateFiles(root: Element, base: string): void {
  for (const element of [root, ...root.querySelectorAll("[src], [poster], [style]")]) {
    for (const name of NAMING) locate(element, name, (path) => full(path, base));
    locate(element, "style", (style) =>
      style.replace(/url\(\s*(["']?)([^"')]+)\1\s*\)/g, (_, quote: string, path: string) => {
        return `url(${quote}${full(path.trim(), base)}${quote})`;
      }),
    );
  }
}

function locate(element: Element, name: string, change: (value: string) => string): void {
  const value = element.getAttribute(name);
  if (value === null) return;
  const changed = change(value);
  if (changed !== value) element.setAttribute(name, changed);
}

function full(path: string, base: string): string {
  const isRelative = path !== "" && !/^([a-z][a-z\d+.-]*:|[/#])/i.test(path);
  return isRelative && URL.canParse(path, base) ? new URL(path, base).href : path;
}
