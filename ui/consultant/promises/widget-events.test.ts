// §3 of the consultant API, promise by promise: overrides, base calls and events.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test, vi } from "vitest";
import type { Widget } from "../widget";
import { base, bench, CALLS, create, useBench, type Dynamic } from "../widget-fixtures";

useBench();

describe("overrides and events", () => {
  test("[X] §3 overrides are own properties", () => {
    expect(Object.hasOwn(create({ show: () => true }), "show")).toBe(true);
  });

  test("[X] §3 a base call through constructor.prototype fires no second event", () => {
    const widget = create({
      show(this: Widget) {
        return base(this, "show");
      },
    });
    widget.render();
    bench.log = [];
    widget.show();
    expect(bench.log).toEqual(["beforeshow", "show"]);
    expect(widget.getEl()?.className).toBe("");
  });

  test("[X] §3 an override of destroy may call the base later", () => {
    let later = (): unknown => undefined;
    const widget = create({
      destroy(this: Widget) {
        later = () => base(this, "destroy");
      },
    });
    widget.render();
    widget.destroy();
    expect(bench.log.at(-1)).toBe("destroy");
    expect(bench.registry.get("some_widget")).toBeUndefined();
    expect(document.body.children).toHaveLength(1);
    later();
    expect(document.body.children).toHaveLength(0);
  });

  test("a widget that is shown again before its destroy has called the base loses the old element alone", () => {
    const later: (() => void)[] = [];
    const widget = create({
      destroy(this: Widget) {
        later.push(() => void base(this, "destroy"));
      },
    });
    widget.render();
    const old = widget.getEl();
    widget.destroy();
    widget.show();
    const fresh = widget.getEl();
    expect(fresh).not.toBe(old);
    later.shift()?.();
    expect([...document.body.children]).toEqual([fresh]);
    expect([widget.getEl(), widget.isVisible(), bench.registry.get("some_widget")]).toEqual([
      fresh,
      true,
      widget,
    ]);
    widget.destroy();
    later.shift()?.();
    expect([document.body.children.length, widget.getEl()]).toEqual([0, null]);
  });

  test("the same with a template that is an Element: it stays", () => {
    const later: (() => void)[] = [];
    const widget = create({
      template: document.createElement("section"),
      destroy(this: Widget) {
        later.push(() => void base(this, "destroy"));
      },
    });
    widget.render();
    widget.destroy();
    widget.show();
    later.shift()?.();
    expect(document.body.children).toHaveLength(1);
    expect(widget.getEl()?.tagName).toBe("SECTION");
  });

  test("[X] §3 an override of render may call the base later", () => {
    let later = (): unknown => undefined;
    const widget = create({
      render(this: Widget, parent: unknown) {
        later = () => base(this, "render", parent);
      },
    });
    widget.render(document.body);
    expect(widget.getEl()).toBeNull();
    later();
    expect(document.body.children).toHaveLength(1);
  });

  test.each(CALLS)("[X] §3 a handler of before%s that returns exactly false cancels the call", (method) => {
    const override = vi.fn();
    const widget = create({ [method]: override });
    widget.on(`before${method}`, () => 0);
    widget[method]();
    expect(override).toHaveBeenCalledTimes(1);
    widget.on(`before${method}`, () => false);
    bench.log = [];
    if (method === "destroy") widget.show();
    bench.log = [];
    expect(widget[method]()).toBe(false);
    expect(override).toHaveBeenCalledTimes(1);
    expect(bench.log).toEqual([`before${method}`]);
  });

  test.each(CALLS)(
    "[X] §3 an override of %s that returns false did not happen: no after-event, visibility unchanged",
    (method) => {
      const widget = create({ [method]: () => false });
      const before = widget.isVisible();
      widget[method]();
      expect(bench.log).toEqual([`before${method}`]);
      expect(widget.isVisible()).toBe(before);
    },
  );

  test("[X] §3 they fire around an overridden method as well: before, the override, after", () => {
    const overrides = Object.fromEntries(
      CALLS.map((call) => [call, () => void bench.log.push(`own ${call}`)]),
    );
    const widget = create(overrides);
    for (const call of ["render", "show", "hide", "destroy"] as const) widget[call]();
    expect(bench.log).toEqual(
      ["render", "show", "hide", "destroy"].flatMap((call) => [`before${call}`, `own ${call}`, call]),
    );
  });

  test.each([[undefined], [null], [0], [""], ["false"], [NaN]])(
    "[X] §3 a handler that returns %j cancels nothing: only exactly false does",
    (answer) => {
      const widget = create();
      for (const call of CALLS) widget.on(`before${call}`, () => answer);
      widget.render();
      widget.show();
      expect([widget.isVisible(), bench.log.at(-1)]).toEqual([true, "show"]);
    },
  );

  test("[X] §3 a render that waits for its picture calls itself again, then the base", () => {
    let loaded = (): void => undefined;
    const widget = create({
      render(this: Dynamic, ...args: unknown[]) {
        if (!this["isLoaded"]) {
          loaded = () => {
            this["isLoaded"] = true;
            this.render.apply(this);
          };
          return undefined;
        }
        return base(this, "render", ...args);
      },
    });
    widget.render();
    expect([widget.getEl(), document.body.children.length]).toEqual([null, 0]);
    loaded();
    expect([widget.getEl()?.parentElement, widget.refs["name"]?.constructor]).toEqual([
      document.body,
      HTMLElement,
    ]);
  });

  test("an override that throws did not happen, and the caller goes on", () => {
    const widget = create({
      show() {
        throw new Error("a mistake");
      },
    });
    expect(() => widget.show()).not.toThrow();
    expect(bench.log).toEqual(["beforeshow"]);
    expect(widget.isVisible()).toBe(false);
  });

  test("an override that is assigned later runs inside the events as well", () => {
    const widget = create();
    const later = vi.fn();
    (widget as Record<string, unknown>)["show"] = later;
    widget.show();
    expect(later).toHaveBeenCalledOnce();
    expect(bench.log).toEqual(["beforeshow", "show"]);
  });

  test("a handler that throws is logged and stops neither other handlers nor the call", () => {
    const widget = create();
    const after = vi.fn();
    widget.on("show", () => {
      throw new Error("a mistake");
    });
    widget.on("show", after);
    widget.show();
    expect(after).toHaveBeenCalledOnce();
    expect(console.error).toHaveBeenCalledOnce();
  });

  test("[X] §3 un without a handler takes all of the event; what is no handler is left out", () => {
    const widget = create();
    const one = vi.fn();
    widget.on("show", null).on(7, one).on("show", one).un("show").un(null);
    widget.show();
    expect(one).not.toHaveBeenCalled();
  });

  test("[X] §3 un(event, fn) takes one handler away", () => {
    const widget = create();
    const [one, two] = [vi.fn(), vi.fn()];
    widget.on("show", one).on("show", two).un("show", one);
    widget.show();
    expect([one, two].map((handler) => handler.mock.calls.length)).toEqual([0, 1]);
  });

  test("[X] §3 defaults toggle callgear-widget--hidden and comagic-widget--hidden", () => {
    const widget = create();
    widget.render();
    widget.show();
    expect(widget.getEl()?.className).toBe("");
    widget.hide();
    expect(widget.getEl()?.className).toBe("callgear-widget--hidden comagic-widget--hidden");
  });

  test("[X] §3 the runtime ships the rule that hides both", () => {
    const style = document.createElement("style");
    style.textContent = readFileSync(resolve(import.meta.dirname, "../runtime.css"), "utf8");
    document.head.append(style);
    for (const name of ["callgear-widget--hidden", "comagic-widget--hidden"]) {
      const widget = create({ template: `<div class="${name}"></div>` });
      widget.render();
      const display = (): string => getComputedStyle(widget.getEl() as Element).display;
      expect(display()).toBe("none");
      widget.show();
      expect(display()).toBe("block");
    }
    style.remove();
  });
});
