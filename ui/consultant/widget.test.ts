// §3 of the consultant API, sentence by sentence: widgets and their life. Overrides and events: overrides.test.ts.
import { describe, expect, test, vi } from "vitest";
import { Widget } from "./widget";
import { base, bench, create, useBench, type Dynamic } from "./widget-fixtures";

useBench();

describe("createWidget", () => {
  test("a name that has no class of its own gives a base widget", () => {
    expect(bench.registry.create("whatever", {})).toBeInstanceOf(Widget);
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
    bench.registry.addTemplates({ chat: "<i>by name</i>" });
    const named = bench.registry.create("a", { template: "consultant_chat" });
    const compiled = bench.registry.create("b", {
      tpl: (settings: object) => `<i>${JSON.stringify(settings)}</i>`,
      settings: { x: 1 },
    });
    const element = bench.registry.create("c", { template: document.createElement("section") });
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
    expect(bench.registry.get("some_widget")).toBe(two);
    two.destroy();
    expect(bench.registry.get("some_widget")).toBe(one);
    one.destroy();
    expect(bench.registry.get("some_widget")).toBeUndefined();
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

  test.each([[undefined], [null], [false], [0]])("before=%j puts it at the end", (before) => {
    document.body.innerHTML = "<main></main>";
    const widget = create();
    widget.render(document.body, before);
    expect(document.body.lastElementChild).toBe(widget.getEl());
  });

  test("refs of a widget leave out one that was rendered into its element before", () => {
    const tpl = document.createElement("div");
    tpl.innerHTML = '<p c-ref="place"></p>';
    const inner = create({ template: '<span c-ref="inner"></span>' });
    inner.render(tpl.firstElementChild);
    const outer = create({ template: tpl });
    expect(Object.keys(outer.refs)).toEqual(["place"]);
  });

  test('`c-ref="groups[0]"` builds the array refs.groups', () => {
    const widget = create({ template: '<ul><li c-ref="groups[0]"></li><li c-ref="groups[1]"></li></ul>' });
    widget.render();
    expect(widget.refs["groups"]).toEqual([...(widget.getEl()?.children ?? [])]);
  });

  test("with `tpl` an Element, getEl and refs work before rendering", () => {
    const tpl = document.createElement("div");
    tpl.innerHTML = '<i c-ref="in"></i>';
    const widget = bench.registry.create("x", { tpl });
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

describe("attachEl", () => {
  const attachable = (): Element => {
    document.body.innerHTML = '<main><i></i><div id="here"><b c-ref="in"></b></div><u></u></main>';
    return document.querySelector("#here") as Element;
  };

  test("counts as rendering: its events fire, and beforerender cancels it", () => {
    const widget = create();
    widget.attachEl(attachable());
    expect(bench.log).toEqual(["beforerender", "render"]);
    const refusing = create();
    refusing.on("beforerender", () => false);
    expect(refusing.attachEl(attachable())).toBe(false);
    expect(refusing.getEl()).toBeNull();
  });

  test("in an override of render it is that one rendering", () => {
    const here = attachable();
    const widget = create({
      render(this: Widget) {
        this.attachEl(here);
      },
    });
    widget.render();
    expect([bench.log, widget.getEl()]).toEqual([["beforerender", "render"], here]);
  });

  test("after destroy, show puts the element back where it was", () => {
    const here = attachable();
    const widget = bench.registry.create("attached", {});
    widget.attachEl(here);
    widget.destroy();
    expect(document.querySelector("#here")).toBeNull();
    widget.show();
    expect([...(document.querySelector("main")?.children ?? [])].map((child) => child.tagName)).toEqual([
      "I",
      "DIV",
      "U",
    ]);
    expect(widget.refs["in"]).toBe(here.firstChild);
  });

  test("what is no element is refused out loud", () => {
    const widget = create();
    expect(widget.attachEl(null)).toBe(false);
    expect(console.error).toHaveBeenCalledOnce();
    expect(bench.log).toEqual([]);
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
    expect(bench.log.filter((event) => event === "show")).toHaveLength(2);
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
    bench.log = [];
    expect(widget.show(true)).toBe(false);
    expect(widget.isVisible()).toBe(true);
    expect(widget.getEl()?.className).toBe("");
    expect(bench.log).toEqual(["beforeshow", "beforeshow", "show"]);
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
    bench.log = [];
    widget.hide();
    widget.destroy();
    expect([widget.getEl(), widget.getEl("b"), widget.refs]).toEqual([null, null, {}]);
    expect([hide, destroy].map((one) => one.mock.calls.length)).toEqual([0, 1]);
    expect(bench.log).toEqual([]);
    expect(document.body.children).toHaveLength(0);
  });

  test("show renders again with the last arguments before beforeshow", () => {
    document.body.innerHTML = "<main></main>";
    const parent = document.querySelector("main");
    const widget = create();
    widget.render(parent);
    widget.destroy();
    bench.log = [];
    widget.show();
    expect(bench.log).toEqual(["beforerender", "render", "beforeshow", "show"]);
    expect(widget.getEl()?.parentElement).toBe(parent);
  });
});
