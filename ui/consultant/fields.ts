// The fields of a widget: elements with `c-type`, whatever they are made of.
//
// What must always hold: attributes and contents are read when somebody asks, because controllers change both.
import { conform, isComplete, readMask, type Mask, type Masked } from "./masks";
import type { Checked } from "./validators";

/** Elements that hold what was typed as their `value`. */
export type Typed = HTMLInputElement | HTMLTextAreaElement;

/** An element of a widget; those of widgets inside belong to these. */
export type Foreign = (element: Element) => boolean;

/** Is it an input or a textarea? */
export function isTyped(element: Element): element is Typed {
  return element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement;
}

/** The fields of the widget with this root, in the page's order; buttons and what is disabled left out. */
export function fieldsOf(root: Element, foreign: Foreign): Element[] {
  return typesOf(root, foreign).filter(
    (element) => kindOf(element) !== "submitbutton" && !isDisabled(element),
  );
}

/** Every element of the widget that has a `c-type`. */
export function typesOf(root: Element, foreign: Foreign): Element[] {
  const found = root.hasAttribute("c-type") ? [root] : [];
  for (const element of root.querySelectorAll("[c-type]")) {
    if (isOf(root, element, foreign)) found.push(element);
  }
  return found;
}

/** `field`, `numberfield`, `checkbox` or `submitbutton`. */
export function kindOf(element: Element): string {
  return element.getAttribute("c-type")?.trim().toLowerCase() ?? "";
}

/** `c-disabled`, at this moment. */
export function isDisabled(element: Element): boolean {
  const value = element.getAttribute("c-disabled");
  return value !== null && value.trim().toLowerCase() !== "false";
}

/** Its mask, where it has one that can be filled. */
export function maskOf(element: Element): Mask | null {
  const source = element.getAttribute("c-mask");
  return source ? readMask(source) : null;
}

/** The value as `getValues()` gives it. */
export function valueOf(element: Element): string | boolean {
  const kind = kindOf(element);
  if (kind === "checkbox") return isChecked(element);
  const { text, masked } = contentsOf(element);
  if (masked?.filled === 0) return "";
  return kind === "numberfield" ? (masked?.text ?? text).replace(/\D/g, "") : text;
}

/** What validators look at. */
export function checkedOf(element: Element): Checked {
  const { text, mask, masked } = contentsOf(element);
  return {
    value: valueOf(element),
    text: masked?.text ?? text,
    complete: !mask || !masked || isComplete(mask, masked),
  };
}

/** What stands in the field, for people. */
export function textOf(element: Element): string {
  if (isTyped(element)) return element.value;
  if (element instanceof HTMLSelectElement) return chosen(element);
  if (!isEditable(element)) return element.textContent ?? "";
  // A last line break is the browser's own: without it the caret could not stand there,
  // and a space at an edge is one that does not break.
  return linesOf(element)
    .replace(/\n$/, "")
    .replace(/\u00a0/g, " ");
}

/** Is it edited as text in the page? Asked of the attribute: jsdom and hidden elements know no `isContentEditable`. */
export function isEditable(element: Element): boolean {
  const value = element.getAttribute("contenteditable");
  return value !== null && value.toLowerCase() !== "false";
}

function contentsOf(element: Element): { text: string; mask: Mask | null; masked: Masked | null } {
  const text = textOf(element);
  const mask = maskOf(element);
  return { text, mask, masked: mask && conform(mask, text) };
}

/** A selected option that is disabled is a caption, not a choice. */
function chosen(select: HTMLSelectElement): string {
  const option = select.options[select.selectedIndex];
  return option && !option.disabled ? option.value : "";
}

function isChecked(element: Element): boolean {
  if (element instanceof HTMLInputElement) return element.checked;
  return element.getAttribute("aria-checked") === "true" || element.hasAttribute("checked");
}

/** Text with its line breaks; `innerText` would follow the page's styles, capitals included. */
function linesOf(element: Element): string {
  let text = "";
  for (const node of element.childNodes) {
    if (node.nodeName === "BR") text += "\n";
    else if (node instanceof Element) {
      if (/^(DIV|P|LI)$/.test(node.nodeName) && text !== "" && !text.endsWith("\n")) text += "\n";
      text += linesOf(node);
    } else text += node.textContent ?? "";
  }
  return text;
}

function isOf(root: Element, element: Element, foreign: Foreign): boolean {
  let at: Element | null = element;
  while (at && at !== root) {
    if (foreign(at)) return false;
    at = at.parentElement;
  }
  return true;
}
