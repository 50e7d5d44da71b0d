// §2 and §3 of the consultant API, promise by promise: what becomes of a template in the page. What the language
// itself promises (fragments across tags, quotes, what prints nothing) is checked where templates are compiled.
import { describe, expect, test } from "vitest";
import { MemoryVisitor } from "../../backend/memory";
import type { PackWindow } from "../global";
import { Registry } from "../registry";
import { bootRuntime } from "../runtime";
import { toElement } from "../template";
import { bench, create, useBench } from "../widget-fixtures";

useBench();

function rendered(config: object): string {
  const widget = create({ template: undefined, ...config });
  widget.render();
  return widget.getEl()?.outerHTML ?? "";
}

describe("a template", () => {
  test("[X] §3 may be the name of one", () => {
    bench.registry.addTemplates({ label: "<i>by name</i>" });
    expect(rendered({ tpl: "label" })).toBe("<i>by name</i>");
  });

  test("[X] §3 may be a compiled one, which gets the widget's settings", () => {
    const compiled = (settings: { x: number }): string => `<i>${String(settings.x)}</i>`;
    expect(rendered({ tpl: compiled, settings: { x: 1 } })).toBe("<i>1</i>");
  });

  test("[X] §3 may be an Element, which is the root itself", () => {
    const element = document.createElement("section");
    const widget = create({ template: element });
    widget.render();
    expect(widget.getEl()).toBe(element);
  });

  test("[X] §3 comes as `tpl` as well as as `template`", () => {
    expect([rendered({ tpl: "<i></i>" }), rendered({ template: "<b></b>" })]).toEqual(["<i></i>", "<b></b>"]);
  });

  test("[X] §2 tpls['chat'] is the same as tpls['consultant_chat'], whichever a pack has", () => {
    bench.registry.addTemplates({ chat: "<i>one</i>" });
    expect(rendered({ tpl: "consultant_chat" })).toBe("<i>one</i>");
    bench.registry = new Registry();
    bench.registry.addTemplates({ consultant_chat: "<i>two</i>" });
    expect(rendered({ tpl: "chat" })).toBe("<i>two</i>");
  });

  test("[X] §2 an unclosed tag is closed, as a browser's innerHTML closes it", () => {
    expect(rendered({ tpl: "<ul><li>one<li>two" })).toBe("<ul><li>one</li><li>two</li></ul>");
    expect(rendered({ tpl: "<div><p>text<div>more</div>" })).toBe("<div><p>text</p><div>more</div></div>");
  });

  test("[X] §2 with several roots the widget is the first element; words and comments before it are none", () => {
    expect(rendered({ tpl: "\n<!-- label --> words <b>1</b><p>2</p>" })).toBe("<b>1</b>");
  });

  test("[X] §2 an end tag too many, and a tag without quotes, are what a browser makes of them", () => {
    expect(rendered({ tpl: "<div class=a-b><option value=7>7</option></li></div>" })).toBe(
      '<div class="a-b"><option value="7">7</option></div>',
    );
  });

  test("[X] §1 class names may hold Cyrillic letters", () => {
    const widget = create({ template: '<div class="кнопка кнопка--скрыта"></div>' });
    widget.render();
    widget.getEl()?.classList.remove("кнопка--скрыта");
    expect(document.querySelector(".кнопка")).toBe(widget.getEl());
  });

  test("[X] §2 a compiled one sees Comagic.getDeviceType() and Comagic.UI.C.* when it is rendered", async () => {
    const target = window as unknown as PackWindow;
    await bootRuntime(new MemoryVisitor(), target);
    const compiled = (): string => {
      const { Comagic } = target as Required<PackWindow>;
      return `<i class="${Comagic.getDeviceType()}">${String(Comagic.UI.C["VCARD_TEXT"])}</i>`;
    };
    const widget = target.Comagic?.UI.createWidget("label", { tpl: compiled });
    widget?.render();
    expect(widget?.getEl()?.outerHTML).toMatch(/^<i class="desktop">.{5,}<\/i>$/);
  });

  test("one that throws, gives nothing or is missing is an empty element, and is said on the console", () => {
    const throwing = (): string => {
      throw new Error("a mistake");
    };
    for (const tpl of [throwing, () => "", undefined, 7]) expect(rendered({ tpl })).toBe("<div></div>");
    expect(console.error).toHaveBeenCalledOnce();
  });
});

describe("createEl", () => {
  test("[X] §3 createEl(tpl, data) makes the first element of a template with its data", () => {
    const times = (data: { times: number[] }): string =>
      `<times>${data.times.map((time) => `<option value='${String(time)}'>${String(time)}</option>`).join("")}</times>`;
    const select = document.createElement("select");
    select.innerHTML = toElement(times, { times: [9, 10] }, {}).innerHTML;
    expect([...select.options].map(({ value }) => value)).toEqual(["9", "10"]);
  });
});
