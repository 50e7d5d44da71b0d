// What the visitor says of himself: saved, and shown at once.
//
// What must always hold: whoever saves is called back with the mirror up to date, also where the card waits for the
// line or for the visitor's consent; what is refused is an error, because no event answers for cards.
import type { Outcome } from "../backend/backend";
import type { FieldName } from "../generated/FieldName";
import type { VisitorWish } from "../generated/VisitorWish";
import type { Tell } from "./answers";
import type { Asking } from "./asking";
import type { Consents } from "./consents";
import { effectOf } from "./effects";
import { cardOf } from "./given";
import type { Mirror } from "./mirror";
import type { Teller } from "./teller";

type CardWish = Extract<VisitorWish, { type: "card" }>;

/** The visitor's own card. */
export class OwnCard {
  /** The fields of the chat's form that must be filled in. */
  required: readonly FieldName[] = [];
  readonly #mirror: Mirror;
  readonly #teller: Teller;
  readonly #asking: Asking;
  readonly #consents: Consents;

  constructor(mirror: Mirror, teller: Teller, asking: Asking, consents: Consents) {
    this.#mirror = mirror;
    this.#teller = teller;
    this.#asking = asking;
    this.#consents = consents;
  }

  /** Saves; `done` is told whether Rust has taken it. */
  set(card: unknown, done: (isTaken: boolean) => void): void {
    const made = cardOf(card);
    let isTaken = true;
    if (!isEmpty(made)) this.#save(made, () => (isTaken = false));
    this.#teller.soon(() => done(isTaken));
  }

  /** Required fields that the card lacks. */
  get lacking(): FieldName[] {
    const { name, emails, phones } = this.#mirror.present.card;
    const has = { name: name !== "", email: emails.length > 0, phone: phones.length > 0 };
    return this.required.filter((field) => !has[field]);
  }

  #save(made: Outcome<CardWish>, onRefusal: () => void = () => undefined): void {
    const tell: Tell = ({ success, code, info }) => {
      if (success) return;
      onRefusal();
      this.#teller.error(code ?? "invalid", info?.message);
    };
    this.#asking.perform("setcard", made, tell, (wish) => this.#wait(wish));
  }

  /** A card is on the screen nowhere: it is not refused, it waits for the visitor's consent. */
  #wait(wish: CardWish): void {
    const effect = effectOf(wish, this.#mirror.present);
    if (!effect) return;
    this.#mirror.add(effect);
    this.#consents.wait({
      again: () => {
        this.#mirror.drop(effect);
        this.#save({ ok: wish });
      },
      giveUp: () => this.#mirror.drop(effect),
    });
  }
}

/** Absent and empty keys change nothing. */
function isEmpty(made: Outcome<CardWish>): boolean {
  return "ok" in made && made.ok.name === null && made.ok.emails.length + made.ok.phones.length === 0;
}
