// What the visitor wished for: kept by Rust when `ask` returns, shown at once, taken back where it is refused.
//
// What must always hold: each call is answered exactly once, in bounded time; what is refused after that is an error
// of its own. A wish's effect ends with its answer or soon after it; from then on the desk's word counts.
import type { VisitorBackend } from "../backend/backend";
import type { Answer } from "../generated/Answer";
import type { Problem } from "../generated/Problem";
import type { Verb } from "../generated/Verb";
import type { VisitorWish } from "../generated/VisitorWish";
import { refusal, success, type Tell } from "./answers";
import { effectOf, opening, type Effect } from "./effects";
import type { Mirror } from "./mirror";
import type { Teller } from "./teller";
import type { Texts } from "./texts";
import { makeUid } from "./uid";

/** Milliseconds that a granted wish is shown while the desk's own word on it is on its way. */
const SETTLE_MS = 3000;
/** Milliseconds after which a call is told that its wish is kept. A mail server takes its time. */
const PATIENCE_MS = 5000;
const MAIL_PATIENCE_MS = 20_000;

interface Call {
  verb: Verb;
  effect: Effect | null;
  /** `null` once it was told. */
  tell: Tell | null;
  timer: ReturnType<typeof setTimeout>;
}

/** The wishes of a page. */
export class Wishes {
  readonly #backend: VisitorBackend;
  readonly #mirror: Mirror;
  readonly #teller: Teller;
  readonly #texts: Texts;
  readonly #calls = new Map<string, Call>();
  readonly #messages = new Map<string, Effect>();

  constructor(backend: VisitorBackend, mirror: Mirror, teller: Teller, texts: Texts) {
    this.#backend = backend;
    this.#mirror = mirror;
    this.#teller = teller;
    this.#texts = texts;
  }

  /** Asks for a wish; `tell` gets its answer, never before the running task has ended. A problem: it was not taken. */
  ask(verb: Verb, wish: VisitorWish, tell: Tell): Problem | null {
    const uid = makeUid();
    const outcome = this.#backend.want(uid, wish);
    if ("problem" in outcome) return outcome.problem;
    const effect = effectOf(wish, this.#mirror.present);
    if (effect) this.#mirror.add(effect);
    const patience = verb === "sendchatbymail" ? MAIL_PATIENCE_MS : PATIENCE_MS;
    const timer = setTimeout(() => this.#teller.run(() => this.#kept(call)), patience);
    const call: Call = { verb, effect, tell, timer };
    this.#calls.set(uid, call);
    this.#teller.soon(() => {
      this.#teller.announce();
      if (!this.#mirror.online) this.#kept(call);
    });
    return null;
  }

  /** A message is on its way: where no chat is open it opens one. */
  message(uid: string, group: number | null): void {
    if (this.#mirror.state === "chat") return;
    const effect = opening(group);
    this.#messages.set(uid, effect);
    // Controllers look at the state `invite` when they have sent, and answer the invitation by themselves.
    if (this.#mirror.state !== "invite") this.#mirror.add(effect);
    else this.#teller.soon(() => this.#messages.get(uid) === effect && this.#mirror.add(effect));
  }

  /** The desk answered a wish; one without a name: a message has opened a chat. */
  answered({ uid, verb, success: granted, code, message }: Answer): void {
    if (uid === null) {
      // An invitation that was accepted has an answer of its own.
      if (!this.#isAccepting()) this.#teller.event(verb, () => ({ success: granted }));
      return;
    }
    const call = this.#calls.get(uid);
    this.#calls.delete(uid);
    if (call) {
      clearTimeout(call.timer);
      this.#settle(call.effect, granted);
    }
    // How things stand goes back before the answer says so.
    if (!granted) this.#teller.announce();
    const made = granted
      ? success(this.#texts, verb, code, message)
      : refusal(this.#texts, verb, code ?? "invalid", message);
    if (call?.tell) call.tell(made);
    else if (!granted) this.#teller.error(code ?? "invalid", message);
  }

  /** A message arrived, or did not. */
  arrived(uid: string, granted: boolean): void {
    const effect = this.#messages.get(uid);
    this.#messages.delete(uid);
    this.#settle(effect ?? null, granted);
  }

  #isAccepting(): boolean {
    const verbs = [...this.#calls.values()].map((call) => call.verb);
    return verbs.includes("inviteaccept") && this.#messages.size === 0;
  }

  #kept(call: Call): void {
    const { tell, verb } = call;
    call.tell = null;
    tell?.(success(this.#texts, verb, "queued", null));
  }

  #settle(effect: Effect | null, granted: boolean): void {
    if (!effect) return;
    if (!granted) {
      this.#mirror.drop(effect);
      return;
    }
    this.#mirror.grant(effect);
    setTimeout(() => {
      this.#teller.run(() => {
        this.#mirror.drop(effect);
        this.#teller.announce();
      });
    }, SETTLE_MS);
  }
}
