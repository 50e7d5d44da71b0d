// Elements of the page's own strip and panels, made without HTML.

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
