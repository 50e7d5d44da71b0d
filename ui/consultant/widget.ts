// The base widget and its life cycle.
//
// What must always hold: events fire around `show`, `hide`, `render` and `destroy` whether or not a controller
// overrides them; a method that answered `false` did not happen; a base call through `constructor.prototype`
// fires nothing. Therefore the four methods on the prototype are bare, and every instance has its own that wrap
// the bare one or the override.
import { Handlers } from "./events";
import type { WidgetMethods } from "./interface";
import { errorsOf, markForm, valuesOf, type Errors, type Values } from "./form";
import { watchLayout } from "./layout";
import { guarded, report } from "./log";
import { collectRefs, type Refs } from "./refs";
import { toElement, type Templates } from "./template";

/** What `createWidget` takes: settings, a template, and whatever overrides or extends the instance. */
export type WidgetConfig = Record<string, unknown>;

/** What a widget needs of the page round it. */
export interface WidgetHome {
  readonly templates: Templates;
  /** Is this the root of a widget? */
  isRoot(element: Element): boolean;
  addRoot(element: Element): void;
}

const HIDDEN = ["callgear-widget--hidden", "comagic-widget--hidden"];
const CONFIG_KEYS = new Set(["settings", "template", "tpl", "name", "refs"]);

type Method = (...args: unknown[]) => unknown;

/** A widget without a class of its own, and the base of all others. */
export class Widget implements WidgetMethods {
  readonly name: string;
  settings: object;
  refs: Refs = {};

  readonly #home: WidgetHome;
  #template: unknown;
  readonly #handlers = new Handlers();
  #element: Element | null = null;
  #parent: Element | null = null;
  #lastRender: unknown[] = [];
  #visible = false;
  #destroyed = false;
  #rendering = false;
  /** What overrides of `destroy` still hold while the widget is shown again. */
  readonly #leaving: Element[] = [];

  constructor(name: string, config: WidgetConfig, home: WidgetHome) {
    this.name = name;
    this.settings = isObject(config["settings"]) ? config["settings"] : {};
    this.#home = home;
    this.#template = config["template"] ?? config["tpl"];
    if (this.#template instanceof Element) this.#adopt(this.#template);
    for (const [key, value] of Object.entries(config)) {
      if (!CONFIG_KEYS.has(key)) (this as Record<string, unknown>)[key] = value;
    }
    this.#wrap(
      "render",
      (method) =>
        (...args) =>
          this.#around("render", () => this.#runRender(method, args)),
    );
    this.#wrap(
      "show",
      (method) =>
        (...args) =>
          this.#runShow(method, args),
    );
    this.#wrap("hide", (method) => (...args) => {
      if (this.#destroyed) return undefined;
      return this.#around("hide", () => this.#flagged(method(...args), false));
    });
    this.#wrap("destroy", (method) => (...args) => {
      if (this.#destroyed) return undefined;
      return this.#around("destroy", () => this.#runDestroy(method, args));
    });
  }

  /** Puts the root into `parent` (the body), before `before` or at the end. */
  render(parent?: unknown, before?: unknown): unknown {
    this.#parent = toParent(parent);
    if (this.#destroyed) this.#part();
    if (!this.#element) this.#adopt(toElement(this.#template, this.settings, this.#home.templates));
    const next = before instanceof Node && before.parentNode === this.#parent ? before : null;
    if (this.#element) this.#parent.insertBefore(this.#element, next);
    this.#destroyed = false;
    return undefined;
  }

  /** Takes the hidden classes away. */
  show(): unknown {
    this.#element?.classList.remove(...HIDDEN);
    return undefined;
  }

  /** Adds the hidden classes. */
  hide(): unknown {
    this.#element?.classList.add(...HIDDEN);
    return undefined;
  }

  /** Takes the element out of the page and forgets it; handlers are kept. */
  destroy(): unknown {
    const leaving = this.#leaving.shift();
    if (leaving) {
      if (leaving !== this.#element) leaving.remove();
      return undefined;
    }
    this.#element?.remove();
    this.#element = null;
    this.refs = {};
    this.#visible = false;
    this.#destroyed = true;
    return undefined;
  }

  /** A flag, never read from the DOM. */
  isVisible(): boolean {
    return this.#visible;
  }

  /** The root, or the first element in it that matches. */
  getEl(selector?: unknown): Element | null {
    if (typeof selector !== "string" || !this.#element) return this.#element;
    return guarded(`getEl of "${this.name}"`, () => this.#element?.querySelector(selector), null) ?? null;
  }

  /** Where it is rendered, or would be. */
  getRenderTo(): Element {
    return this.#parent ?? document.body;
  }

  /** Takes an element that is in the page already: counts as rendering and moves nothing. */
  attachEl(element: unknown): unknown {
    if (!(element instanceof Element)) {
      report(`attachEl of "${this.name}"`, "there is no element");
      return false;
    }
    const attach = (): void => this.#attach(element);
    // An override of `render` may do it by attaching: that is one rendering.
    return this.#rendering ? attach() : this.#around("render", attach);
  }

  /** What the fields hold, by `c-name`: a fresh object. */
  getValues(): Values {
    return this.#element ? valuesOf(this.#element, this.#foreign) : {};
  }

  /** The validator that refuses, by `c-name`; `null` where all is well. Marks the fields. */
  getErrors(): Errors | null {
    return this.#element ? errorsOf(this.#element, this.#foreign) : null;
  }

  /** Adds a handler. */
  on(event: unknown, handler: unknown): this {
    this.#handlers.add(event, handler);
    return this;
  }

  /** Takes a handler away, or all of the event. */
  un(event: unknown, handler?: unknown): this {
    this.#handlers.remove(event, handler);
    return this;
  }

  // Static, because an instance may have any name overridden by its controller.

  /** For the runtime: delivers an event; each handler gets a payload of its own. */
  static deliver(widget: Widget, event: string, payload?: () => unknown): boolean {
    return widget.#handlers.fire(widget, event, payload);
  }

  /** For the runtime: does anybody listen to the event? */
  static hears(widget: Widget, event: string): boolean {
    return widget.#handlers.has(event);
  }

  /** For the runtime: `getWidget` passes over what is destroyed. */
  static isDestroyed(widget: Widget): boolean {
    return widget.#destroyed;
  }

  readonly #foreign = (element: Element): boolean => this.#home.isRoot(element);

  #adopt(element: Element): void {
    this.#element = element;
    this.refs = collectRefs(element, this.#foreign);
    this.#home.addRoot(element);
    markForm(element, this.#foreign);
    watchLayout(element);
  }

  #attach(element: Element): void {
    if (this.#destroyed) this.#part();
    this.#adopt(element);
    this.#parent = element.parentElement;
    this.#lastRender = [element.parentElement, element.nextSibling];
    // It has no other template to be rendered from again.
    this.#template ??= element;
    this.#destroyed = false;
  }

  /** The widget begins anew; whoever holds the old element takes it away with a base call of `destroy`. */
  #part(): void {
    if (this.#element) this.#leaving.push(this.#element);
    this.#element = null;
  }

  /** An own property for `key`: what a controller gives or later assigns runs inside, with its events. */
  #wrap(key: "render" | "show" | "hide" | "destroy", wrapper: (method: Method) => Method): void {
    const given = Object.hasOwn(this, key) ? (this as Record<string, unknown>)[key] : undefined;
    let override = typeof given === "function" ? (given as Method) : null;
    const method: Method = (...args) =>
      (override ?? (Object.getPrototypeOf(this) as Record<typeof key, Method>)[key]).apply(this, args);
    const wrapped = wrapper(method);
    Object.defineProperty(this, key, {
      configurable: true,
      enumerable: true,
      get: () => wrapped,
      set: (value: unknown) => {
        override = typeof value === "function" && value !== wrapped ? (value as Method) : null;
      },
    });
  }

  /** Before, the call, after: `false` at either of the first two ends it. */
  #around(event: string, run: () => unknown): unknown {
    if (!this.#handlers.fire(this, `before${event}`)) return false;
    const answer = guarded(`${event} of "${this.name}"`, run, false as const);
    if (answer !== false) this.#handlers.fire(this, event);
    return answer;
  }

  #runShow(method: Method, args: unknown[]): unknown {
    if (this.#destroyed && this.render(...this.#lastRender) === false) return false;
    return this.#around("show", () => this.#flagged(method(...args), true));
  }

  #flagged(answer: unknown, visible: boolean): unknown {
    if (answer !== false) this.#visible = visible;
    return answer;
  }

  #runRender(method: Method, args: unknown[]): unknown {
    this.#rendering = true;
    const answer = guarded(`render of "${this.name}"`, () => method(...args), false as const);
    this.#rendering = false;
    if (answer === false) return answer;
    this.#lastRender = args;
    this.#destroyed = false;
    return answer;
  }

  #runDestroy(method: Method, args: unknown[]): unknown {
    const answer = method(...args);
    if (answer === false) return answer;
    // An override may take the element away later, by the base call; for everybody else it is gone now.
    this.#visible = false;
    this.#destroyed = true;
    return answer;
  }
}

function toParent(parent: unknown): Element {
  if (parent instanceof Element) return parent;
  if (parent instanceof Widget) return parent.getEl() ?? document.body;
  if (typeof parent !== "string" || parent === "") return document.body;
  return guarded("render", () => document.querySelector(parent)) ?? document.body;
}

function isObject(value: unknown): value is object {
  return typeof value === "object" && value !== null;
}
