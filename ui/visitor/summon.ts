// The answer to being raised from outside: by a notification, the tray, a link. The chat is unfolded, and the keyboard put
// where the person is to write.
//
// What must always hold: nothing is said or accepted by it; whatever the form does with the keyboard or throws, the page
// runs on; what was asked for before the form was up is answered once it is.
import type { VisitorBackend } from "../backend/backend";
import type { Summon } from "../generated/Summon";

/** Fields that take words. */
const FIELDS =
  "textarea, input:not([type]), input[type=text], input[type=search], input[type=email], input[type=tel], " +
  "[contenteditable=true], [contenteditable='']";

/** The default form, as its own scripts see it. A company's form may be made from it. */
interface Form {
  label: { unfold(): unknown };
  sheets: { isOpen(): boolean };
  refs: { composer: HTMLElement };
}

/** Takes what is asked for out of what the app tells, and keeps it until the form is up. */
export class Summons {
  #waiting: Summon | null = null;
  #isUp = false;

  /** From now on the summons that this backend tells come here. */
  follow(backend: VisitorBackend): void {
    const boot = backend.boot.bind(backend);
    backend.boot = async (listener) => {
      const booted = await boot((update) => {
        if (update.type === "summon") this.#hear(update.summon);
        else listener(update);
      });
      if (booted.summon !== null) this.#hear(booted.summon);
      return booted;
    };
  }

  /** The form is up. */
  open(): void {
    this.#isUp = true;
    if (this.#waiting !== null) answer(this.#waiting);
    this.#waiting = null;
  }

  #hear(summon: Summon): void {
    if (this.#isUp) answer(summon);
    else this.#waiting = summon;
  }
}

function answer({ compose }: Summon): void {
  try {
    const form = defaultForm();
    if (form === null) {
      if (compose) firstField()?.focus();
      return;
    }
    form.label.unfold();
    if (compose && !form.sheets.isOpen()) form.refs.composer.focus();
  } catch (reason) {
    console.error(reason);
  }
}

/** A company's form that takes the default one's name without being made from it has none of this. */
function defaultForm(): Form | null {
  const form = (window as { ChatForm?: { desk?: Partial<Form> } }).ChatForm?.desk;
  const { label, sheets, refs } = form ?? {};
  if (label === undefined || sheets === undefined || refs === undefined) return null;
  return refs.composer.isConnected ? { label, sheets, refs } : null;
}

function firstField(): HTMLElement | undefined {
  return [...document.querySelectorAll<HTMLElement>(FIELDS)].find(
    (field) => field.checkVisibility({ visibilityProperty: true }) && !field.matches(":disabled, [readonly]"),
  );
}
