// The step in which a visitor agrees to the site's terms: in the strip's place, above whatever form a pack draws.
//
// What must always hold: nobody is held in it (the form below stays usable, Escape is "not now"), and no key that was
// meant for the form agrees to anything.
import type { Consent } from "../generated/Consent";
import { button, make } from "./elements";
import type { Session } from "./session";

/** Draws the step into `place` whenever the visitor is to be asked. */
export function drawConsent(place: HTMLElement, session: Session): void {
  let shown: Consent | null = null;
  let before: Element | null = null;
  const draw = (): void => {
    const { question } = session.consents;
    if (JSON.stringify(question) === JSON.stringify(shown)) return;
    const isNew = shown === null;
    shown = question;
    const hadFocus = place.contains(document.activeElement);
    if (!question) {
      place.replaceChildren();
      if (hadFocus && before instanceof HTMLElement) before.focus();
      return;
    }
    if (isNew) before = document.activeElement;
    const step = stepOf(question, session);
    place.replaceChildren(step);
    // The step itself, none of its buttons: a second Enter must not agree.
    step.focus();
  };
  session.teller.watch(draw);
  draw();
}

function stepOf({ text, url }: Consent, session: Session): HTMLElement {
  const { t } = session.texts;
  const step = make("section", "desk-consent");
  step.dataset["test"] = "consent";
  step.tabIndex = -1;
  step.setAttribute("aria-label", t("consent.label"));
  step.addEventListener("keydown", (event) => {
    if (event.key === "Escape") session.decline();
  });
  const words = make("p", "desk-consent__text", text);
  words.dir = "auto";
  words.tabIndex = 0;
  const buttons = make("div", "desk-consent__buttons");
  buttons.append(
    choice("agree", t("consent.agree"), () => session.agree()),
    choice("decline", t("consent.decline"), () => session.decline()),
  );
  step.append(make("h2", "desk-consent__title", t("consent.lead")), words);
  if (isAddress(url)) step.append(link(url, t("consent.more")));
  step.append(buttons);
  return step;
}

function link(url: string, words: string): HTMLElement {
  const element = make("a", "desk-consent__more", words);
  element.href = url;
  element.target = "_blank";
  element.rel = "noreferrer";
  return element;
}

function choice(name: string, words: string, act: () => void): HTMLElement {
  return button(`consent-${name}`, `desk-consent__button desk-consent__button--${name}`, words, act);
}

/** The desk sends no other, and none other may be a link. */
function isAddress(url: string): boolean {
  return /^https:\/\//i.test(url);
}
