// The visitor's session in the page: the visitor's verbs go through here, and so does what Rust tells.
//
// What must always hold: before `start` nothing that Rust tells is applied, so that the mirror and the events that
// controllers see are one story.
import type { VisitorBackend } from "../backend/backend";
import type { Message } from "../generated/Message";
import type { Problem } from "../generated/Problem";
import type { Verb } from "../generated/Verb";
import type { VisitorBoot } from "../generated/VisitorBoot";
import type { VisitorUpdate } from "../generated/VisitorUpdate";
import { asProblem } from "../model/problem";
import type { ChatMessage } from "./message";
import { Mirror } from "./mirror";
import { Teller } from "./teller";
import type { Texts } from "./texts";
import { OwnTyping } from "./typing";
import { Updates } from "./updates";
import { EFFECTS, Wishes } from "./wishes";

/** The session. */
export class Session {
  readonly mirror: Mirror;
  readonly teller: Teller;
  readonly texts: Texts;
  readonly #backend: VisitorBackend;
  readonly #typing: OwnTyping;
  readonly #wishes: Wishes;
  readonly #updates: Updates;
  #readTo = 0;
  #held: VisitorUpdate[] | null = [];

  constructor(backend: VisitorBackend, boot: VisitorBoot, texts: Texts) {
    this.#backend = backend;
    this.texts = texts;
    this.mirror = new Mirror(boot);
    this.teller = new Teller(this.mirror, texts);
    this.#wishes = new Wishes(this.mirror, () => {
      this.teller.announce();
      this.teller.changed();
    });
    this.#updates = new Updates(this.mirror, this.teller, this.#wishes, texts);
    this.#typing = new OwnTyping((text) => this.#quietly(backend.typing(text)));
  }

  /** Controllers have run: shows the history, then what came meanwhile. */
  start(): void {
    const held = this.#held ?? [];
    this.#held = null;
    this.teller.open();
    for (const update of held) this.receive(update);
  }

  /** An update from Rust. */
  receive(update: VisitorUpdate): void {
    if (this.#held) {
      this.#held.push(update);
      return;
    }
    this.teller.flush();
    // The seqs of a restored desk begin again below those that were read.
    if (update.type === "replaced") this.#readTo = 0;
    this.#updates.apply(update);
    this.teller.announce();
    this.teller.changed();
  }

  /** `startChat()`. */
  startChat(): void {
    this.#want("startchat", () => this.#backend.startChat());
  }

  /** `closeChat(cb)`: `done` always runs, with the state already `available`. */
  closeChat(done: () => void): void {
    this.#want("closechat", () => this.#backend.closeChat());
    this.teller.soon(done);
  }

  /** `sendChatMessage(text)`: the row is on the disk when this returns, or the refusal is on its way. */
  send(text: unknown): ChatMessage {
    if (typeof text !== "string") return this.#refused("", { code: "invalid", message: "" });
    if (text.trim() === "") return this.#refused(text, { code: "empty", message: "" });
    const outcome = this.#backend.send(text);
    return "ok" in outcome ? this.#sent(outcome.ok) : this.#refused(text, outcome.problem);
  }

  /** `chatTyping(text)`. */
  typing(text: unknown): void {
    if (typeof text === "string") this.#typing.type(text);
    else this.teller.soon(() => this.teller.error("invalid"));
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

  #want(verb: Verb, ask: () => Promise<void>): void {
    if (this.mirror.state === EFFECTS[verb]) {
      this.teller.soon(() => this.teller.event(verb, () => ({ success: true })));
      return;
    }
    this.#wishes.verb(verb);
    this.teller.soon(() => this.teller.announce());
    ask().catch((reason: unknown) => {
      const { code, message } = asProblem(reason);
      this.receive({ type: "answer", answer: { verb, success: false, code, message } });
    });
  }

  #sent(row: Message): ChatMessage {
    const line = this.mirror.lines.place(row) ?? row;
    this.teller.own(line);
    if (line.uid) this.#wishes.message(line.uid);
    this.#typing.clear();
    this.teller.soon(() => {
      this.teller.announce();
      this.teller.status(line);
    });
    return this.teller.toMessage(line);
  }

  #refused(text: string, { code, message }: Problem): ChatMessage {
    const uid = makeUid();
    this.teller.soon(() => {
      this.teller.failed(uid, code);
      this.teller.error(code, message);
    });
    return {
      text,
      date: Math.floor(Date.now() / 1000),
      source: "Visitor",
      from: "Visitor",
      chat_id: null,
      message_id: null,
      uid,
      seq: null,
      sender: "visitor",
      fx_link: null,
      status: "failed",
    };
  }

  #discarded(uid: string): void {
    if (!this.mirror.lines.find(uid)) return;
    this.mirror.lines.remove(uid);
    this.teller.failed(uid, "discarded");
    this.teller.changed();
  }

  #quietly(asked: Promise<void>): void {
    asked.catch((reason: unknown) => {
      const { code, message } = asProblem(reason);
      this.receive({ type: "error", code, message });
    });
  }
}

/** A UUIDv4, also where the page is no secure context. */
function makeUid(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
