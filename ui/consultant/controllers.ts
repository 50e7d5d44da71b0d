// View controllers: registered by packs, run once their settings and templates are there.
//
// What must always hold: `fn` runs once, and a second registration of a name replaces nothing.
import { guarded, report } from "./log";
import type { Templates } from "./template";

/** A pack's controller. */
export type Controller = (settings: object, templates: Templates) => unknown;

/** What the controllers of a page are run with. */
export interface ControllerInput {
  settings: object;
  templates: Templates;
}

/** The controllers of a page. */
export class Controllers {
  readonly #byName = new Map<string, Controller>();
  readonly #ran = new Set<string>();
  #input: ControllerInput | null = null;

  /** Takes a controller; it runs at once where everything is loaded already. */
  register(name: unknown, controller: unknown): void {
    if (typeof name !== "string" || typeof controller !== "function") {
      report("registerViewController", "a name and a function are needed");
      return;
    }
    if (this.#byName.has(name)) {
      report("registerViewController", `"${name}" is registered already; the first one stays`);
      return;
    }
    this.#byName.set(name, controller as Controller);
    if (this.#input) this.#run(name, this.#input);
  }

  /** Runs what is registered. */
  run(input: ControllerInput): void {
    this.#input = input;
    for (const name of [...this.#byName.keys()]) this.#run(name, input);
  }

  #run(name: string, { settings, templates }: ControllerInput): void {
    const controller = this.#byName.get(name);
    if (!controller || this.#ran.has(name)) return;
    this.#ran.add(name);
    guarded(`the view controller "${name}"`, () => controller(settings, templates));
  }
}
