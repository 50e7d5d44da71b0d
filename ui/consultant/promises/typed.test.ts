// Typing into fields as a browser lets people do it: masks and limits of §3 of the consultant API in the page.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { spanOf } from "../caret";
import { textOf } from "../fields";
import { Registry } from "../registry";
import { listenToFields } from "../typed";

const MASK = "+7 (999) 999-99-99";

let registry: Registry;
let page: AbortController;
let heard: string[];

function field(html: string): HTMLElement {
  const widget = registry.create("a_form", { template: `<div>${html}</div>` });
  widget.render();
  const element = widget.getEl()?.firstElementChild as HTMLElement;
  element.tabIndex = 0;
  for (const event of ["input", "change"]) {
    element.addEventListener(event, () => heard.push(`${event} ${textOf(element)}`));
  }
  return element;
}

const input = (attributes: string): HTMLElement => field(`<input ${attributes}>`);
const editable = (attributes: string): HTMLElement => field(`<div contenteditable ${attributes}></div>`);

/** What a browser does with a key: asks, does it, tells. */
function browser(element: HTMLElement, inputType: string, data: string | null): void {
  const asked = new InputEvent("beforeinput", { bubbles: true, cancelable: true, inputType, data });
  if (!element.dispatchEvent(asked)) return;
  const { start, end } = spanOf(element);
  const text = textOf(element);
  const most = element instanceof HTMLInputElement && element.maxLength >= 0 ? element.maxLength : Infinity;
  const room = most - (text.length - (end - start));
  const inserted = (data ?? "").slice(0, Math.max(0, room));
  const from = inputType === "deleteContentBackward" && start === end ? start - 1 : start;
  const to = inputType === "deleteContentForward" && start === end ? end + 1 : end;
  put(element, text.slice(0, Math.max(0, from)) + inserted + text.slice(to), from + inserted.length);
  element.dispatchEvent(new InputEvent("input", { bubbles: true, inputType, data }));
}

function put(element: HTMLElement, text: string, caret: number): void {
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) element.value = text;
  else element.textContent = text;
  select(element, caret, caret);
}

function select(element: HTMLElement, start: number, end: number): void {
  if (element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement) {
    if (element.selectionStart !== null) element.setSelectionRange(start, end);
    return;
  }
  const node = element.firstChild ?? element;
  document.getSelection()?.setBaseAndExtent(node, start, node, end);
}

function type(element: HTMLElement, keys: string): void {
  for (const key of keys) {
    if (key === "<") browser(element, "deleteContentBackward", null);
    else browser(element, "insertText", key);
  }
}

/** The text with a bar where the caret is. */
function shown(element: HTMLElement): string {
  const { start } = spanOf(element);
  const text = textOf(element);
  return `${text.slice(0, start)}|${text.slice(start)}`;
}

beforeEach(() => {
  registry = new Registry();
  page = new AbortController();
  heard = [];
  document.body.replaceChildren();
  listenToFields(document, (element) => registry.isRoot(element), page.signal);
});

afterEach(() => {
  page.abort();
});

describe.each([
  ["an input", input],
  ["a contenteditable element", editable],
])("a mask on %s", (_what, make) => {
  test("[X] §3 c-mask is there while the field has the focus, and gone when nothing was typed", async () => {
    const element = make(`c-type="field" c-mask="${MASK}"`);
    element.focus();
    await vi.waitFor(() => expect(shown(element)).toBe("+7 (|"));
    element.blur();
    expect(textOf(element)).toBe("");
    expect(heard).toEqual([]);
  });

  test("[X] §3 c-mask types naturally: the caret stays at the end, in the middle and over a selection", () => {
    const element = make(`c-type="field" c-mask="${MASK}"`);
    element.focus();
    type(element, "9123x4");
    expect(shown(element)).toBe("+7 (912) 34|");
    select(element, 5, 5);
    type(element, "0");
    expect(shown(element)).toBe("+7 (90|1) 234");
    type(element, "<");
    expect(shown(element)).toBe("+7 (9|12) 34");
    select(element, 4, 10);
    type(element, "5");
    expect(shown(element)).toBe("+7 (5|4");
    browser(element, "deleteContentForward", null);
    expect(shown(element)).toBe("+7 (5|");
  });

  test("Ctrl+Z takes back what was typed, Ctrl+Shift+Z and Ctrl+Y bring it again", () => {
    const element = make(`c-type="field" c-mask="${MASK}"`);
    element.focus();
    type(element, "91");
    const press = (code: string, shiftKey = false): string => {
      const key = new KeyboardEvent("keydown", {
        code,
        ctrlKey: true,
        shiftKey,
        bubbles: true,
        cancelable: true,
      });
      element.dispatchEvent(key);
      expect(key.defaultPrevented).toBe(true);
      return shown(element);
    };
    heard = [];
    expect([press("KeyZ"), press("KeyZ"), press("KeyZ")]).toEqual(["+7 (9|", "+7 (|", "+7 (|"]);
    expect(heard).toEqual(["input +7 (9", "input +7 ("]);
    expect([press("KeyY"), press("KeyZ", true)]).toEqual(["+7 (9|", "+7 (91|"]);
    type(element, "2");
    expect(press("KeyY")).toBe("+7 (912|");
  });

  test("undo from the browser's own menu goes the same way", () => {
    const element = make(`c-type="field" c-mask="${MASK}"`);
    element.focus();
    type(element, "91");
    browser(element, "historyUndo", null);
    expect(shown(element)).toBe("+7 (9|");
    browser(element, "historyRedo", null);
    expect(shown(element)).toBe("+7 (91|");
  });

  test("controllers hear one input for each change, and none for a key that changed nothing", () => {
    const element = make(`c-type="field" c-mask="${MASK}"`);
    element.focus();
    type(element, "9x1");
    expect(heard).toEqual(["input +7 (9", "input +7 (91"]);
  });

  test("[X] §3 c-mask takes a pasted number, whichever way it is written", () => {
    const element = make(`c-type="numberfield" c-mask="${MASK}"`);
    element.focus();
    browser(element, "insertFromPaste", "8 912 345 67 89");
    expect(textOf(element)).toBe("+7 (912) 345-67-89");
    select(element, 0, 18);
    browser(element, "insertFromPaste", "+7 (495) 000-11-22");
    expect(shown(element)).toBe("+7 (495) 000-11-22|");
  });

  test("puts right what the browser fills in by itself, and what a script wrote", () => {
    const element = make(`c-type="field" c-mask="${MASK}"`);
    put(element, "9123456789", 10);
    element.focus();
    expect(textOf(element)).toBe("+7 (912) 345-67-89");
    put(element, "4950001122", 3);
    element.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertReplacementText" }));
    expect(textOf(element)).toBe("+7 (495) 000-11-22");
    expect(heard).toEqual(["input +7 (495) 000-11-22"]);
  });

  test("leaves an input method alone until it has finished", () => {
    const element = make('c-type="field" c-mask="aa-aa"');
    element.focus();
    put(element, "にほ1", 3);
    element.dispatchEvent(new InputEvent("input", { bubbles: true, isComposing: true }));
    expect(textOf(element)).toBe("にほ1");
    heard = [];
    element.dispatchEvent(new CompositionEvent("compositionend", { bubbles: true }));
    expect(textOf(element)).toBe("にほ");
    expect(heard).toEqual(["input にほ"]);
  });

  test("[X] §3 c-mask is read at run time: a field that loses its mask and gets it again", () => {
    const element = make(`c-type="field" c-mask="${MASK}"`);
    element.removeAttribute("c-mask");
    element.focus();
    type(element, "abc");
    expect(textOf(element)).toBe("abc");
    element.setAttribute("c-mask", "999");
    type(element, "1");
    expect(textOf(element)).toBe("1");
  });
});

describe("a masked input", () => {
  test("tells a change when it is left, once", () => {
    const element = input(`c-type="field" c-mask="${MASK}"`);
    element.focus();
    type(element, "9");
    heard = [];
    element.blur();
    expect(heard).toEqual(["change +7 (9"]);
    element.focus();
    element.blur();
    expect(heard).toEqual(["change +7 (9"]);
  });

  test("keeps a line break out", () => {
    const element = editable(`c-type="field" c-mask="${MASK}"`);
    element.focus();
    const event = new InputEvent("beforeinput", {
      bubbles: true,
      cancelable: true,
      inputType: "insertParagraph",
    });
    expect(element.dispatchEvent(event)).toBe(false);
  });

  test("Ctrl+Z in a field without a mask is the browser's", () => {
    const element = input('c-type="field"');
    const key = new KeyboardEvent("keydown", {
      code: "KeyZ",
      ctrlKey: true,
      bubbles: true,
      cancelable: true,
    });
    element.dispatchEvent(key);
    expect(key.defaultPrevented).toBe(false);
  });

  test("outside every widget is nobody's business", () => {
    document.body.innerHTML = `<input c-type="field" c-mask="${MASK}">`;
    const element = document.body.firstElementChild as HTMLInputElement;
    element.focus();
    type(element, "abc");
    expect(element.value).toBe("abc");
  });
});

describe.each([
  ["an input", input],
  ["a contenteditable element", editable],
])("limits on %s", (_what, make) => {
  test("[X] §3 c-max lets no more characters in, and what fits of a pasted text", () => {
    const element = make('c-type="field" c-max="5"');
    element.focus();
    type(element, "abcdefg");
    expect(shown(element)).toBe("abcde|");
    select(element, 1, 3);
    browser(element, "insertFromPaste", "12345");
    expect(shown(element)).toBe("a12|de");
  });

  test("[X] §3 c-length of a numberfield counts digits", () => {
    const element = make('c-type="numberfield" c-length="4"');
    element.focus();
    type(element, "+1 (23) 4567");
    expect(textOf(element)).toBe("+1 (23) 4");
    type(element, "-");
    expect(textOf(element)).toBe("+1 (23) 4-");
  });

  test("[X] §3 c-max without c-type is the controller's own business", () => {
    const element = make('c-max="3"');
    element.focus();
    type(element, "abcdef");
    expect(textOf(element)).toBe("abcdef");
  });

  test("an input that does not tell its selection keeps its own limit, and is given no mask", () => {
    const email = input('type="email" c-type="field" c-max="3"') as HTMLInputElement;
    type(email, "a");
    expect([email.selectionStart, email.maxLength]).toEqual([null, 3]);
    const number = input('type="number" c-type="numberfield" c-mask="+7 99" value="12"') as HTMLInputElement;
    number.focus();
    number.dispatchEvent(new InputEvent("input", { bubbles: true }));
    number.blur();
    expect(number.value).toBe("12");
  });

  test.each(["0", "-3", "many", ""])("c-max=%j is no limit", (limit) => {
    const element = make(`c-type="field" c-max="${limit}"`);
    element.focus();
    type(element, "abc");
    expect(textOf(element)).toBe("abc");
  });
});
