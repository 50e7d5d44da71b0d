// Methods become wishes: what a controller gave is checked by now; here it is asked for, and its refusal is told.
//
// What must always hold: each call is told exactly one answer, after the running task.
import type { Outcome } from "../backend/backend";
import type { Verb } from "../generated/Verb";
import type { VisitorWish } from "../generated/VisitorWish";
import { copyOf, refusal, success, type Tell } from "./answers";
import type { Consents } from "./consents";
import type { Teller } from "./teller";
import type { Texts } from "./texts";
import type { Wishes } from "./wishes";

/** Wishes that are asked for again by themselves once the visitor has agreed to the site's terms. */
const REPEATED: ReadonlySet<Verb> = new Set<Verb>(["startchat", "inviteaccept"]);

/** Asks for wishes. */
export class Asking {
  readonly #wishes: Wishes;
  readonly #teller: Teller;
  readonly #consents: Consents;
  readonly #texts: Texts;

  constructor(wishes: Wishes, teller: Teller, consents: Consents, texts: Texts) {
    this.#wishes = wishes;
    this.#teller = teller;
    this.#consents = consents;
    this.#texts = texts;
  }

  /**
   * Asks for a wish; `tell` gets the answer, without it the chat's event does. `unconsented` takes what the visitor
   * must agree to the site's terms for; without it that is refused, and the visitor asked.
   */
  perform<Wish extends VisitorWish>(
    verb: Verb,
    made: Outcome<Wish>,
    tell: Tell = this.#byEvent(verb),
    unconsented?: (wish: Wish) => void,
  ): void {
    const problem = "problem" in made ? made.problem : this.#wishes.ask(verb, made.ok, tell);
    if (!problem) return;
    const { code, message } = problem;
    const wish = "ok" in made && code === "consent" ? made.ok : null;
    if (wish && unconsented) return unconsented(wish);
    this.#teller.soon(() => {
      if (wish) this.#afterConsent(verb, wish);
      tell(refusal(this.#texts, verb, code, message));
    });
  }

  /** It is so already. */
  done(verb: Verb): void {
    this.#teller.soon(() => this.#byEvent(verb)(success(this.#texts, verb, null, null)));
  }

  #byEvent(verb: Verb): Tell {
    return (answer) => this.#teller.event(verb, () => copyOf(answer));
  }

  /** The visitor is asked; what does not keep its words on the screen by itself is asked for again after that. */
  #afterConsent(verb: Verb, wish: VisitorWish): void {
    this.#consents.wait({
      again: () => {
        if (REPEATED.has(verb)) this.#wishes.ask(verb, wish, () => undefined);
      },
      giveUp: () => undefined,
    });
  }
}
