// Every widget that a page has made, and the classes that have a name of their own.
import { report } from "./log";
import { withAliases, type Templates } from "./template";
import { Widget, type WidgetConfig, type WidgetHome } from "./widget";

/** Makes a widget of a class of its own. */
export type WidgetClass = new (name: string, config: WidgetConfig, home: WidgetHome) => Widget;

/** The widgets of a page. */
export class Registry implements WidgetHome {
  readonly #classes = new Map<string, WidgetClass>();
  readonly #widgets: Widget[] = [];
  readonly #roots = new WeakSet<Element>();
  #templates: Templates = {};
  /** Those of the controller that runs now. */
  #current: Templates = {};

  get templates(): Templates {
    return { ...this.#templates, ...this.#current };
  }

  /** Templates of a controller, for widgets that name theirs; of two with the same name the first one stays. */
  addTemplates(templates: Templates): void {
    this.#templates = { ...withAliases(templates), ...this.#templates };
  }

  /** While `run` runs, names mean these templates. */
  within(templates: Templates, run: () => void): void {
    const before = this.#current;
    this.#current = withAliases(templates);
    run();
    this.#current = before;
  }

  /** A class for a name; other names give a base widget. */
  define(name: string, widgetClass: WidgetClass): void {
    this.#classes.set(name, widgetClass);
  }

  /** Always an instance of its own; earlier namesakes keep working. */
  create(name: unknown, config: unknown): Widget {
    if (typeof name !== "string") report("createWidget", "a widget's name is a string");
    const key = String(name);
    const given = typeof config === "object" && config !== null ? (config as WidgetConfig) : {};
    const widget = new (this.#classes.get(key) ?? Widget)(key, given, this);
    this.#widgets.push(widget);
    return widget;
  }

  /** The newest one of this name that is not destroyed. */
  get(name: unknown): Widget | undefined {
    return this.#widgets.findLast((widget) => widget.name === name && !Widget.isDestroyed(widget));
  }

  /** Tells every widget of the name, destroyed ones too: their handlers are kept, and one may show itself again. */
  deliver(name: string, event: string, payload?: () => unknown): void {
    for (const widget of [...this.#widgets]) {
      if (widget.name === name) Widget.deliver(widget, event, payload);
    }
  }

  isRoot(element: Element): boolean {
    return this.#roots.has(element);
  }

  addRoot(element: Element): void {
    this.#roots.add(element);
  }
}
