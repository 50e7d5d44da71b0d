// Handlers of one object, by event name.
//
// What must always hold: every handler is called, in the order in which they were added, whatever the others do.
import { guarded } from "./log";

/** What a handler looks like; only `false` exactly means something, and only before an event. */
export type Handler = (payload?: unknown) => unknown;

/** The handlers of one object. */
export class Handlers {
  readonly #byEvent = new Map<string, Handler[]>();

  /** Adds a handler; what is not a function is left out. */
  add(event: unknown, handler: unknown): void {
    if (typeof event !== "string" || typeof handler !== "function") return;
    this.#byEvent.set(event, [...(this.#byEvent.get(event) ?? []), handler as Handler]);
  }

  /** Takes one handler away, or all of the event. */
  remove(event: unknown, handler?: unknown): void {
    if (typeof event !== "string") return;
    const left = handler === undefined ? [] : this.#of(event).filter((one) => one !== handler);
    this.#byEvent.set(event, left);
  }

  /** Does anybody listen? */
  has(event: string): boolean {
    return this.#of(event).length > 0;
  }

  /** Calls every handler with `self` as `this`; `false` when one of them returned exactly that. */
  fire(self: unknown, event: string, payload?: () => unknown): boolean {
    let goOn = true;
    for (const handler of this.#of(event)) {
      const answer = guarded(`a handler of "${event}"`, () =>
        payload ? handler.call(self, payload()) : handler.call(self),
      );
      if (answer === false) goOn = false;
    }
    return goOn;
  }

  #of(event: string): Handler[] {
    return this.#byEvent.get(event) ?? [];
  }
}
