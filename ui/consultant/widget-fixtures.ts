// What the tests of widgets share: a widget whose events are noted, and base calls as controllers make them.
import { beforeEach, afterEach, vi } from "vitest";
import { Registry } from "./registry";
import type { Widget, WidgetConfig } from "./widget";

/** A widget with whatever its controller adds. */
export type Dynamic = Widget & Record<string, unknown> & { show(isApi?: boolean): unknown };

/** The four calls that fire events. */
export type Call = "show" | "hide" | "render" | "destroy";

export const CALLS = ["show", "hide", "render", "destroy"] as const;

const TEMPLATE =
  '<div class="callgear-widget--hidden comagic-widget--hidden" c-ref="root"><b c-ref="name"></b></div>';

/** The page of one test. */
export const bench = { registry: new Registry(), log: [] as string[] };

/** An empty page before each test, and a quiet console. */
export function useBench(): void {
  beforeEach(() => {
    bench.registry = new Registry();
    bench.log = [];
    document.body.replaceChildren();
    vi.spyOn(console, "error").mockImplementation(() => undefined);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });
}

/** A widget that notes its events in `bench.log`. */
export function create(config: WidgetConfig = {}, name = "some_widget"): Dynamic {
  const widget = bench.registry.create(name, { template: TEMPLATE, ...config }) as Dynamic;
  for (const event of CALLS) {
    widget.on(`before${event}`, () => void bench.log.push(`before${event}`));
    widget.on(event, () => void bench.log.push(event));
  }
  return widget;
}

/** A base call as controllers make it. */
export function base(widget: Widget, method: Call, ...args: unknown[]): unknown {
  const { prototype } = widget.constructor as typeof Widget;
  return (prototype[method] as (...args: unknown[]) => unknown).apply(widget, args);
}
