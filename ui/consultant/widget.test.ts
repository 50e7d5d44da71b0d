// §3 of the consultant API, sentence by sentence.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Registry } from "./registry";
import { Widget, type WidgetConfig } from "./widget";

type Dynamic = Widget & Record<string, unknown> & { show(isApi?: boolean): unknown };

const TEMPLATE =
  '<div class="callgear-widget--hidden comagic-widget--hidden" c-ref="root"><b c-ref="name"></b></div>';

let registry: Registry;
let log: string[];

function create(config: WidgetConfig = {}, name = "some_widget"): Dynamic {
  const widget = registry.create(name, { template: TEMPLATE, ...config }) as Dynamic;
  for (const event of ["show", "hide", "render", "destroy"]) {
    widget.on(`before${event}`, () => void log.push(`before${event}`));
    widget.on(event, () => void log.push(event));
  }
  return widget;
}

function base(widget: Widget, method: "show" | "hide" | "render" | "destroy", ...args: unknown[]): unknown {
  const { prototype } = widget.constructor as typeof Widget;
  return (prototype[method] as (...args: unknown[]) => unknown).apply(widget, args);
}

beforeEach(() => {
  registry = new Registry();
  log = [];
  document.body.replaceChildren();
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe("createWidget", () => {
  test("a name that has no class of its own gives a base widget", () => {
    expect(registry.create("whatever", {})).toBeInstanceOf(Widget);
  });

  test("always makes an independent instance; settings is the very object passed", () => {
    const settings = { a: 1 };
    const [one, two] = [create({ settings }), create({ settings: {} })];
    one.render();
    two.render();
    expect(one.settings).toBe(settings);
    expect(one.refs["name"]).not.toBe(two.refs["name"]);
  });

  test("a template may be a name, a compiled template or an Element", () => {
    registry.addTemplates({ chat: "<i>by name</i>" });
    const named = registry.create("a", { template: "consultant_chat" });
    const compiled = registry.create("b", {
      tpl: (settings: object) => `<i>${JSON.stringify(settings)}</i>`,
      settings: { x: 1 },
    });
    const element = registry.create("c", { template: document.createElement("section") });
    for (const widget of [named, compiled, element]) widget.render();
    expect(named.getEl()?.textContent).toBe("by name");
    expect(compiled.getEl()?.textContent).toBe('{"x":1}');
    expect(element.getEl()?.tagName).toBe("SECTION");
  });

  test("an unclosed tag is closed and the widget is the first element", () => {
    const widget = create({ template: "text <ul><li>one<li>two</ul><p>other</p>" });
    widget.render();
    expect(widget.getEl()?.outerHTML).toBe("<ul><li>one</li><li>two</li></ul>");
  });

  test("any further key overrides or extends the instance", () => {
    const widget = create({ greet: () => "hello", isVisible: () => true });
    expect((widget["greet"] as () => string)()).toBe("hello");
    expect(widget.isVisible()).toBe(true);
  });

  test("getWidget is the newest one not destroyed; earlier namesakes keep working", () => {
    const [one, two] = [create(), create()];
    expect(registry.get("some_widget")).toBe(two);
    two.destroy();
    expect(registry.get("some_widget")).toBe(one);
    one.destroy();
    expect(registry.get("some_widget")).toBeUndefined();
  });
});

describe("render", () => {
  test("the root becomes a direct child, before `before` or at the end, and stays hidden", () => {
    document.body.innerHTML = "<main></main><footer></footer>";
    const [first, last] = [create(), create()];
    first.render(document.body, document.querySelector("footer"));
    last.render(null, null);
    expect([...document.body.children].map((child) => child.tagName)).toEqual([
      "MAIN",
      "DIV",
      "FOOTER",
      "DIV",
    ]);
    expect(first.getEl()?.className).toContain("callgear-widget--hidden");
    expect(first.isVisible()).toBe(false);
  });

  test("the default parent is document.body, which getRenderTo gives before rendering too", () => {
    expect(create().getRenderTo()).toBe(document.body);
  });

  test("refs are collected once, the root included, widgets rendered inside later excluded", () => {
    const outer = create({ template: '<div c-ref="outer"><p c-ref="place"></p></div>' });
    outer.render();
    const inner = create({ template: '<span c-ref="inner"></span>' });
    inner.render(outer.refs["place"]);
    outer.render();
    expect(Object.keys(outer.refs)).toEqual(["outer", "place"]);
    expect(outer.refs["outer"]).toBe(outer.getEl());
    outer.destroy();
    outer.show();
    expect(Object.keys(outer.refs)).toEqual(["outer", "place"]);
  });

  test('`c-ref="groups[0]"` builds the array refs.groups', () => {
    const widget = create({ template: '<ul><li c-ref="groups[0]"></li><li c-ref="groups[1]"></li></ul>' });
    widget.render();
    expect(widget.refs["groups"]).toEqual([...(widget.getEl()?.children ?? [])]);
  });

  test("with `tpl` an Element, getEl and refs work before rendering", () => {
    const tpl = document.createElement("div");
    tpl.innerHTML = '<i c-ref="in"></i>';
    const widget = registry.create("x", { tpl });
    expect(widget.getEl()).toBe(tpl);
    expect(widget.refs["in"]).toBe(tpl.firstChild);
  });

  test("attachEl counts as rendering and moves nothing", () => {
    document.body.innerHTML = '<main><div id="here"><i c-ref="in"></i></div></main>';
    const here = document.querySelector("#here");
    const widget = create();
    widget.attachEl(here);
    expect(widget.getEl()).toBe(here);
    expect(widget.refs["in"]?.constructor).toBe(HTMLElement);
    expect(here?.parentElement?.tagName).toBe("MAIN");
    expect(widget.getRenderTo().tagName).toBe("MAIN");
  });
});

describe("isVisible", () => {
  test("is false before the first show and after destroy, and never read from the DOM", () => {
    const widget = create({ template: "<div></div>" });
    widget.render();
    expect(widget.isVisible()).toBe(false);
    widget.show();
    widget.getEl()?.classList.add("callgear-widget--hidden");
    expect(widget.isVisible()).toBe(true);
    widget.destroy();
    expect(widget.isVisible()).toBe(false);
  });

  test("is set when the method returns, before show or hide fires", () => {
    const seen: boolean[] = [];
    const widget = create({
      show(this: Widget) {
        seen.push(this.isVisible());
        base(this, "show");
        seen.push(this.isVisible());
      },
    });
    widget.on("show", () => void seen.push(widget.isVisible()));
    widget.on("hide", () => void seen.push(widget.isVisible()));
    widget.render();
    widget.show();
    widget.hide();
    expect(seen).toEqual([false, false, true, false]);
  });

  test("show on a visible widget still runs and fires", () => {
    const widget = create();
    widget.render();
    widget.show();
    widget.show();
    expect(log.filter((event) => event === "show")).toHaveLength(2);
  });
});

describe("show(true)", () => {
  test("always reaches the override, even when visible", () => {
    const calls: unknown[] = [];
    const widget = create({ show: (isApi: unknown) => void calls.push(isApi) });
    widget.show();
    widget.show(true);
    expect(calls).toEqual([undefined, true]);
  });

  test("an override that publishes, is shown in a nested show and returns false stays as that left it", () => {
    const widget: Dynamic = create({
      show(this: Dynamic, isApi: boolean) {
        if (isApi) {
          this.show();
          return false;
        }
        return base(this, "show");
      },
    });
    widget.render();
    log = [];
    expect(widget.show(true)).toBe(false);
    expect(widget.isVisible()).toBe(true);
    expect(widget.getEl()?.className).toBe("");
    expect(log).toEqual(["beforeshow", "beforeshow", "show"]);
  });
});

describe("after destroy", () => {
  test("getEl is null, refs is {}, handlers are kept, hide and destroy do nothing and call no override", () => {
    const hide = vi.fn();
    const destroy = vi.fn(function (this: Widget) {
      base(this, "destroy");
    });
    const widget = create({ hide, destroy });
    widget.render();
    widget.destroy();
    log = [];
    widget.hide();
    widget.destroy();
    expect([widget.getEl(), widget.getEl("b"), widget.refs]).toEqual([null, null, {}]);
    expect([hide, destroy].map((one) => one.mock.calls.length)).toEqual([0, 1]);
    expect(log).toEqual([]);
    expect(document.body.children).toHaveLength(0);
  });

  test("show renders again with the last arguments before beforeshow", () => {
    document.body.innerHTML = "<main></main>";
    const parent = document.querySelector("main");
    const widget = create();
    widget.render(parent);
    widget.destroy();
    log = [];
    widget.show();
    expect(log).toEqual(["beforerender", "render", "beforeshow", "show"]);
    expect(widget.getEl()?.parentElement).toBe(parent);
  });
});

describe("overrides and events", () => {
  test("overrides are own properties", () => {
    expect(Object.hasOwn(create({ show: () => true }), "show")).toBe(true);
  });

  test("a base call through constructor.prototype fires no second event", () => {
    const widget = create({
      show(this: Widget) {
        return base(this, "show");
      },
    });
    widget.render();
    log = [];
    widget.show();
    expect(log).toEqual(["beforeshow", "show"]);
    expect(widget.getEl()?.className).toBe("");
  });

  test("an override of destroy may call the base later", () => {
    let later = (): unknown => undefined;
    const widget = create({
      destroy(this: Widget) {
        later = () => base(this, "destroy");
      },
    });
    widget.render();
    widget.destroy();
    expect(log.at(-1)).toBe("destroy");
    expect(registry.get("some_widget")).toBeUndefined();
    expect(document.body.children).toHaveLength(1);
    later();
    expect(document.body.children).toHaveLength(0);
  });

  test("an override of render may call the base later", () => {
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

  test.each(["show", "hide", "render", "destroy"] as const)(
    "a handler of before%s that returns exactly false cancels the call",
    (method) => {
      const override = vi.fn();
      const widget = create({ [method]: override });
      widget.on(`before${method}`, () => 0);
      widget[method]();
      expect(override).toHaveBeenCalledTimes(1);
      widget.on(`before${method}`, () => false);
      log = [];
      if (method === "destroy") widget.show();
      log = [];
      expect(widget[method]()).toBe(false);
      expect(override).toHaveBeenCalledTimes(1);
      expect(log).toEqual([`before${method}`]);
    },
  );

  test.each(["show", "hide", "render", "destroy"] as const)(
    "an override of %s that returns false did not happen: no after-event, visibility unchanged",
    (method) => {
      const widget = create({ [method]: () => false });
      const before = widget.isVisible();
      widget[method]();
      expect(log).toEqual([`before${method}`]);
      expect(widget.isVisible()).toBe(before);
    },
  );

  test("an override that throws did not happen, and the caller goes on", () => {
    const widget = create({
      show() {
        throw new Error("a mistake");
      },
    });
    expect(() => widget.show()).not.toThrow();
    expect(log).toEqual(["beforeshow"]);
    expect(widget.isVisible()).toBe(false);
  });

  test("an override that is assigned later runs inside the events as well", () => {
    const widget = create();
    const later = vi.fn();
    (widget as Record<string, unknown>)["show"] = later;
    widget.show();
    expect(later).toHaveBeenCalledOnce();
    expect(log).toEqual(["beforeshow", "show"]);
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

  test("un takes one handler away", () => {
    const widget = create();
    const [one, two] = [vi.fn(), vi.fn()];
    widget.on("show", one).on("show", two).un("show", one);
    widget.show();
    expect([one, two].map((handler) => handler.mock.calls.length)).toEqual([0, 1]);
  });

  test("defaults toggle callgear-widget--hidden and comagic-widget--hidden", () => {
    const widget = create();
    widget.render();
    widget.show();
    expect(widget.getEl()?.className).toBe("");
    widget.hide();
    expect(widget.getEl()?.className).toBe("callgear-widget--hidden comagic-widget--hidden");
  });
});
