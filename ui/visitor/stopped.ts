// What the window says when the company's form did not start, and the way back to a chat: the default form.
//
// What must always hold: whatever a pack has drawn or broken, this is readable and its button works; a fresh page is
// the only one that the broken form's scripts are surely gone from.
import type { Texts } from "../consultant/texts";

/** Kept for this window, until it is closed: the next start tries the company's form again. */
const WISH = "deskbell/default-form";

/** Did the person ask for the default form in this window? Whoever loads a pack asks first. */
export function wantsDefaultForm(): boolean {
  return quietly(() => sessionStorage.getItem(WISH)) === "yes";
}

/** Covers what is left of the form, once. */
export function drawFormStopped(page: HTMLElement, { t }: Texts, reload = () => location.reload()): void {
  if (page.querySelector(".page-stopped")) return;
  const hasTried = wantsDefaultForm();
  const panel = make("div", "page-stopped", "form-stopped");
  panel.setAttribute("role", "alert");
  const title = make("h1", "page-stopped__title");
  title.textContent = t("page.form_stopped");
  const words = make("p", "page-stopped__words");
  words.textContent = t("page.form_stopped_kept");
  const button = make("button", "page-stopped__button", "default-form");
  button.setAttribute("type", "button");
  button.textContent = t(hasTried ? "page.try_again" : "page.default_form");
  button.addEventListener("click", () => {
    quietly(() => sessionStorage.setItem(WISH, "yes"));
    reload();
  });
  panel.append(title, words, button);
  page.append(panel);
  button.focus();
}

function make(tag: string, className: string, test?: string): HTMLElement {
  const element = document.createElement(tag);
  element.className = className;
  if (test) element.dataset["test"] = test;
  return element;
}

/** A browser may refuse to keep anything. */
function quietly<T>(run: () => T): T | null {
  try {
    return run();
  } catch {
    return null;
  }
}
