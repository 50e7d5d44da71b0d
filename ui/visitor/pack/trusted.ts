// Texts of the company's own settings that its pack.json marks as HTML.
//
// What must always hold: only the very same text is trusted; whatever a person wrote is not, unless it is that text.

/** Tells whether a value is one of the texts at `paths` (`chat.title`, `chat.fields.0.title`) of `settings`. */
export function trustOf(settings: unknown, paths: readonly string[]): (value: unknown) => boolean {
  const found = new Set<unknown>(
    paths.map((path) => at(settings, path)).filter((text) => typeof text === "string"),
  );
  return (value) => found.has(value);
}

function at(settings: unknown, path: string): unknown {
  return path.split(".").reduce<unknown>((value, key) => {
    const isThere = typeof value === "object" && value !== null && Object.hasOwn(value, key);
    return isThere ? (value as Record<string, unknown>)[key] : undefined;
  }, settings);
}
