// `c-select="true"`: a select and its styled twin, which packs can paint. The select stays the truth: it holds the
// value, fires the events and is what `getValues` reads; the twin follows it.
//
// What must always hold: whoever changes the select (options by `innerHTML`, `value`, `selectedIndex`, `disabled`,
// its class) changes the twin; a keyboard and a screen reader get along with the twin as with a select.

const CLASS = "comagic-c-select";
const OPEN = "comagic-js-select-open";
const NATIVE = "comagic-js-select-native";
const DISABLED = "comagic-js-select-disabled";
/** Milliseconds within which letters typed at a list are one word. */
const WORD_MS = 700;

const twins = new WeakMap<HTMLSelectElement, Twin>();
/** One list is open at a time. */
let closeOpened: () => void = () => undefined;
let count = 0;

/** Does the element ask for a twin? */
export function wantsTwin(element: Element): element is HTMLSelectElement {
  return (
    element instanceof HTMLSelectElement && !element.multiple && element.getAttribute("c-select") === "true"
  );
}

/** The box of the select's twin, which is made where there is none yet. */
export function twinBox(select: HTMLSelectElement): HTMLElement {
  const twin = twins.get(select) ?? new Twin(select);
  twins.set(select, twin);
  return twin.box;
}

class Twin {
  readonly box = make("div", `${CLASS}__select`);
  readonly #root = make("div", CLASS);
  readonly #list = make("div", `${CLASS}__options`);
  readonly #select: HTMLSelectElement;
  #active = -1;
  #word = "";
  #wordAt = 0;

  constructor(select: HTMLSelectElement) {
    this.#select = select;
    this.#build();
    this.#follow();
    this.#listen();
    this.draw();
  }

  /** Closes the list. */
  close(): void {
    this.#root.classList.remove(OPEN);
    this.box.setAttribute("aria-expanded", "false");
    this.box.removeAttribute("aria-activedescendant");
  }

  #build(): void {
    const select = this.#select;
    count += 1;
    this.#list.id = `${CLASS}-${String(count)}`;
    this.#list.setAttribute("role", "listbox");
    this.box.setAttribute("role", "combobox");
    this.box.setAttribute("aria-haspopup", "listbox");
    this.box.setAttribute("aria-controls", this.#list.id);
    this.box.setAttribute("aria-expanded", "false");
    const label = select.getAttribute("aria-label") ?? select.labels[0]?.textContent?.trim() ?? select.title;
    if (label) {
      this.box.setAttribute("aria-label", label);
      this.#list.setAttribute("aria-label", label);
    }
    const wrapper = make("div", `${CLASS}__wrapper-options`);
    wrapper.append(this.#list);
    this.#root.append(this.box, wrapper);
    select.classList.add(NATIVE);
    select.tabIndex = -1;
    select.after(this.#root);
  }

  /** What scripts do to the select. */
  #follow(): void {
    const observer = new MutationObserver(() => this.draw());
    const attributeFilter = ["class", "disabled", "label", "selected", "value"];
    // Controllers shut the twin by a class on either.
    observer.observe(this.box, { attributes: true, attributeFilter: ["class"] });
    observer.observe(this.#select, {
      attributes: true,
      attributeFilter,
      characterData: true,
      childList: true,
      subtree: true,
    });
    // Values that a script sets fire nothing: the select's own kind tells the twin.
    Object.setPrototypeOf(this.#select, TWINNED);
  }

  #listen(): void {
    this.box.addEventListener("click", () => (this.#isOpen ? this.close() : this.#open()));
    this.box.addEventListener("keydown", (event) => this.#key(event));
    this.box.addEventListener("blur", () => this.close());
    // The box keeps the focus while a list is used.
    this.#list.addEventListener("mousedown", (event) => event.preventDefault());
    this.#list.addEventListener("click", (event) => {
      const row = event.target instanceof Element ? event.target.closest(`.${CLASS}__option`) : null;
      if (row) this.#choose([...this.#list.children].indexOf(row));
    });
    this.#select.addEventListener("change", () => this.draw());
    this.#select.addEventListener("focus", () => this.box.focus());
  }

  get #isOpen(): boolean {
    return this.#root.classList.contains(OPEN);
  }

  get #isDisabled(): boolean {
    return this.#select.disabled || [this.#select, this.box].some((one) => one.classList.contains(DISABLED));
  }

  /** Makes box and list say what the select says. */
  draw(): void {
    const { options, selectedIndex } = this.#select;
    this.#list.replaceChildren(
      ...[...options].map((option, index) => this.#row(option, index === selectedIndex)),
    );
    this.box.textContent = options[selectedIndex]?.text ?? "";
    this.box.tabIndex = this.#isDisabled ? -1 : 0;
    this.box.setAttribute("aria-disabled", String(this.#isDisabled));
    if (this.#isDisabled) this.close();
    else if (this.#isOpen) this.#activate(Math.min(this.#active, options.length - 1));
  }

  #row(option: HTMLOptionElement, isChosen: boolean): HTMLElement {
    const row = make("div", `${CLASS}__option ${option.className}`.trim());
    row.id = `${this.#list.id}-${String(option.index)}`;
    row.textContent = option.text;
    row.setAttribute("role", "option");
    row.setAttribute("aria-selected", String(isChosen));
    if (isShut(option)) row.setAttribute("aria-disabled", "true");
    return row;
  }

  #open(): void {
    if (this.#isDisabled) return;
    closeOpened();
    closeOpened = () => this.close();
    this.box.focus();
    this.#root.classList.add(OPEN);
    this.box.setAttribute("aria-expanded", "true");
    this.#activate(this.#select.selectedIndex);
  }

  #activate(index: number): void {
    this.#active = index;
    for (const [at, row] of [...this.#list.children].entries()) {
      row.classList.toggle(`${CLASS}__option--active`, at === index);
      if (at !== index) continue;
      this.box.setAttribute("aria-activedescendant", row.id);
      // Not in jsdom.
      if (typeof row.scrollIntoView === "function") row.scrollIntoView({ block: "nearest" });
    }
  }

  #choose(index: number): void {
    const option = this.#select.options[index];
    if (!option || isShut(option) || this.#isDisabled) return;
    const isNew = index !== this.#select.selectedIndex;
    this.#select.selectedIndex = index;
    this.close();
    if (!isNew) return;
    for (const name of ["input", "change"]) this.#select.dispatchEvent(new Event(name, { bubbles: true }));
  }

  #key(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey || this.#isDisabled) return;
    const act = this.#actFor(event.key, this.#isOpen);
    if (!act) return;
    // Escape closes the list, not the form round it.
    event.preventDefault();
    event.stopPropagation();
    act();
  }

  #actFor(key: string, isOpen: boolean): (() => void) | null {
    const last = this.#select.options.length - 1;
    if (!isOpen) {
      if (["ArrowDown", "ArrowUp", "Enter", " "].includes(key)) return () => this.#open();
    } else if (key === "Escape") return () => this.close();
    else if (key === "Enter" || key === " ") return () => this.#choose(this.#active);
    else if (key === "ArrowDown") return () => this.#step(this.#active + 1, 1);
    else if (key === "ArrowUp") return () => this.#step(this.#active < 0 ? last : this.#active - 1, -1);
    else if (key === "Home") return () => this.#step(0, 1);
    else if (key === "End") return () => this.#step(last, -1);
    return key.length === 1 && key !== " " ? () => this.#spell(key, isOpen) : null;
  }

  /** The next option in a direction that can be chosen. */
  #step(from: number, by: 1 | -1): void {
    const { options } = this.#select;
    for (let at = from; at >= 0 && at < options.length; at += by) {
      const option = options[at];
      if (option && !isShut(option)) {
        this.#activate(at);
        return;
      }
    }
  }

  /** Letters find the option that begins with them. */
  #spell(letter: string, isOpen: boolean): void {
    const now = Date.now();
    this.#word = (now - this.#wordAt < WORD_MS ? this.#word : "") + letter.toLowerCase();
    this.#wordAt = now;
    const at = [...this.#select.options].findIndex(
      (option) => !isShut(option) && option.text.trim().toLowerCase().startsWith(this.#word),
    );
    if (at < 0) return;
    if (isOpen) this.#activate(at);
    else this.#choose(at);
  }
}

/** Selects that have a twin: setting `value` or `selectedIndex` draws it anew. */
const TWINNED = Object.create(HTMLSelectElement.prototype, {
  value: telling("value"),
  selectedIndex: telling("selectedIndex"),
}) as object;

function telling(key: "value" | "selectedIndex"): PropertyDescriptor {
  const native = Object.getOwnPropertyDescriptor(HTMLSelectElement.prototype, key);
  return {
    configurable: true,
    enumerable: true,
    get(this: HTMLSelectElement) {
      return native?.get?.call(this) as unknown;
    },
    set(this: HTMLSelectElement, value: unknown) {
      native?.set?.call(this, value);
      twins.get(this)?.draw();
    },
  };
}

function isShut(option: HTMLOptionElement): boolean {
  const group = option.parentElement;
  return option.disabled || (group instanceof HTMLOptGroupElement && group.disabled);
}

function make(tag: string, className: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  return element;
}
