// §3 of the consultant API, promise by promise: widgets and their life. `[X]` marks what existing controllers rely on.
import { describe, expect, test, vi } from "vitest";
import { Widget } from "../widget";
import { base, bench, create, useBench, type Dynamic } from "../widget-fixtures";

useBench();

describe("createWidget", () => {
  test("[X] §3 a name that has no class of its own gives a base widget", () => {
    expect(bench.registry.create("whatever", {}).constructor).toBe(Widget);
  });

  test("[X] §3 any further key overrides or extends the instance", () => {
    const widget = create({ id: 700, mainButtonEl: null, greet: () => "hello", isVisible: () => true });
    expect([widget["id"], widget["mainButtonEl"]]).toEqual([700, null]);
    expect((widget["greet"] as () => string)()).toBe("hello");
    expect(widget.isVisible()).toBe(true);
  });

  test("[X] §3 this.constructor.prototype.X.apply(this, arguments) reaches the base", () => {
    const widget = create({
      getRenderTo(this: Widget) {
        const prototype = this.constructor.prototype as Widget;
        return [prototype.getRenderTo.apply(this), "and more"];
      },
      render(this: Widget, ...args: unknown[]) {
        return base(this, "render", ...args);
      },
    });
    widget.render();
    expect(widget.getEl()?.parentElement).toBe(document.body);
    expect(widget.getRenderTo()).toEqual([document.body, "and more"]);
  });

  test("[X] §3 always makes an independent instance: refs are its own", () => {
    const [one, two] = [create(), create()];
    one.render();
    two.render();
    expect(one.refs["name"]).toBeInstanceOf(Element);
    expect(one.refs["name"]).not.toBe(two.refs["name"]);
    two.destroy();
    expect(one.refs["name"]).toBeInstanceOf(Element);
  });

  test("[X] §3 settings is the very object passed", () => {
    const settings = { chat: {} };
    const [one, two, other] = [create({ settings }), create({ settings }), create()];
    expect([one.settings, two.settings]).toEqual([settings, settings]);
    expect([one.settings === settings, two.settings === settings]).toEqual([true, true]);
    expect(other.settings).toEqual({});
  });

  test("[X] §3 nothing handed out is frozen: settings, refs and the instance may be written into", () => {
    const widget = create({ settings: { a: 1 } });
    widget.render();
    (widget.settings as Record<string, unknown>)["a"] = 2;
    widget.refs["more"] = document.body;
    widget["own"] = 3;
    expect([widget.settings, widget.refs["more"], widget["own"]]).toEqual([{ a: 2 }, document.body, 3]);
  });
});

describe("the base widget", () => {
  test.each([
    "render",
    "show",
    "hide",
    "destroy",
    "isVisible",
    "getEl",
    "getRenderTo",
    "attachEl",
    "on",
    "un",
  ])("[X] §3 has %s()", (method) => {
    const widget = create();
    expect([typeof widget[method], typeof (Widget.prototype as never)[method]]).toEqual([
      "function",
      "function",
    ]);
  });

  test("[X] §3 has name, settings and refs; a controller makes class names of its name", () => {
    const widget = create({ name: "another" }, "consultant_chat");
    expect([widget.name, widget.settings, widget.refs]).toEqual(["consultant_chat", {}, {}]);
    expect(`is-${widget.name.replace(new RegExp("_", "g"), "-")}`).toBe("is-consultant-chat");
  });

  test("[X] §3 getEl() is the root, getEl(selector) the first element in it that matches, or null", () => {
    const widget = create({ template: '<div class="a"><b class="a"></b><b></b></div>' });
    widget.render();
    expect(widget.getEl()?.tagName).toBe("DIV");
    expect([widget.getEl("b"), widget.getEl(".a")]).toEqual(Array(2).fill(widget.getEl()?.firstChild));
    expect([widget.getEl("i"), widget.getEl("<no selector>")]).toEqual([null, null]);
  });
});

describe("namesakes", () => {
  test("[X] §3 earlier namesakes keep working", () => {
    const [one, two] = [create(), create()];
    for (const widget of [one, two]) widget.render();
    two.show();
    one.show();
    two.destroy();
    expect([one.isVisible(), one.getEl()?.isConnected]).toEqual([true, true]);
  });

  test("[X] §3 getWidget is the newest one that is not destroyed", () => {
    const [one, two] = [create(), create()];
    expect(bench.registry.get("some_widget")).toBe(two);
    two.destroy();
    expect(bench.registry.get("some_widget")).toBe(one);
    two.show();
    expect(bench.registry.get("some_widget")).toBe(two);
  });

  test("[X] §3 getWidget is undefined where none is left", () => {
    create().destroy();
    expect([bench.registry.get("some_widget"), bench.registry.get("nobody")]).toEqual([undefined, undefined]);
  });
});

describe("isVisible", () => {
  test("[X] §3 is a flag, never read from the DOM", () => {
    const widget = create({ template: "<div></div>" });
    widget.render();
    expect(widget.isVisible()).toBe(false);
    widget.show();
    widget.getEl()?.classList.add("callgear-widget--hidden");
    widget.getEl()?.remove();
    expect(widget.isVisible()).toBe(true);
  });

  test("[X] §3 is false before the first show and after destroy", () => {
    const widget = create();
    expect(widget.isVisible()).toBe(false);
    widget.render();
    widget.show();
    widget.destroy();
    expect(widget.isVisible()).toBe(false);
  });

  test("[X] §3 is set when the method returns, before show or hide fires", () => {
    const seen: boolean[] = [];
    const widget = create({
      show(this: Widget) {
        seen.push(this.isVisible());
        base(this, "show");
        seen.push(this.isVisible());
      },
    });
    for (const event of ["show", "hide"]) widget.on(event, () => void seen.push(widget.isVisible()));
    widget.render();
    widget.show();
    widget.hide();
    expect(seen).toEqual([false, false, true, false]);
  });

  test("[X] §3 show() on a visible widget still runs and fires", () => {
    const override = vi.fn();
    const widget = create({ show: override });
    widget.render();
    widget.show();
    widget.show();
    expect(override).toHaveBeenCalledTimes(2);
    expect(bench.log.filter((event) => event === "show")).toHaveLength(2);
  });
});

describe("show(true)", () => {
  test("[X] §3 always reaches the override, even when visible", () => {
    const calls: unknown[] = [];
    const widget = create({ show: (isApi: unknown) => void calls.push(isApi) });
    widget.show();
    widget.show(true);
    widget.show(true);
    expect(calls).toEqual([undefined, true, true]);
  });

  /** The habit: from outside it publishes, and whoever hears of it shows. */
  function publishing(heard: (widget: Dynamic) => void): Dynamic {
    return create({
      show(this: Dynamic, isApi: boolean) {
        if (!isApi) return base(this, "show");
        heard(this);
        return false;
      },
    });
  }

  test("[X] §3 an override that publishes, is shown in a nested show() and returns false stays as that left it", () => {
    const widget = publishing((one) => one.show());
    widget.render();
    bench.log = [];
    expect(widget.show(true)).toBe(false);
    expect([widget.isVisible(), widget.getEl()?.className]).toEqual([true, ""]);
    expect(bench.log).toEqual(["beforeshow", "beforeshow", "show"]);
  });

  test("[X] §3 the same where the nested call hides: it stays hidden", () => {
    const widget = publishing((one) => one.hide());
    widget.render();
    widget.show();
    widget.show(true);
    expect(widget.isVisible()).toBe(false);
  });
});

describe("after destroy()", () => {
  function destroyed(more: object = {}): Dynamic {
    const widget = create({ ...more });
    widget.render();
    widget.destroy();
    bench.log = [];
    return widget;
  }

  test("[X] §3 getEl() and getEl(sel) are null", () => {
    const widget = destroyed();
    expect([widget.getEl(), widget.getEl("b"), document.body.children.length]).toEqual([null, null, 0]);
  });

  test("[X] §3 refs is {}", () => {
    expect(destroyed().refs).toEqual({});
  });

  test("[X] §3 handlers are kept", () => {
    const widget = destroyed();
    widget.show();
    expect(bench.log).toContain("show");
  });

  test("[X] §3 hide and destroy do nothing and call no override", () => {
    const hide = vi.fn();
    const destroy = vi.fn(function (this: Widget) {
      base(this, "destroy");
    });
    const widget = destroyed({ hide, destroy });
    widget.hide();
    widget.destroy();
    expect([hide, destroy].map((one) => one.mock.calls.length)).toEqual([0, 1]);
    expect(bench.log).toEqual([]);
  });

  test("[X] §3 show() renders again with the last arguments, before beforeshow", () => {
    document.body.innerHTML = "<main><i></i></main>";
    const [parent, before] = [document.querySelector("main"), document.querySelector("i")];
    const calls: unknown[][] = [];
    const widget = create({
      render(this: Widget, ...args: unknown[]) {
        calls.push(args);
        return base(this, "render", ...args);
      },
    });
    widget.render(parent, before);
    widget.destroy();
    bench.log = [];
    widget.show();
    expect(bench.log).toEqual(["beforerender", "render", "beforeshow", "show"]);
    expect(calls).toEqual([
      [parent, before],
      [parent, before],
    ]);
    expect([...(parent?.children ?? [])]).toEqual([widget.getEl(), before]);
    expect(widget.refs["name"]).toBeInstanceOf(Element);
  });
});
