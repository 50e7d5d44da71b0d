// When the visitor is told that the operator types: at the start, then at most every three seconds, and once when it
// is over. Time is passed in; whoever ticks decides how late the end may be noticed.

/** How often "types" is said again (milliseconds). */
export const TYPING_AGAIN_MS = 3_000;

/** Without a key for so long, typing is over (milliseconds). */
export const TYPING_OVER_MS = 6_000;

/** What to tell the visitor, if anything. */
export type TypingSignal = boolean | null;

/** One operator's typing in one conversation. */
export class OperatorTyping {
  #saidAt: number | null = null;
  #keyAt = 0;

  /** The composer's text changed. */
  changed(text: string, now: number): TypingSignal {
    if (text.trim() === "") return this.over();
    this.#keyAt = now;
    if (this.#saidAt !== null && now - this.#saidAt < TYPING_AGAIN_MS) return null;
    this.#saidAt = now;
    return true;
  }

  /** Time passed. */
  tick(now: number): TypingSignal {
    return now - this.#keyAt >= TYPING_OVER_MS ? this.over() : null;
  }

  /** Sent, left, or emptied. */
  over(): TypingSignal {
    if (this.#saidAt === null) return null;
    this.#saidAt = null;
    return false;
  }
}
