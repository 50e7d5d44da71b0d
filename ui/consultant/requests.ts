// The consultant's other forms (§8): the offline message, the call-back and the site's telephone.
//
// What must always hold: each call of a method is answered by exactly one event of the widget that it was called on.
import type { Outcome } from "../backend/backend";
import type { Verb } from "../generated/Verb";
import type { VisitorWish } from "../generated/VisitorWish";
import { copyOf } from "./answers";
import { callOf, requestOf } from "./given";
import type { CallMethods, OfflineMessageMethods } from "./interface";
import type { WidgetClass } from "./registry";
import type { Session } from "./session";
import { Widget } from "./widget";

/** Asks for a wish and tells the widget's event of the answer. */
export function performFor(
  widget: Widget,
  session: Session,
  event: string,
  verb: Verb,
  made: Outcome<VisitorWish>,
): void {
  session.perform(verb, made, (answer) => Widget.deliver(widget, event, () => copyOf(answer)));
}

/** The class of `consultant_offline_message`. */
export function offlineClass(session: Session): WidgetClass {
  return class ConsultantOfflineMessage extends Widget implements OfflineMessageMethods {
    /** Leaves a message for operators; `sendofflinerequest` answers. */
    sendRequest(request: unknown): void {
      const made = requestOf(request, session.mirror.form);
      performFor(this, session, "sendofflinerequest", "sendofflinerequest", made);
    }
  };
}

/** The class of `consultant_sitephone` (`event`: `sitephonecall`) and of `sitephone` (`callcomplete`). */
export function callClass(session: Session, event: "sitephonecall" | "callcomplete"): WidgetClass {
  return class Sitephone extends Widget implements CallMethods {
    /** Asks to be called; the fields' values where nothing is given. */
    startCall(values: unknown = this.getValues()): void {
      performFor(this, session, event, "sitephonecall", callOf(values, session.mirror.form));
    }
  };
}
