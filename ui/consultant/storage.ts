// `CallGear.storage`: values of any JSON kind, kept over restarts, each site's apart from the others'.
//
// What must always hold: nothing here throws, whatever is given and whatever the browser refuses; what cannot be
// kept on the disk is kept for the page. Where nothing may stay on the computer, nothing is written to it.
import { report } from "./log";

/** What controllers get. */
export interface Storage {
  /** A copy of the value; `null` where there is none. */
  getItem(key: unknown): unknown;
  /** Keeps a value; `undefined` takes it away. */
  setItem(key: unknown, value: unknown): void;
  removeItem(key: unknown): void;
}

/** Where strings are kept. */
export type Shelf = Pick<globalThis.Storage, "getItem" | "setItem" | "removeItem">;

/** The storage of a site over `shelf`; `null` keeps everything for the page alone. */
export function siteStorage(site: string, shelf: Shelf | null): Storage {
  const own = new Map<string, string>();
  const nameOf = (key: unknown): string => `callgear/${site}/${String(key)}`;
  const read = (name: string): string | null =>
    own.get(name) ?? quietly("read", () => shelf?.getItem(name)) ?? null;
  const remove = (name: string): void => {
    own.delete(name);
    quietly("remove", () => shelf?.removeItem(name));
  };
  const keep = (name: string, text: string | undefined): void => {
    if (text === undefined) {
      remove(name);
      return;
    }
    // The page's copy wins until the shelf has taken the value.
    own.set(name, text);
    quietly("keep", () => {
      shelf?.setItem(name, text);
      if (shelf) own.delete(name);
    });
  };
  return {
    getItem: (key) => quietly("read", () => parse(read(nameOf(key)))) ?? null,
    setItem: (key, value) =>
      quietly("keep", () => keep(nameOf(key), JSON.stringify(value) as string | undefined)),
    removeItem: (key) => quietly("remove", () => remove(nameOf(key))),
  };
}

/** The browser's own shelf; `null` where it has none or does not give it. */
export function localShelf(): Shelf | null {
  return quietly("open", () => window.localStorage) ?? null;
}

function parse(text: string | null): unknown {
  return text === null ? null : (JSON.parse(text) as unknown);
}

function quietly<T>(what: string, run: () => T): T | undefined {
  try {
    return run();
  } catch (problem) {
    // Never with the value: it is what a person chose or wrote.
    report(`storage: ${what}`, problem instanceof Error ? problem.name : "refused");
    return undefined;
  }
}
