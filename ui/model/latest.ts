// Saving what a person goes on changing: one save at a time, and after it only the newest value.

/** What becomes of the newest value. */
export interface Saving<T> {
  /** Nothing is left to save. */
  saved(): void;
  /** The value was refused; `kept` is the last that was not, where there was one. */
  refused(reason: unknown, kept: T | undefined): void;
}

/** A saver: call it with each value, as often as they come. */
export function latest<T>(save: (value: T) => Promise<void>, on: Saving<T>): (value: T) => void {
  let waiting: { value: T } | null = null;
  let kept: T | undefined;
  let running = false;

  async function run(): Promise<void> {
    running = true;
    for (let next = waiting; next !== null; next = waiting) {
      waiting = null;
      try {
        await save(next.value);
        kept = next.value;
        if (waiting === null) on.saved();
      } catch (reason) {
        // What was chosen meanwhile stands on what was refused: it is tried all the same.
        if (waiting === null) on.refused(reason, kept);
      }
    }
    running = false;
  }

  return (value) => {
    waiting = { value };
    if (!running) void run();
  };
}
