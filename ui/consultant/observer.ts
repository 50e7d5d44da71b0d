// `createObserver`: one page-wide board over which controllers tell each other what happens.
import { guarded } from "./log";

/** What `createObserver` gives. */
export interface Observer {
  /** Runs every reducer, merges their results and calls every subscriber, synchronously; it may nest. */
  pub(action: unknown): void;
  /** Calls `listener` at every `pub` from now on. */
  sub(listener: unknown): void;
}

type Reducer = (action: unknown) => unknown;
type Listener = (state: Record<string, unknown>) => unknown;

/** The board of a page. */
export class Board {
  readonly #reducers: Reducer[] = [];
  readonly #listeners: Listener[] = [];
  readonly #observer: Observer = {
    pub: (action) => {
      const state = this.#reduce(action);
      for (const listener of [...this.#listeners]) guarded("an observer", () => listener({ ...state }));
    },
    sub: (listener) => {
      if (typeof listener === "function") this.#listeners.push(listener as Listener);
    },
  };

  /** Registers a reducer and gives the one observer. */
  createObserver(reducer: unknown): Observer {
    if (typeof reducer === "function") this.#reducers.push(reducer as Reducer);
    return this.#observer;
  }

  /** A later reducer wins; keys stand in the order in which they first came. */
  #reduce(action: unknown): Record<string, unknown> {
    const state: Record<string, unknown> = {};
    for (const reducer of this.#reducers) {
      const part = guarded("a reducer", () => reducer(action));
      if (typeof part === "object" && part !== null) Object.assign(state, part);
    }
    return state;
  }
}
