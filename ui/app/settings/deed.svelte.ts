// Something that a button does: busy while it lasts, then what came of it, or why it did not.
import { wordsOf, type AppTexts } from "../texts";

/** One button's deed. */
export class Deed<T> {
  busy = $state(false);
  result: T | null = $state.raw(null);
  problem: string | null = $state.raw(null);
  #t: AppTexts;

  constructor(t: AppTexts) {
    this.#t = t;
  }

  /** Does it, unless it is being done; resolves when it is over, however it ended. */
  async run(act: () => Promise<T>): Promise<void> {
    if (this.busy) return;
    [this.busy, this.problem] = [true, null];
    try {
      this.result = await act();
    } catch (reason) {
      this.problem = wordsOf(reason, this.#t);
    } finally {
      this.busy = false;
    }
  }
}
