// §3 of the consultant API, promise by promise: `refs`.
import { describe, expect, test } from "vitest";
import { bench, create, useBench } from "../widget-fixtures";

useBench();

describe("refs", () => {
  test('[X] §3 refs holds elements with c-ref="name"', () => {
    const widget = create({ template: '<div><b c-ref="name"></b><i><u c-ref="log"></u></i></div>' });
    widget.render();
    expect(widget.refs).toEqual({ name: widget.getEl("b"), log: widget.getEl("u") });
  });

  test('[X] §3 c-ref="groups[0]" builds the array refs.groups, in the order of its numbers', () => {
    const widget = create({ template: '<ul><li c-ref="groups[1]"></li><li c-ref="groups[0]"></li></ul>' });
    widget.render();
    expect(widget.refs["groups"]).toEqual([...(widget.getEl()?.children ?? [])].reverse());
  });

  test("[X] §3 refs.groups with a gap is still an array: forEach passes over what is missing", () => {
    const widget = create({ template: '<ul><li c-ref="groups[0]"></li><li c-ref="groups[12]"></li></ul>' });
    widget.render();
    const { groups } = widget.refs as { groups: Element[] };
    const passed: string[] = [];
    groups.forEach((element) => void passed.push(element.tagName));
    expect([Array.isArray(groups), groups.length, passed]).toEqual([true, 13, ["LI", "LI"]]);
  });

  test("[X] §3 refs are collected once: at the rendering, not when somebody looks", () => {
    const widget = create({ template: '<div><p c-ref="place"></p></div>' });
    expect(widget.refs).toEqual({});
    widget.render();
    const { refs } = widget;
    (refs["place"] as Element).innerHTML = '<b c-ref="later"></b>';
    widget.render();
    expect(widget.refs).toBe(refs);
    expect(Object.keys(refs)).toEqual(["place"]);
  });

  test("[X] §3 the root is included", () => {
    const widget = create({ template: '<div c-ref="content"></div>' });
    widget.render();
    expect(widget.refs["content"]).toBe(widget.getEl());
  });

  test("[X] §3 widgets rendered inside later are excluded, also when the outer one is rendered anew", () => {
    const outer = create({ template: '<div c-ref="outer"><p c-ref="place"></p></div>' });
    outer.render();
    const inner = create({ template: '<span c-ref="inner"></span>' });
    inner.render(outer.refs["place"]);
    outer.render();
    expect(Object.keys(outer.refs)).toEqual(["outer", "place"]);
    outer.destroy();
    outer.show();
    expect(Object.keys(outer.refs)).toEqual(["outer", "place"]);
    expect(inner.refs["inner"]).toBe(inner.getEl());
  });

  test("[X] §3 with `tpl` an Element, refs work before rendering", () => {
    const tpl = document.createElement("div");
    tpl.innerHTML = '<i c-ref="in"></i>';
    expect(create({ template: undefined, tpl }).refs["in"]).toBe(tpl.firstChild);
  });

  test("those of a widget that stands in a template's element already are its own", () => {
    const tpl = document.createElement("div");
    tpl.innerHTML = '<p c-ref="place"></p>';
    const inner = create({ template: '<span c-ref="inner"></span>' });
    inner.render(tpl.firstElementChild);
    expect(Object.keys(bench.registry.create("outer", { template: tpl }).refs)).toEqual(["place"]);
  });
});
