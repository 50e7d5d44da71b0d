// Elements of the page's own panels, made without HTML.

/** An element with a class and words. */
export function make<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  words = "",
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.className = className;
  element.textContent = words;
  return element;
}

/** A button; `name` is what tests find it by. */
export function button(name: string, className: string, words: string, act: () => void): HTMLButtonElement {
  const element = make("button", className, words);
  element.type = "button";
  element.dataset["test"] = name;
  element.addEventListener("click", act);
  return element;
}

/** Keeps a button from being pressed twice while `task` runs; its words say that it runs. */
export async function whileBusy(
  pressed: HTMLButtonElement,
  words: string,
  task: Promise<void>,
): Promise<void> {
  const own = pressed.textContent;
  // Not `disabled`: that would take the focus away.
  pressed.setAttribute("aria-disabled", "true");
  pressed.textContent = words;
  try {
    await task;
  } finally {
    pressed.removeAttribute("aria-disabled");
    pressed.textContent = own;
  }
}

/** Is it busy? */
export function isBusy(pressed: HTMLButtonElement): boolean {
  return pressed.getAttribute("aria-disabled") === "true";
}
