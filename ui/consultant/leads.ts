// Lead forms (`call_generator`, `offline_message_generator`, `personal_form`): shown when the desk says so.
//
// What must always hold: a form's controller runs once at each showing; a form that nobody here can show is declined,
// so that the visitor is not kept in a state that no one sees.
import type { LeadForm } from "../generated/LeadForm";
import { copyOf, type Answered } from "./answers";
import { leadOf } from "./given";
import type { LeadMethods } from "./interface";
import type { Registry, WidgetClass } from "./registry";
import type { Session } from "./session";
import type { Texts } from "./texts";
import { Widget } from "./widget";

/** Their names. */
export const LEADS: readonly LeadForm[] = ["call_generator", "offline_message_generator", "personal_form"];

/** Milliseconds that a controller has to make its form. */
const MAKING_MS = 2000;

/** Is it a lead form's name? */
export function isLead(name: string): boolean {
  return (LEADS as readonly string[]).includes(name);
}

/** The form that is shown. */
export class Showing {
  /** Has the visitor answered it? */
  isAnswered = false;
  /** How many there were: a widget belongs to the one in which it was made. */
  count = 0;
}

/** The class of a lead form. */
export function leadClass(session: Session, showing: Showing): WidgetClass {
  return class LeadGenerator extends Widget implements LeadMethods {
    #isSubmitted = false;
    readonly #count = showing.count;

    /** Not any more when its time is over: a controller that waited for a picture would show it all the same. */
    override render(parent?: unknown, before?: unknown): unknown {
      return this.#count === showing.count && super.render(parent, before);
    }

    /** Leaves what is filled in; the fields' values where nothing is given. `leadsubmit` answers. */
    submit(values: unknown = this.getValues()): void {
      this.#isSubmitted = showing.isAnswered = true;
      const given = leadOf(this.name as LeadForm, this.#isOffer(values) ? this.#taken() : values);
      session.perform("leadsubmit", given, (answer) => {
        if (!answer.success) this.#isSubmitted = showing.isAnswered = false;
        const told = this.name === "call_generator" ? called(answer, session.texts) : answer;
        Widget.deliver(this, "leadsubmit", () => copyOf(told));
      });
    }

    /** Closes the form without an answer; `leadcancel` follows. */
    cancel(): void {
      showing.isAnswered = true;
      session.perform("leadcancel", { ok: { type: "cancel_lead" } }, (answer) => {
        Widget.deliver(this, "leadcancel", () => copyOf(answer));
      });
    }

    /** Was it sent, or is it on its way? */
    isSubmitted(): boolean {
      return this.#isSubmitted;
    }

    /** A personal form may have nothing to fill in: it makes an offer, and its button takes it. */
    #isOffer(values: unknown): boolean {
      const isEmpty = typeof values === "object" && Object.keys(values ?? {}).length === 0;
      return this.name === "personal_form" && isEmpty;
    }

    /** Which offer was taken, in the words that the visitor saw. */
    #taken(): Record<string, string> {
      const { banner_title: offer, button_text: button } = this.settings as Record<string, unknown>;
      return {
        offer: typeof offer === "string" ? offer : "",
        button: typeof button === "string" ? button : "OK",
      };
    }
  };
}

/** Shows and hides lead forms as the desk says; `run` runs a form's controller, `false` where there is none. */
export function followLeads(
  session: Session,
  showing: Showing,
  registry: Registry,
  run: (form: LeadForm) => boolean,
): void {
  let shown: LeadForm | null = null;
  session.teller.watch(() => {
    // The desk's own word: a submission that is taken back shows no second form.
    const { lead } = session.mirror.confirmed;
    if (lead === shown) return;
    const before = shown;
    shown = lead;
    showing.count += 1;
    if (before && !showing.isAnswered) leave(registry, before);
    showing.isAnswered = false;
    if (!lead) return;
    clear(registry, lead);
    const decline = (): void =>
      session.perform("leadcancel", { ok: { type: "cancel_lead" } }, () => undefined);
    if (!run(lead)) return decline();
    // A controller may find nothing to show, for want of fields or of a picture.
    setTimeout(() => shown === lead && !registry.get(lead) && decline(), MAKING_MS);
  });
}

/** Its time is over, a chat began, or it was answered elsewhere. */
function leave(registry: Registry, form: LeadForm): void {
  const widget = registry.get(form);
  registry.deliver(form, "leadhide");
  if (widget?.isVisible()) widget.hide();
}

/** What an earlier showing left. */
function clear(registry: Registry, form: LeadForm): void {
  for (let left = registry.get(form); left;) {
    left.destroy();
    const next = registry.get(form);
    left = next === left ? undefined : next;
  }
}

/** Who left a number is called, and not written to. */
function called(answer: Answered, { t }: Texts): Answered {
  if (!answer.success || answer.code) return answer;
  return { ...answer, info: { title: t("done.call_title"), message: t("done.call") } };
}
