// `CallGear.setProperty` and its kin: what controllers of one page keep for each other.

/** What controllers get. */
export interface Properties {
  setProperty(name: unknown, value: unknown): void;
  getProperty(name: unknown): unknown;
  hasProperty(name: unknown): boolean;
  deleteProperty(name: unknown): void;
}

/** An empty board. */
export function properties(): Properties {
  const values = new Map<unknown, unknown>();
  return {
    setProperty: (name, value) => void values.set(name, value),
    getProperty: (name) => values.get(name),
    hasProperty: (name) => values.has(name),
    deleteProperty: (name) => void values.delete(name),
  };
}
