// The thin strip above whatever form a pack draws: no connection, messages that were not sent, nothing is kept.
// Foreign packs know nothing of these, and none may hide a message that did not leave.
import type { Message } from "../generated/Message";
import { drawConsent } from "./consentstep";
import { button, make } from "./elements";
import type { Session } from "./session";

/** Milliseconds of connecting that pass in silence. */
const PATIENCE_MS = 1500;
/** Characters of an unsent message that the strip shows. */
const EXCERPT = 40;

/** Draws the strip at the top of `page` and keeps it true. */
export function drawStrip(page: HTMLElement, session: Session): void {
  const strip = new Strip(session);
  const step = make("div", "desk-strip__step");
  page.prepend(strip.element, step);
  drawConsent(step, session);
  session.teller.watch(() => strip.draw());
  setTimeout(() => strip.lose(), PATIENCE_MS);
  strip.draw();
}

class Strip {
  /** Always in the page: a screen reader announces what changes in it. */
  readonly element = make("div", "desk-strip");
  readonly #rows = make("div", "desk-strip__rows");
  readonly #session: Session;
  #patient = true;
  #dismissed = false;
  #drawn = "";

  constructor(session: Session) {
    this.#session = session;
    this.#rows.dataset["test"] = "strip";
    this.element.setAttribute("role", "status");
    this.element.setAttribute("aria-label", session.texts.t("strip.label"));
  }

  /** Patience with connecting is over. */
  lose(): void {
    this.#patient = false;
    this.draw();
  }

  draw(): void {
    const rows = [this.#connection(), this.#undecided(), this.#unheard(), this.#sessionOnly()].filter(
      (row) => row !== null,
    );
    // Only what differs is drawn: a screen reader reads it aloud each time, and a button keeps its focus.
    const drawn = rows.map((row) => row.outerHTML).join("");
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    this.#rows.replaceChildren(...rows);
    this.element.replaceChildren(...(rows.length > 0 ? [this.#rows] : []));
  }

  #connection(): HTMLElement | null {
    const { t, sentence } = this.#session.texts;
    const { phase, code, sentence: why } = this.#session.mirror.connection;
    switch (phase) {
      case "online":
        return null;
      case "connecting":
        return this.#patient ? null : row("connecting", t("strip.connecting"));
      case "offline":
        // Waiting mends a network, not an address.
        return row("offline", (code === "not_a_desk" && why) || t("strip.offline"));
      case "stopped":
        return this.#stopped(why ?? (code ? sentence(code) : t("strip.stopped")));
    }
  }

  #stopped(words: string): HTMLElement {
    const element = row("stopped", words);
    const again = this.#session.texts.t("strip.reconnect");
    element.append(act(again, "reconnect", () => this.#session.reconnect()));
    return element;
  }

  #undecided(): HTMLElement | null {
    const { t } = this.#session.texts;
    const { mirror, consents } = this.#session;
    // What waits for the visitor's consent is asked about where that is asked.
    const isAsked = ({ code }: Message): boolean => code === "consent" && consents.question !== null;
    const [first, ...others] = mirror.undecided.filter((line) => !isAsked(line));
    if (!first) return null;
    const words = excerpt(first.text || (first.file?.name ?? ""));
    const which = t(first.status === "held" ? "strip.held" : "strip.failed", { words });
    const more = others.length > 0 ? ` ${t("strip.others", { count: others.length })}` : "";
    // What a form was told when it happened is told here also after a restart.
    const why = first.status === "failed" ? first.file?.transfer?.sentence : null;
    const element = row(first.status, which + more + (why ? `. ${why}` : ""));
    if (first.uid) element.dataset["uid"] = first.uid;
    element.append(this.#decision(first, "resend"), this.#decision(first, "discard"));
    return element;
  }

  #decision(line: Message, verb: "resend" | "discard"): HTMLElement {
    return act(this.#session.texts.t(`strip.${verb}`), verb, () => {
      if (line.uid) this.#session[verb](line.uid);
    });
  }

  /** What went wrong and no form has said. */
  #unheard(): HTMLElement | null {
    const { teller } = this.#session;
    if (teller.unheard === null) return null;
    return this.#dismissible("unheard", teller.unheard, () => (teller.unheard = null));
  }

  #sessionOnly(): HTMLElement | null {
    if (!this.#session.mirror.sessionOnly || this.#dismissed) return null;
    const words = this.#session.texts.t("strip.session_only");
    return this.#dismissible("session-only", words, () => (this.#dismissed = true));
  }

  #dismissible(kind: string, words: string, dismiss: () => void): HTMLElement {
    const element = row(kind, words);
    const close = act("×", "dismiss", () => {
      dismiss();
      this.draw();
    });
    close.setAttribute("aria-label", this.#session.texts.t("strip.dismiss"));
    element.append(close);
    return element;
  }
}

function row(kind: string, words: string): HTMLElement {
  const element = make("div", `desk-strip__row desk-strip__row--${kind}`);
  const text = make("span", "desk-strip__words", words);
  text.dir = "auto";
  element.append(text);
  return element;
}

function act(words: string, test: string, then: () => void): HTMLElement {
  return button(test, "desk-strip__button", words, then);
}

function excerpt(text: string): string {
  const line = Array.from(text.replace(/\s+/g, " ").trim());
  return line.length > EXCERPT ? `${line.slice(0, EXCERPT).join("")}…` : line.join("");
}
