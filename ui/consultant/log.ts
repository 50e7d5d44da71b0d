// One place where the runtime speaks to whoever writes a pack: the console. Never with what a person wrote.

/** Reports a mistake of a pack without stopping anything. */
export function report(where: string, problem: unknown): void {
  console.error(`[CallGear] ${where}:`, problem);
}

/** Runs a pack's code: what it throws is reported and stops nobody; the answer is then `otherwise`. */
export function guarded<T, O = undefined>(where: string, run: () => T, otherwise?: O): T | O {
  try {
    return run();
  } catch (problem) {
    report(where, problem);
    return otherwise as O;
  }
}
