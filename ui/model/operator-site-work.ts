// What those who look after a desk do with it: its settings and its people. Nothing of it changes the mirror; the desk's
// own word does, when it comes.
import type { OperatorBackend } from "../backend/backend";
import type { Problem } from "../generated/Problem";
import type { SiteSettings } from "../generated/SiteSettings";
import { asProblem } from "./problem";

/** The verbs of a site. Each resolves to why it could not be done, or to `null`. */
export class SiteWork {
  readonly #backend: OperatorBackend;

  constructor(backend: OperatorBackend) {
    this.#backend = backend;
  }

  /** Saves the site's settings. */
  async saveSite(settings: SiteSettings): Promise<Problem | null> {
    return outcome(this.#backend.saveSite(settings));
  }

  /** Says in which groups an operator works; none: all. */
  async setGroups(operator: string, groups: readonly number[]): Promise<Problem | null> {
    return outcome(this.#backend.setGroups(operator, [...groups]));
  }

  /** Has the desk send a mail. */
  async testMail(to: string): Promise<Problem | null> {
    return outcome(this.#backend.testMail(to));
  }

  /** Gives an operator a new password. */
  async setPassword(operator: string, password: string): Promise<Problem | null> {
    return outcome(this.#backend.setPassword(operator, password));
  }
}

async function outcome(asked: Promise<void>): Promise<Problem | null> {
  return asked.then(
    () => null,
    (reason: unknown) => asProblem(reason),
  );
}
