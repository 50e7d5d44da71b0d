// The site's terms: what waits until the visitor has agreed to them.
//
// What must always hold: what was written before the visitor agreed is sent after it, in its order, or given back; on
// this page nothing leaves before.
import type { Consent } from "../generated/Consent";
import type { Mirror } from "./mirror";

/** Something that waits for the visitor's word. */
export interface Waiting {
  /** The visitor has agreed. */
  again(): void;
  /** Not now. */
  giveUp(): void;
}

/** The one question of a page. */
export class Consents {
  readonly #mirror: Mirror;
  #waiting: Waiting[] = [];
  #isAsked = false;
  #hasLacked = false;

  constructor(mirror: Mirror) {
    this.#mirror = mirror;
  }

  /** What the visitor is to be asked; `null`: nothing now. */
  get question(): Consent | null {
    return this.#isAsked && this.#mirror.lacksConsent ? (this.#mirror.form?.consent ?? null) : null;
  }

  /** From now on the visitor is asked. */
  wait(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#isAsked = true;
  }

  /** The visitor does not agree now. */
  decline(): void {
    for (const one of this.#take()) one.giveUp();
  }

  /** How things stand has changed: the visitor may have agreed, here or on another device. */
  look(): void {
    if (!this.#isAsked) return;
    // Rust may know of new terms before the page does: only who has lacked consent here can have given it.
    const { lacksConsent } = this.#mirror;
    this.#hasLacked ||= lacksConsent;
    if (lacksConsent || !this.#hasLacked) return;
    for (const one of this.#take()) one.again();
  }

  #take(): Waiting[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#isAsked = this.#hasLacked = false;
    return waiting;
  }
}
