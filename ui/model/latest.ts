// Saving what a person goes on changing: one save at a time, and after it only the newest value.

/** What becomes of the newest value. */
export interface Saving {
  /** Nothing is left to save. */
  saved(): void;
  /** The newest value was refused. */
  refused(reason: unknown): void;
}

/** A saver: call it with each value, as often as they come. */
export function latest<T>(save: (value: T) => Promise<void>, on: Saving): (value: T) => void {
  let waiting: { value: T } | null = null;
  let running = false;

  async function run(): Promise<void> {
    running = true;
    for (let next = waiting; next !== null; next = waiting) {
      waiting = null;
      try {
        await save(next.value);
        if (waiting === null) on.saved();
      } catch (reason) {
        // What was chosen meanwhile stands on what was refused: it is tried all the same.
        if (waiting === null) on.refused(reason);
      }
    }
    running = false;
  }

  return (value) => {
    waiting = { value };
    if (!running) void run();
  };
}
