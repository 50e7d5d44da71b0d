// What this window remembers until it is closed. A browser may refuse to keep anything: then nothing is remembered.

const PREFIX = "deskbell/";

/** What is kept under a name. */
export function kept(name: string): string | null {
  return quietly(() => sessionStorage.getItem(PREFIX + name));
}

/** Keeps a text. */
export function keep(name: string, text: string): void {
  quietly(() => sessionStorage.setItem(PREFIX + name, text));
}

/** Keeps it no longer. */
export function forget(name: string): void {
  quietly(() => sessionStorage.removeItem(PREFIX + name));
}

function quietly<T>(run: () => T): T | null {
  try {
    return run();
  } catch {
    return null;
  }
}
