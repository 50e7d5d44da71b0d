// Where the caret stands in a field, and writing a field without losing it; for inputs and for editable elements.
import { isTyped, textOf } from "./fields";

/** Positions in a field's text. */
export interface Span {
  start: number;
  end: number;
}

/** What is selected in the field; its end where nobody can tell. */
export function spanOf(element: Element): Span {
  const { length } = textOf(element);
  if (isTyped(element)) {
    // `null` in inputs that have no such thing, those of the type email for one.
    return { start: element.selectionStart ?? length, end: element.selectionEnd ?? length };
  }
  const selection = document.getSelection();
  const range = selection && selection.rangeCount > 0 ? selection.getRangeAt(0) : null;
  if (!range || !element.contains(range.startContainer) || !element.contains(range.endContainer)) {
    return { start: length, end: length };
  }
  const start = lengthTo(element, range.startContainer, range.startOffset);
  return { start, end: lengthTo(element, range.endContainer, range.endOffset) };
}

/** Writes `text` and puts the caret; both at once, so nothing flickers. No event is fired. */
export function write(element: Element, text: string, caret: number): void {
  if (isTyped(element)) {
    if (element.value !== text) element.value = text;
    if (hasFocus(element) && element.selectionStart !== null) element.setSelectionRange(caret, caret);
    return;
  }
  if (element.textContent !== text) element.textContent = text;
  if (!hasFocus(element)) return;
  const node = element.firstChild;
  document.getSelection()?.collapse(node ?? element, node ? Math.min(caret, text.length) : 0);
}

/** Takes what is selected for `text`, as typing would; the browser's own undo knows of it where it can. */
export function typeInto(element: Element, text: string): void {
  if (typeof document.execCommand === "function" && document.execCommand("insertText", false, text)) return;
  const { start, end } = spanOf(element);
  const whole = textOf(element);
  write(element, whole.slice(0, start) + text + whole.slice(end), start + text.length);
  announce(element, "insertText", text);
}

/** Tells everybody who listens that a person has typed. */
export function announce(element: Element, inputType: string, data: string | null): void {
  element.dispatchEvent(new InputEvent("input", { bubbles: true, composed: true, inputType, data }));
}

function lengthTo(element: Element, node: Node, offset: number): number {
  const range = document.createRange();
  range.selectNodeContents(element);
  range.setEnd(node, offset);
  return range.toString().length;
}

function hasFocus(element: Element): boolean {
  return document.activeElement === element;
}
