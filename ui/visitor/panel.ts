// What every panel of the page's own is: a dialog that no pack knows of, with its title and the button that closes it.
//
// What must always hold: Escape and the button close it, and whoever had the focus gets it back; a press on what lies
// behind does so only where nothing that was put into it would be lost.
import "./panel.css";
import { button, make } from "../consultant/elements";

const SIGNS = {
  pause: "M9 6v12M15 6v12",
  resume: "M8 5.5 18 12 8 18.500z",
  cancel: "m6.5 6.5 11 11m0-11-11 11",
};

/** A small button with a sign. */
export function signButton(
  sign: keyof typeof SIGNS,
  test: string,
  label: string,
  act: () => void,
): HTMLButtonElement {
  const element = button(test, "desk-sign", "", act);
  element.setAttribute("aria-label", label);
  element.title = label;
  element.innerHTML = `<svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true"><path d="${SIGNS[sign]}" fill="none" stroke="currentColor" stroke-width="1.9" stroke-linejoin="round" stroke-linecap="round"/></svg>`;
  return element;
}

/** A panel that is not shown yet, and its title, which can take the focus. */
export interface Panel {
  dialog: HTMLDialogElement;
  title: HTMLElement;
}

/** Makes one: `name` tells it from others, `test` is its name in tests and begins the button's. */
export function makePanel(name: string, test: string, words: string | HTMLElement, closing: string): Panel {
  const dialog = make("dialog", `desk-panel ${name}`);
  dialog.dataset["test"] = `${test}-panel`;
  const title = make("h2", "desk-panel__title");
  title.id = `${test}-title`;
  title.tabIndex = -1;
  title.append(words);
  dialog.setAttribute("aria-labelledby", title.id);
  const top = make("header", "desk-panel__top");
  top.append(
    title,
    signButton("cancel", `${test}-close`, closing, () => dialog.close()),
  );
  dialog.append(top);
  return { dialog, title };
}

/** A press on what lies behind closes it, too. */
export function closeFromBehind(dialog: HTMLDialogElement): void {
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}
