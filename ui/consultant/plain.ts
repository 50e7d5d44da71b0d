// Objects that a pack hands over: anything may come.

/** An object that is no list. */
export type Plain = Record<string, unknown>;

/** Is it one? */
export function isPlain(value: unknown): value is Plain {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object, or an empty one. */
export function plain(value: unknown): Plain {
  return isPlain(value) ? value : {};
}

/** The objects of a list, without what is none; empty where there is no list. */
export function plains(value: unknown): Plain[] {
  return Array.isArray(value) ? value.filter(isPlain) : [];
}
