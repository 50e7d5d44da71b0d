// §2 and §3 of the consultant API: what a controller may call a template.
import { expect, test } from "vitest";
import { bench, useBench } from "./widget-fixtures";
import { toElement, type Compiled } from "./template";

useBench();

const compiled: Compiled = (settings) => `<p>${(settings as { word?: string }).word ?? ""}</p>`;

test("[X] a compiled template is one by template, by tpl, by name, for createEl, and called by the controller itself", () => {
  bench.registry.addTemplates({ hello: compiled });
  const settings = { word: "hello" };
  for (const config of [{ template: compiled }, { tpl: compiled }, { template: "hello" }]) {
    const widget = bench.registry.create("any", { settings, ...config });
    widget.render();
    expect(widget.getEl()?.outerHTML).toBe("<p>hello</p>");
  }
  expect(toElement(compiled, settings, {}).outerHTML).toBe("<p>hello</p>");
  expect(compiled(settings)).toBe("<p>hello</p>");
  expect(typeof String(compiled)).toBe("string");
});

test("[D] a text with <% %> in it that is no file cannot be compiled here, and the console says what to do", () => {
  const element = toElement("<p><%= word %></p>", {}, {});
  expect(element.tagName).toBe("P");
  expect(console.error).toHaveBeenCalledExactlyOnceWith(
    "[CallGear] a template:",
    expect.stringMatching(/tpls/),
  );
});

test("[D] a template that throws is reported and gives an empty element", () => {
  const broken = (): string => {
    throw new Error("no word");
  };
  expect(toElement(broken, {}, {}).outerHTML).toBe("<div></div>");
  expect(console.error).toHaveBeenCalledOnce();
});

test("[X] two controllers may have a template of the same name: each finds its own while it runs", () => {
  const { registry } = bench;
  const drawn: (string | undefined)[] = [];
  const draw = (): void => {
    const widget = registry.create("rack", { template: "rack" });
    widget.render();
    drawn.push(widget.getEl()?.outerHTML);
  };
  registry.addTemplates({ rack: "<i>the chat's</i>" });
  registry.within({ rack: "<i>the chat's</i>" }, draw);
  registry.addTemplates({ rack: "<i>the phone's</i>", label: "<i>label</i>" });
  registry.within({ rack: "<i>the phone's</i>" }, draw);
  draw();
  expect(drawn).toEqual(["<i>the chat's</i>", "<i>the phone's</i>", "<i>the chat's</i>"]);
});
