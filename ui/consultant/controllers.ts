// View controllers: registered by packs, run once their settings and templates are there.
//
// What must always hold: `fn` runs once (a lead form's at each showing), the chat's before all others; a second
// registration of a name replaces nothing; one that throws stops no other, and whoever watches is told, so that nobody
// sits before an empty window.
//
// A controller that never comes back cannot be stopped here: page and controller share one thread. One that took
// long is told of on the console; a page that hangs is the shell's business.
import type { LeadForm } from "../generated/LeadForm";
import { isLead } from "./leads";
import { report } from "./log";
import type { Templates } from "./template";

/** Milliseconds from which on a controller's start is worth a word. */
const SLOW_MS = 1000;
/** The controller without which there is no chat. */
export const CHAT = "consultant";
/** Those that run before others: the second may lie in what the first has drawn. */
const FIRST = [CHAT, "sitephone"];

/** A pack's controller. */
export type Controller = (settings: object, templates: Templates) => unknown;

/** What a controller is run with. */
export interface ControllerInput {
  settings: object;
  templates: Templates;
}

/** Calls `run` with what the controller of this name is run with. */
export type Runner = (name: string, run: (input: ControllerInput) => void) => void;

/** Hears of a controller that did not start, or that was never there. */
export type FailureListener = (name: string, problem: unknown) => void;

/** Hears of a controller that was taken, while the script that registers it runs. */
export type RegistrationListener = (name: string) => void;

/** The controllers of a page. */
export class Controllers {
  readonly #byName = new Map<string, Controller>();
  readonly #ran = new Set<string>();
  readonly #failures: FailureListener[] = [];
  readonly #registrations: RegistrationListener[] = [];
  #runner: Runner | null = null;

  /** Calls `listener` at every controller that fails from now on. */
  onFailure(listener: FailureListener): void {
    this.#failures.push(listener);
  }

  /** Calls `listener` at every controller that is registered from now on. */
  onRegistration(listener: RegistrationListener): void {
    this.#registrations.push(listener);
  }

  /** Is a controller of this name registered? */
  has(name: string): boolean {
    return this.#byName.has(name);
  }

  /** Takes a controller; it runs at once where everything is loaded already. */
  register(name: unknown, controller: unknown): void {
    if (typeof name !== "string" || typeof controller !== "function") {
      report("registerViewController", "a name and a function are needed");
      return;
    }
    if (this.#byName.has(name)) {
      if (isStandIn()) return;
      report("registerViewController", `"${name}" is registered already; the first one stays`);
      return;
    }
    this.#byName.set(name, controller as Controller);
    for (const listener of this.#registrations) listener(name);
    if (this.#runner && !isLead(name)) this.#run(name, this.#runner);
  }

  /** Runs a lead form's controller, at each showing once more; `false` where nobody has registered it. */
  show(form: LeadForm): boolean {
    if (!this.#runner || !this.#byName.has(form)) return false;
    this.#ran.delete(form);
    this.#run(form, this.#runner);
    return true;
  }

  /** Runs what is registered. */
  run(runner: Runner): void {
    this.#runner = runner;
    const names = [...this.#byName.keys()].filter((name) => !FIRST.includes(name) && !isLead(name));
    for (const name of [...FIRST, ...names]) this.#run(name, runner);
    // A script with a mistake in it registers nothing.
    if (!this.#byName.has(CHAT)) this.#fail(CHAT, "nobody has registered it");
  }

  #run(name: string, runner: Runner): void {
    const controller = this.#byName.get(name);
    if (!controller || this.#ran.has(name)) return;
    this.#ran.add(name);
    const began = performance.now();
    runner(name, ({ settings, templates }) => {
      try {
        controller(settings, templates);
      } catch (problem) {
        this.#fail(name, problem);
      }
    });
    const took = performance.now() - began;
    if (took > SLOW_MS) report(`the view controller "${name}"`, `its start took ${took.toFixed(0)} ms`);
  }

  #fail(name: string, problem: unknown): void {
    report(`the view controller "${name}"`, problem);
    for (const listener of this.#failures) listener(name, problem);
  }
}

/** The page's own form beside a pack: it gives only what the pack has not. */
function isStandIn(): boolean {
  return (document.currentScript as HTMLScriptElement | null)?.dataset["standIn"] === "";
}
