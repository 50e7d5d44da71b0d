// What happens while a person types into a widget's fields: masks, limits, marks. One set of listeners per page.
//
// What must always hold: controllers see a field only in the state in which it stays (the page's listeners come
// first, in the capture phase), and hear `input` and `change` as of any field. What cannot be foreseen (an input
// method, the browser's own filling in, undo) is put right after it has happened, before anything is painted.
import { announce, spanOf, typeInto, write } from "./caret";
import { isEditable, isTyped, kindOf, maskOf, textOf, type Foreign } from "./fields";
import { markForm } from "./form";
import { fitting, limitInput } from "./limits";
import { conform, edit, maskAlone, type Mask, type Removal } from "./masks";
import { Undo, wayOf, type Way } from "./undo";

/** Begins to listen in `page`; `isRoot` knows the roots of widgets. */
export function listenToFields(page: Document, isRoot: Foreign, signal?: AbortSignal): void {
  const fields = new TypedFields(isRoot);
  const hear = <K extends keyof DocumentEventMap>(
    name: K,
    act: (event: DocumentEventMap[K]) => void,
  ): void => {
    page.addEventListener(name, act, { capture: true, ...(signal ? { signal } : {}) });
  };
  hear("keydown", (event) => fields.key(event));
  hear("beforeinput", (event) => fields.before(event));
  hear("input", (event) => fields.after(event));
  hear("compositionend", (event) => fields.composed(event));
  hear("focusin", (event) => fields.enter(event));
  hear("change", (event) => fields.change(event));
  hear("focusout", (event) => fields.leave(event));
  hear("click", (event) => fields.click(event));
  // A form of its own would take the person to another page.
  hear("submit", (event) => {
    if (fields.rootOf(event.target)) event.preventDefault();
  });
}

const REMOVALS: Readonly<Record<string, Removal>> = {
  deleteContentBackward: "before",
  deleteByCut: "before",
  deleteByDrag: "before",
  deleteContent: "before",
  deleteContentForward: "after",
  deleteWordBackward: "all before",
  deleteSoftLineBackward: "all before",
  deleteHardLineBackward: "all before",
  deleteWordForward: "all after",
  deleteSoftLineForward: "all after",
  deleteHardLineForward: "all after",
};

/** Insertions at the caret; a drop happens elsewhere and is put right afterwards. */
const INSERTIONS = new Set(["insertText", "insertFromPaste", "insertReplacementText", "insertFromYank"]);
const BREAKS = new Set(["insertLineBreak", "insertParagraph"]);

class TypedFields {
  readonly #isRoot: Foreign;
  /** What a masked field held when `change` was last told. */
  readonly #told = new WeakMap<Element, string>();
  readonly #undo = new Undo();

  constructor(isRoot: Foreign) {
    this.#isRoot = isRoot;
  }

  /** The browser tells of no undo where it knows of nothing to undo. */
  key(event: KeyboardEvent): void {
    const way = wayOf(event);
    if (way) this.#goBack(event, way);
  }

  before(event: InputEvent): void {
    const field = this.#fieldOf(event.target);
    if (!field || event.defaultPrevented || event.isComposing || !event.cancelable) return;
    if (event.inputType === "historyUndo" || event.inputType === "historyRedo") {
      return this.#goBack(event, event.inputType);
    }
    const mask = typedMask(field);
    if (mask) this.#typeMasked(event, field, mask);
    else this.#typeLimited(event, field);
  }

  after(event: Event): void {
    const field = this.#fieldOf(event.target);
    if (!field) return;
    const composing = event instanceof InputEvent && event.isComposing;
    const mask = composing ? null : typedMask(field);
    if (mask) settle(field, mask);
    this.#mark(field);
  }

  /** An input method has finished: not every browser tells of that by an `input`. */
  composed(event: Event): void {
    const field = this.#fieldOf(event.target);
    const mask = field && typedMask(field);
    if (!field || !mask) return;
    const text = textOf(field);
    settle(field, mask);
    if (textOf(field) !== text) announce(field, "insertCompositionText", null);
  }

  enter(event: Event): void {
    const field = this.#fieldOf(event.target);
    const mask = field && typedMask(field);
    if (!field || !mask) return;
    const text = textOf(field);
    this.#told.set(field, text);
    if (text === "") showAlone(field, maskAlone(mask));
    else settle(field, mask);
  }

  change(event: Event): void {
    const field = this.#fieldOf(event.target);
    if (!field) return;
    if (typedMask(field)) this.#told.set(field, textOf(field));
    this.#mark(field, field);
  }

  leave(event: Event): void {
    const field = this.#fieldOf(event.target);
    if (!field) return;
    const mask = typedMask(field);
    if (mask) {
      if (conform(mask, textOf(field)).filled === 0) write(field, "", 0);
      // What a script has written the browser takes for unchanged.
      const told = this.#told.get(field);
      if (isTyped(field) && told !== undefined && told !== textOf(field)) {
        field.dispatchEvent(new Event("change", { bubbles: true }));
      }
    }
    this.#mark(field, field);
  }

  /** A click on a button marks the form and goes on to whoever waits for it, whatever is wrong. */
  click(event: Event): void {
    const button = event.target instanceof Element ? event.target.closest("[c-type]") : null;
    if (button && kindOf(button) === "submitbutton") this.#mark(button);
  }

  /** The root of the widget that `target` is in. */
  rootOf(target: EventTarget | null): Element | null {
    let at = target instanceof Element ? target : null;
    while (at && !this.#isRoot(at)) at = at.parentElement;
    return at;
  }

  #goBack(event: Event, way: Way): void {
    const field = this.#fieldOf(event.target);
    const mask = field && typedMask(field);
    if (!field || !mask) return;
    event.preventDefault();
    this.#undo.go(field, mask, way);
  }

  #typeMasked(event: InputEvent, field: Element, mask: Mask): void {
    const removal = REMOVALS[event.inputType];
    const isTyping = INSERTIONS.has(event.inputType);
    const text = isTyping ? textOfInput(event) : "";
    if (BREAKS.has(event.inputType)) event.preventDefault();
    if ((!removal && !isTyping) || text === null) return;
    event.preventDefault();
    settle(field, mask);
    const value = textOf(field);
    const made = edit(mask, value, { ...spanOf(field), text, removal: removal ?? "none" });
    if (made.text !== value) this.#undo.keep(field);
    write(field, made.text, made.caret);
    if (made.text !== value) announce(field, event.inputType, event.data);
  }

  /** `c-max` counts characters; `c-length` what makes the value: a numberfield's digits. */
  #typeLimited(event: InputEvent, field: Element): void {
    const text = INSERTIONS.has(event.inputType) ? textOfInput(event) : null;
    if (!text || !field.hasAttribute("c-type")) return;
    if (isTyped(field)) limitInput(field);
    if (!tellsSelection(field)) return;
    const fits = fitting(field, spanOf(field), text);
    if (fits === text) return;
    event.preventDefault();
    if (fits !== "") typeInto(field, fits);
  }

  #mark(field: Element, left: Element | null = null): void {
    const root = this.rootOf(field);
    if (root) markForm(root, this.#isRoot, left);
  }

  /** The field that `target` is, or is in: an editable element is told of by what it holds. */
  #fieldOf(target: EventTarget | null): Element | null {
    const field = target instanceof Element ? target.closest("[c-type], [c-mask]") : null;
    if (!field || !this.rootOf(field)) return null;
    const isField = isTyped(field) || field instanceof HTMLSelectElement || isEditable(field);
    return isField ? field : null;
  }
}

/** The mask that can be kept up while a person types; one needs to know where. */
function typedMask(field: Element): Mask | null {
  return tellsSelection(field) ? maskOf(field) : null;
}

/** Inputs of some types, numbers and e-mail addresses for two, do not tell where the caret is. */
function tellsSelection(field: Element): boolean {
  return !isTyped(field) || field.selectionStart !== null;
}

/** The browser puts the caret itself once the field has the focus: it is put behind the mask after that. */
function showAlone(field: Element, alone: string): void {
  write(field, alone, alone.length);
  requestAnimationFrame(() => {
    if (textOf(field) === alone) write(field, alone, alone.length);
  });
}

/** Puts a field right that something else than a key has changed. */
function settle(field: Element, mask: Mask): void {
  const text = textOf(field);
  const { text: right, caret } = conform(mask, text, spanOf(field).start);
  if (right !== text && !(text === "" && document.activeElement !== field)) write(field, right, caret);
}

/** `null` where only the browser knows what is inserted. */
function textOfInput(event: InputEvent): string | null {
  const given = event.data ?? event.dataTransfer?.getData("text/plain");
  return given === undefined ? null : given;
}
