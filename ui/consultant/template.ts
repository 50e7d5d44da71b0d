// From what a pack calls a template to the element of a widget.
import { locateFiles } from "./files";
import { guarded, report } from "./log";

/** A compiled template: settings in, HTML out. `base`: where the paths of its pictures start, as a page's own would. */
export type Compiled = ((settings: object) => string) & { base?: string };

/** A template's HTML or name, a compiled one, or the element itself. */
export type Template = string | Compiled | Element;

/** The templates of a pack by name; `chat` and `consultant_chat` are the same one. */
export type Templates = Record<string, Template>;

/** Adds the names that stand for others. */
export function withAliases(templates: Templates): Templates {
  const chat = templates["consultant_chat"] ?? templates["chat"];
  return chat === undefined ? templates : { ...templates, chat, consultant_chat: chat };
}

/** Makes the element: the first one of what the HTML parser reads; words alone stand in a `div`, as nothing does. */
export function toElement(template: unknown, settings: object, templates: Templates): Element {
  if (template instanceof Element) return template;
  const parser = document.createElement("div");
  parser.innerHTML = toHtml(template, settings, templates);
  const element = parser.firstElementChild ?? parser;
  element.remove();
  const base = baseOf(template, templates);
  if (base !== undefined) locateFiles(element, base);
  return element;
}

function baseOf(template: unknown, templates: Templates): string | undefined {
  const named =
    typeof template === "string" && Object.hasOwn(templates, template) ? templates[template] : template;
  return typeof named === "function" ? (named as Compiled).base : undefined;
}

function toHtml(template: unknown, settings: object, templates: Templates): string {
  if (typeof template === "function") {
    return guarded("a template", () => String((template as Compiled)(settings))) ?? "";
  }
  if (typeof template !== "string") return "";
  const named = Object.hasOwn(templates, template) ? templates[template] : undefined;
  if (named === undefined) return plainHtml(template);
  return named instanceof Element ? named.outerHTML : toHtml(named, settings, {});
}

/** Only a pack's files are compiled: nothing here may turn a text into a program. */
function plainHtml(html: string): string {
  if (html.includes("<%")) {
    const start = html.trim().slice(0, 60);
    report(
      "a template",
      `"${start}" has <% %> in it and cannot be compiled here: put it into a file under tpls`,
    );
  }
  return html;
}
