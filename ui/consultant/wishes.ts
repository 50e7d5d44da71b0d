// What the visitor wished for and the desk has not yet confirmed: shown at once, taken back where it is refused.
//
// What must always hold: a wish ends, with its answer or soon after it; from then on the desk's word counts.
import type { Verb } from "../generated/Verb";
import type { Mirror, VisitorState, Wish } from "./mirror";

/** Milliseconds that a fulfilled wish is shown while the desk's own word on the state is on its way. */
const SETTLE_MS = 3000;

/** What a verb makes of the state. */
export const EFFECTS: Record<Verb, VisitorState> = { startchat: "chat", closechat: "available" };

/** The wishes of a page. */
export class Wishes {
  readonly #mirror: Mirror;
  readonly #onEnd: () => void;
  readonly #verbs: Record<Verb, Wish[]> = { startchat: [], closechat: [] };
  readonly #messages = new Map<string, Wish>();

  /** `onEnd`: a wish ended by itself. */
  constructor(mirror: Mirror, onEnd: () => void) {
    this.#mirror = mirror;
    this.#onEnd = onEnd;
  }

  /** A verb is on its way. */
  verb(verb: Verb): void {
    this.#verbs[verb].push(this.#mirror.wish(EFFECTS[verb]));
  }

  /** A message is on its way: where no chat is open it opens one. */
  message(uid: string): void {
    if (this.#mirror.state !== "chat") this.#messages.set(uid, this.#mirror.wish("chat"));
  }

  /** The oldest of a verb's wishes was answered. */
  answered(verb: Verb, success: boolean): void {
    this.#settle(this.#verbs[verb].shift(), success);
  }

  /** A message arrived, or did not. */
  arrived(uid: string, success: boolean): void {
    const wish = this.#messages.get(uid);
    this.#messages.delete(uid);
    this.#settle(wish, success);
  }

  #settle(wish: Wish | undefined, success: boolean): void {
    if (!wish) return;
    if (!success || this.#mirror.isConfirmed(wish.state)) {
      this.#mirror.answered(wish);
      return;
    }
    setTimeout(() => {
      this.#mirror.answered(wish);
      this.#onEnd();
    }, SETTLE_MS);
  }
}
