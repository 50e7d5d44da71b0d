// What the window says when the company's form did not start, and the way back to a chat: the default form.
//
// What must always hold: whatever a pack has drawn or broken, this is readable and its button works; a fresh page is
// the only one that the broken form's scripts are surely gone from.
import { button, make } from "../consultant/elements";
import type { Texts } from "../consultant/texts";
import { forget, keep, kept } from "./pack/kept";

/** Kept for this window, until it is closed: the next start tries the company's form again. */
const WISH = "default-form";
/** A form of which no more is known. */
const ANY = "yes";

/**
 * Did the person ask in this window for the default form instead of this one? Whoever loads a pack asks first. A form
 * that has changed since then is tried again.
 */
export function wantsDefaultForm(key: string = ANY): boolean {
  return kept(WISH) === key;
}

/** The person wants the default form instead of this one. */
export function wishDefaultForm(key: string = ANY): void {
  keep(WISH, key);
}

/** The person wants the company's form again. */
export function wishCompanyForm(): void {
  forget(WISH);
}

/** What is said of it. */
export interface Stopped {
  /** The form: its digest. */
  key?: string;
  /** What is wrong, with the file and the line. */
  sentence?: string;
}

/** Covers what is left of the form, once. */
export function drawFormStopped(
  page: HTMLElement,
  { t }: Texts,
  { key = ANY, sentence = "" }: Stopped = {},
  reload = () => location.reload(),
): void {
  if (page.querySelector(".page-stopped")) return;
  const hasTried = wantsDefaultForm(key);
  const panel = make("div", "page-stopped");
  panel.dataset["test"] = "form-stopped";
  panel.setAttribute("role", "alert");
  const why = make("p", "page-stopped__why", sentence);
  why.dataset["test"] = "form-stopped-why";
  why.dir = "auto";
  const words = t(hasTried ? "page.try_again" : "page.default_form");
  const again = button("default-form", "page-stopped__button", words, () => {
    wishDefaultForm(key);
    reload();
  });
  panel.append(
    make("h1", "page-stopped__title", t("page.form_stopped")),
    ...(sentence ? [why] : []),
    make("p", "page-stopped__words", t("page.form_stopped_kept")),
    again,
  );
  page.append(panel);
  page.classList.add("desk-stopped");
  again.focus();
}
