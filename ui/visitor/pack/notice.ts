// One calm notice above the form: what a company's form has tried in vain, and the way to the other form.
//
// What must always hold: it is said once, never over the form; who has closed it is not told again in this window.
import { button, make } from "../../consultant/elements";
import type { Texts } from "../../consultant/texts";
import { keep, kept } from "./kept";

/** Characters that stand beside a button in a narrow window. */
const SHORT = 40;

/** What is said. */
export interface Notice {
  /** What it is remembered by once it is closed. */
  key: string;
  words: string;
  /** The name that tests find the button by, its words and what it does; without it there is nothing to do. */
  action?: { test: string; words: string; act: () => void };
}

/** The place of notices. It is in the page before there is one: a screen reader announces what changes in it. */
export class NoticePlace {
  readonly element = make("div", "desk-strip desk-notice");
  readonly #texts: Texts;

  constructor(texts: Texts) {
    this.#texts = texts;
    this.element.setAttribute("role", "status");
  }

  /** Says it better: in place of what is said, if it is of the same key. */
  instead(notice: Notice): void {
    const row = this.element.firstElementChild;
    if (row instanceof HTMLElement && row.dataset["key"] === notice.key) row.remove();
    this.say(notice);
  }

  /** Says it, unless something is said already or the person has closed it before. */
  say({ key, words, action }: Notice): void {
    const closed = `notice/${key}`;
    if (this.element.firstChild || kept(closed)) return;
    const row = make("div", "desk-strip__row desk-strip__row--notice");
    row.dataset["test"] = "pack-notice";
    row.dataset["key"] = key;
    // Few words and their button have room in one line.
    const isShort = words.length < SHORT;
    const text = make("span", `desk-strip__words${isShort ? " desk-notice__words--short" : ""}`, words);
    text.dir = "auto";
    const close = button("pack-notice-close", "desk-strip__button", "×", () => {
      keep(closed, "yes");
      row.remove();
    });
    close.setAttribute("aria-label", this.#texts.t("strip.dismiss"));
    close.title = this.#texts.t("strip.dismiss");
    row.append(text);
    if (action) row.append(button(action.test, "desk-strip__button", action.words, action.act));
    row.append(close);
    this.element.append(row);
  }
}
