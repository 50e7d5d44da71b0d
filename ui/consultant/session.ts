// The visitor's session in the page: the visitor's verbs go through here, and so does what Rust tells.
//
// What must always hold: before `start` nothing that Rust tells is applied but the site's settings, so that the mirror
// and the events that controllers see are one story.
import type { Outcome, VisitorBackend } from "../backend/backend";
import type { Verb } from "../generated/Verb";
import type { VisitorBoot } from "../generated/VisitorBoot";
import type { VisitorUpdate } from "../generated/VisitorUpdate";
import type { VisitorWish } from "../generated/VisitorWish";
import { asProblem } from "../model/problem";
import type { Tell } from "./answers";
import { Asking } from "./asking";
import { Consents } from "./consents";
import { mailOf, markOf } from "./given";
import type { ChatMessage } from "./message";
import { Mirror } from "./mirror";
import { OwnCard } from "./owncard";
import { OwnFiles } from "./ownfiles";
import { Teller } from "./teller";
import type { Texts } from "./texts";
import { Updates } from "./updates";
import { Wishes } from "./wishes";
import { Words } from "./words";

/** The session. */
export class Session {
  readonly mirror: Mirror;
  readonly teller: Teller;
  readonly texts: Texts;
  readonly consents: Consents;
  /** What the visitor says of himself. */
  readonly card: OwnCard;
  /** The visitor's files. */
  readonly files: OwnFiles;
  readonly #backend: VisitorBackend;
  readonly #words: Words;
  readonly #asking: Asking;
  readonly #updates: Updates;
  readonly #formListeners: (() => void)[] = [];
  #readTo = 0;
  /** The invitation that a message or `inviteAccept` of this window has answered. */
  #accepted: string | null = null;
  #held: VisitorUpdate[] | null = [];

  constructor(backend: VisitorBackend, boot: VisitorBoot, texts: Texts) {
    this.#backend = backend;
    this.texts = texts;
    const mirror = (this.mirror = new Mirror(boot));
    const teller = (this.teller = new Teller(mirror, texts, backend.files));
    const consents = (this.consents = new Consents(mirror));
    const wishes = new Wishes(backend, mirror, teller, texts);
    this.#asking = new Asking(wishes, teller, consents, texts);
    this.card = new OwnCard(mirror, teller, this.#asking, consents);
    const desk = { backend, mirror, teller, wishes, consents };
    const quietly = (asked: Promise<void>): void => this.#quietly(asked);
    this.#words = new Words(desk, quietly);
    this.files = new OwnFiles(desk, this.#words, {
      quietly,
      answers: () => this.#noteInvite(),
      resend: (uid) => this.resend(uid),
      discard: (uid) => this.discard(uid),
      discarded: (uid) => this.#discarded(uid),
    });
    this.#updates = new Updates(
      mirror,
      teller,
      wishes,
      (uid) => this.#waitForConsent(uid),
      (file) => this.files.news(file),
    );
    teller.watch(() => consents.look());
  }

  /** Controllers have run: shows the history, then what came meanwhile. */
  start(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const { uid, code } of this.mirror.undecided)
      if (uid && code === "consent") this.#waitForConsent(uid);
    this.teller.open();
    for (const update of held) this.receive(update);
  }

  /** An update from Rust. */
  receive(update: VisitorUpdate): void {
    if (update.type === "form") {
      this.mirror.form = update.form;
      for (const listener of this.#formListeners) listener();
    }
    if (this.#held) {
      this.#held.push(update);
      return;
    }
    this.teller.flush();
    // The seqs of a restored desk begin again below those that were read.
    if (update.type === "replaced") this.#readTo = 0;
    this.#updates.apply(update);
    if (this.mirror.state !== "chat" && this.mirror.state !== "invite") this.#accepted = null;
    this.teller.announce();
    this.teller.changed();
  }

  /** Calls `listener` when the site's settings have come, or come anew. */
  onForm(listener: () => void): void {
    this.#formListeners.push(listener);
  }

  /** Asks for a wish; `tell` gets the one answer, after the running task. Without it the chat's event tells. */
  perform(verb: Verb, made: Outcome<VisitorWish>, tell?: Tell): void {
    this.#asking.perform(verb, made, tell);
  }

  /** `startChat()`. */
  startChat(): void {
    if (this.mirror.state === "chat") this.#asking.done("startchat");
    else this.perform("startchat", { ok: { type: "start_chat" } });
  }

  /** `closeChat(cb)`: `done` always runs, with the state already `available`. */
  closeChat(done: () => void): void {
    if (this.mirror.state !== "chat") this.#asking.done("closechat");
    else this.perform("closechat", { ok: { type: "close_chat" } });
    this.teller.soon(done);
  }

  /** `inviteAccept()`; one that a message has answered already is accepted. */
  inviteAccept(): void {
    const { state, present } = this.mirror;
    const accepted = this.#accepted;
    this.#noteInvite();
    if (state === "chat" && accepted && present.invite === null) this.#asking.done("inviteaccept");
    else this.perform("inviteaccept", { ok: { type: "invite_accept" } });
  }

  /** `inviteReject()`. */
  inviteReject(): void {
    this.perform("invitereject", { ok: { type: "invite_reject" } });
  }

  /** `setOperatorRating(mark)`. */
  rate(mark: unknown): void {
    this.perform("setrating", markOf(mark));
  }

  /** `sendChatByMail(mail)`. */
  mail(mail: unknown, tell?: Tell): void {
    this.perform("sendchatbymail", mailOf(mail), tell);
  }

  /** `sendChatMessage(text, group)`. */
  send(text: unknown, group: unknown = null): ChatMessage {
    this.#noteInvite();
    return this.#words.send(text, group);
  }

  /** `chatTyping(text)`. */
  typing(text: unknown): void {
    this.#words.typing(text);
  }

  /** The page of lines before those that are known, for `getHistory`; `false` when there is none. */
  older(): boolean {
    const { lines } = this.mirror;
    while (this.mirror.more) {
      const before = lines.base;
      const outcome = this.#backend.history(before);
      if ("problem" in outcome) {
        const { code, message } = outcome.problem;
        this.teller.soon(() => this.teller.error(code, message));
        return false;
      }
      const fresh = lines.prepend(outcome.ok.messages);
      // A page that leads nowhere is the last one, whatever it says.
      this.mirror.more = outcome.ok.more && lines.base !== before;
      if (fresh > 0) return true;
    }
    return false;
  }

  /** `clearUnreadCounter()`. */
  seen(): void {
    this.mirror.unread = 0;
    const { head } = this.mirror.lines;
    if (head > this.#readTo) this.#quietly(this.#backend.read(head));
    this.#readTo = Math.max(head, this.#readTo);
    this.teller.soon(() => this.teller.event("messageviewed"));
  }

  /** The visitor agrees to the site's terms. */
  agree(): void {
    const version = this.mirror.form?.consent?.version;
    if (version === undefined) return;
    this.perform("consent", { ok: { type: "consent", version } }, (answer) => {
      if (!answer.success) this.teller.error(answer.code ?? "invalid", answer.info?.message);
    });
  }

  /** The visitor does not agree to the site's terms now. */
  decline(): void {
    this.teller.run(() => this.consents.decline());
  }

  /** The person asks to try again after the line has stopped. */
  reconnect(): void {
    this.#quietly(this.#backend.reconnect());
  }

  /** The person sends a failed or held line again. */
  resend(uid: string): void {
    this.#quietly(this.#backend.resend(uid));
  }

  /** The person takes a failed or held line back. */
  discard(uid: string): void {
    this.#quietly(this.#backend.discard(uid).then(() => this.#discarded(uid)));
  }

  #noteInvite(): void {
    if (this.mirror.state === "invite") this.#accepted = this.mirror.present.invite?.key ?? null;
  }

  #waitForConsent(uid: string): void {
    this.consents.wait({ again: () => this.resend(uid), giveUp: () => undefined });
  }

  #discarded(uid: string): void {
    const line = this.mirror.lines.find(uid);
    if (!line) return;
    const known = this.teller.toMessage(line).uid;
    this.mirror.lines.remove(uid);
    this.teller.nowhere(known, "failed", "discarded");
    this.teller.changed();
  }

  #quietly(asked: Promise<void>): void {
    asked.catch((reason: unknown) => {
      const { code, message } = asProblem(reason);
      this.receive({ type: "error", code, message });
    });
  }
}
