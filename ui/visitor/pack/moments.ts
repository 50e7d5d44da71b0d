// The moments that the scripts of a page wait for: `DOMContentLoaded` and `load`. In a company's own page they were
// still to come; here they are over before the first script of a pack runs.
//
// What must always hold: who waits is called once, in the order of a page, as if his own script ran; nothing of the
// page's own is held back once a form is there.

type Listener = EventListenerOrEventListenerObject;

interface Waiting {
  type: string;
  target: Window | Document;
  listener: Listener;
  script: Document["currentScript"];
}

const READY = "DOMContentLoaded";
const LOAD = "load";
const HEARING = "addEventListener";

/** Holds a page's moments back while the scripts of a pack are run. */
export class Moments {
  readonly #page: Window;
  /** What they hear with, as it was. */
  readonly #before: [Window | Document, PropertyDescriptor | undefined][];
  readonly #onload: Window["onload"];
  #waiting: Waiting[] = [];

  constructor(page: Window) {
    this.#page = page;
    this.#onload = page.onload;
    const targets = [page, page.document];
    this.#before = targets.map((target) => [target, Object.getOwnPropertyDescriptor(target, HEARING)]);
    for (const target of targets) this.#hold(target);
  }

  /** The scripts so far have run: calls those who wait. */
  come(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    const { onload } = this.#page;
    if (onload && onload !== this.#onload) {
      this.#page.onload = this.#onload;
      waiting.push({ type: LOAD, target: this.#page, listener: onload as Listener, script: null });
    }
    for (const type of [READY, LOAD]) waiting.filter((one) => one.type === type).forEach(call);
  }

  /** From now on the page is as it was. */
  end(): void {
    for (const [target, own] of this.#before) {
      if (own) Object.defineProperty(target, HEARING, own);
      else Reflect.deleteProperty(target, HEARING);
    }
  }

  #hold(target: Window | Document): void {
    const add = target.addEventListener.bind(target) as (...args: unknown[]) => void;
    const held = (type: string, listener: Listener | null, ...options: unknown[]): void => {
      const isMoment = type === READY || (type === LOAD && target === this.#page);
      if (!isMoment || !listener) return add(type, listener, ...options);
      this.#waiting.push({ type, target, listener, script: this.#page.document.currentScript });
    };
    Object.defineProperty(target, HEARING, { configurable: true, value: held, writable: true });
  }
}

/** A call that throws is told of as any listener's would be. */
function call({ type, target, listener, script }: Waiting): void {
  const event = new Event(type);
  const caller = new EventTarget();
  caller.addEventListener(type, () => {
    if (typeof listener === "function") listener.call(target as never, event);
    else listener.handleEvent(event);
  });
  Object.defineProperty(document, "currentScript", { configurable: true, get: () => script });
  try {
    caller.dispatchEvent(new Event(type));
  } finally {
    Reflect.deleteProperty(document, "currentScript");
  }
}
