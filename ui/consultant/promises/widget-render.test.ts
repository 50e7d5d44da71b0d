// §3 of the consultant API, promise by promise: where widgets are rendered, and elements that are there already.
import { describe, expect, test } from "vitest";
import type { Widget } from "../widget";
import { bench, create, useBench } from "../widget-fixtures";

useBench();

/** A page with an element to attach to, and one on either side of it. */
function attachable(): Element {
  document.body.innerHTML = '<main><i></i><div id="here"><b c-ref="in"></b></div><u></u></main>';
  return document.querySelector("#here") as Element;
}

function tags(parent: Element | null): string[] {
  return [...(parent?.children ?? [])].map((child) => child.tagName);
}

describe("render", () => {
  test("[X] §3 the root becomes a direct child: no wrapper, no shadow root", () => {
    document.body.innerHTML = "<main></main>";
    const main = document.querySelector("main");
    const widget = create();
    widget.render(main);
    expect([widget.getEl()?.parentNode, main?.shadowRoot]).toEqual([main, null]);
  });

  test("[X] §3 render(parent, before) puts it before `before`, a text as well", () => {
    document.body.innerHTML = "words<footer></footer>";
    const [first, second] = [create(), create()];
    first.render(document.body, document.querySelector("footer"));
    second.render(document.body, document.body.firstChild);
    expect([...document.body.childNodes]).toEqual([
      second.getEl(),
      expect.any(Text),
      first.getEl(),
      document.querySelector("footer"),
    ]);
  });

  test.each([[undefined], [null], [false], [0], [""]])("[X] §3 before=%j puts it at the end", (before) => {
    document.body.innerHTML = "<main></main>";
    const widget = create();
    widget.render(document.body, before);
    expect(document.body.lastElementChild).toBe(widget.getEl());
  });

  test("a `before` of another parent puts it at the end, and throws nothing", () => {
    document.body.innerHTML = "<main><i></i></main>";
    const widget = create();
    widget.render(document.body, document.querySelector("i"));
    expect(document.body.lastElementChild).toBe(widget.getEl());
  });

  test("[X] §3 the default parent is document.body", () => {
    const [none, empty] = [create(), create()];
    none.render();
    empty.render(null);
    expect([...document.body.children]).toEqual([none.getEl(), empty.getEl()]);
  });

  test("[X] §3 getRenderTo() gives document.body before rendering too, and the parent after it", () => {
    document.body.innerHTML = "<main></main>";
    const widget = create();
    expect(widget.getRenderTo()).toBe(document.body);
    widget.render(document.querySelector("main"));
    expect(widget.getRenderTo()).toBe(document.querySelector("main"));
  });

  test("[X] §3 it adds no hidden class and does not show", () => {
    const [plain, hidden] = [create({ template: '<p class="own"></p>' }), create()];
    for (const widget of [plain, hidden]) widget.render();
    expect([plain.getEl()?.className, plain.isVisible()]).toEqual(["own", false]);
    expect(hidden.getEl()?.className).toBe("callgear-widget--hidden comagic-widget--hidden");
  });

  test("[X] §3 with `tpl` an Element, getEl() works before rendering", () => {
    const tpl = document.createElement("div");
    const widget = create({ template: undefined, tpl });
    expect([widget.getEl(), tpl.isConnected]).toEqual([tpl, false]);
  });
});

describe("attachEl", () => {
  test("[X] §3 counts as rendering: its events fire, and getEl, refs and getRenderTo know it", () => {
    const here = attachable();
    const widget = create();
    widget.attachEl(here);
    expect(bench.log).toEqual(["beforerender", "render"]);
    expect([widget.getEl(), widget.refs["in"], widget.getRenderTo()]).toEqual([
      here,
      here.firstChild,
      here.parentElement,
    ]);
  });

  test("[X] §3 moves nothing", () => {
    const here = attachable();
    const before = document.body.innerHTML;
    create().attachEl(here);
    expect(document.body.innerHTML).toBe(before);
  });

  test("two controllers share one place: the second takes what the first has rendered", () => {
    const [one, two] = [create({ template: '<div class="rack"></div>' }, "rack"), create({}, "rack")];
    one.render();
    two.attachEl(two.getRenderTo().querySelector(".rack"));
    expect([two.getEl(), document.body.children.length]).toEqual([one.getEl(), 1]);
  });

  test("beforerender cancels it", () => {
    const widget = create();
    widget.on("beforerender", () => false);
    expect([widget.attachEl(attachable()), widget.getEl()]).toEqual([false, null]);
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

  test("after destroy, show puts the element back where it was, where there is no template", () => {
    const here = attachable();
    const widget = bench.registry.create("attached", {});
    widget.attachEl(here);
    widget.destroy();
    expect(document.querySelector("#here")).toBeNull();
    widget.show();
    expect(tags(document.querySelector("main"))).toEqual(["I", "DIV", "U"]);
    expect([widget.getEl(), widget.refs["in"]]).toEqual([here, here.firstChild]);
  });

  test("after destroy, show renders the template there, where there is one", () => {
    const widget = create({ template: "<section></section>" });
    widget.attachEl(attachable());
    widget.destroy();
    widget.show();
    expect(tags(document.querySelector("main"))).toEqual(["I", "SECTION", "U"]);
  });

  test("what is no element is refused out loud", () => {
    const widget = create();
    expect(widget.attachEl(null)).toBe(false);
    expect(console.error).toHaveBeenCalledOnce();
    expect(bench.log).toEqual([]);
  });
});
