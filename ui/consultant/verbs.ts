// What `CallGear` itself asks of the session: half of it are the chat's methods once more, for controllers that call
// them from outside.
import { mailOf, requestOf } from "./given";
import type { SessionVerbs } from "./global";
import type { Session } from "./session";
import { makeUid } from "./uid";

/** The session's verbs. */
export function sessionVerbs(session: Session): SessionVerbs {
  const id = makeUid();
  return {
    visitorCard: () => session.mirror.present.card,
    sendChatByMail(values, done) {
      session.perform("sendchatbymail", mailOf(values), ({ success }) => done(success));
    },
    addVisitorInfo(info, done) {
      session.card.set(info, done);
    },
    addOfflineRequest(request, done) {
      const made = requestOf(request, session.mirror.form);
      session.perform("sendofflinerequest", made, ({ success }) => done(success));
    },
    getOperatorStatus: () => (session.mirror.available ? "online" : "offline"),
    getSessionId: () => id,
  };
}
