// What Rust tells becomes the mirror and the chat's events.
//
// What must always hold: the mirror has changed before the event that tells of it.
import type { Answer } from "../generated/Answer";
import type { Message } from "../generated/Message";
import type { Operator } from "../generated/Operator";
import type { Receipts } from "../generated/Receipts";
import type { StatusChange } from "../generated/StatusChange";
import type { VisitorUpdate } from "../generated/VisitorUpdate";
import { NO_FACE } from "./constants";
import type { Mirror } from "./mirror";
import type { Teller } from "./teller";
import type { Texts } from "./texts";
import { HeardTyping } from "./typing";
import type { Wishes } from "./wishes";

/** Applies updates. */
export class Updates {
  readonly #mirror: Mirror;
  readonly #teller: Teller;
  readonly #wishes: Wishes;
  readonly #texts: Texts;
  readonly #typing: HeardTyping;

  constructor(mirror: Mirror, teller: Teller, wishes: Wishes, texts: Texts) {
    this.#mirror = mirror;
    this.#teller = teller;
    this.#wishes = wishes;
    this.#texts = texts;
    this.#typing = new HeardTyping(() => teller.event("chattyping"));
  }

  /** One update; state, availability and connection are announced by the caller. */
  apply(update: VisitorUpdate): void {
    const mirror = this.#mirror;
    switch (update.type) {
      case "connection":
        mirror.connection = update.connection;
        if (!mirror.online) this.#typing.stop();
        return;
      case "state":
        return mirror.confirm(update.chatting ? "chat" : "available");
      case "availability":
        mirror.available = update.available;
        return;
      case "operator":
        return this.#operator(update.operator);
      case "message":
        mirror.unread = update.unread;
        return this.#line(update.message);
      case "missed":
        mirror.unread = update.unread;
        return this.#missed(update.messages);
      case "replaced":
        mirror.unread = update.unread;
        return this.#replaced(update.messages, update.more);
      case "older":
        return this.#older();
      case "status":
        return this.#status(update.change);
      case "receipts":
        return this.#receipts(update.receipts);
      case "typing":
        return update.typing ? this.#typing.start() : this.#typing.stop();
      case "answer":
        return this.#answer(update.answer);
      case "error":
        return this.#teller.error(update.code, update.message);
    }
  }

  #operator(operator: Operator | null): void {
    const before = this.#mirror.operator;
    this.#mirror.operator = operator;
    if (operator) {
      if (before?.id === operator.id) return;
      const { name, position } = operator;
      this.#teller.event("operatorjoined", () => ({ name, position, avatar: NO_FACE }));
    } else if (before) {
      this.#typing.stop();
      this.#teller.event("operatorleave", () => ({ name: null, position: null, avatar: null }));
    }
  }

  #line(line: Message): void {
    const placed = this.#mirror.lines.place(line);
    if (!placed) return;
    if (placed.sender === "operator") this.#typing.stop();
    this.#teller.line(placed);
  }

  #missed(lines: readonly Message[]): void {
    this.#teller.history(lines.flatMap((line) => this.#mirror.lines.place(line) ?? []));
  }

  /** The desk was restored: other lines take the place of all, and receipts for the old ones say nothing of them. */
  #replaced(lines: readonly Message[], more: boolean): void {
    const fresh = new Set(this.#mirror.lines.replace(lines));
    this.#mirror.more = more;
    this.#mirror.receipts = { delivered: 0, read: 0 };
    this.#teller.restarted();
    for (const line of this.#mirror.lines.all) if (!fresh.has(line)) this.#teller.status(line);
  }

  #older(): void {
    const { more } = this.#mirror;
    this.#mirror.more = true;
    if (!more) this.#teller.event("historyavailable");
  }

  #status(change: StatusChange): void {
    const before = this.#statusOf(change.uid);
    const line = this.#mirror.lines.change(change);
    // An acknowledgement and the event behind it say the same.
    if (!line || before === this.#statusOf(change.uid)) return;
    if (change.status !== "queued") this.#wishes.arrived(change.uid, line.seq !== null);
    this.#teller.status(line);
    if (change.status === "failed") this.#teller.error(change.code ?? "invalid", change.sentence);
  }

  #statusOf(uid: string): string | null {
    const line = this.#mirror.lines.find(uid);
    return line && [this.#mirror.statusOf(line), line.code, line.message_id].join();
  }

  #receipts(receipts: Receipts): void {
    const own = this.#mirror.lines.all.filter((line) => line.sender === "visitor" && line.seq !== null);
    const before = own.map((line) => this.#mirror.statusOf(line));
    this.#mirror.receipts = receipts;
    own.forEach((line, at) => {
      if (this.#mirror.statusOf(line) !== before[at]) this.#teller.status(line);
    });
  }

  #answer({ verb, success, code, message }: Answer): void {
    this.#wishes.answered(verb, success);
    if (success) {
      this.#teller.event(verb, () => ({ success }));
      return;
    }
    const info = {
      title: this.#texts.t(`answer.${verb}`),
      message: this.#texts.sentence(code ?? "invalid", message),
    };
    // The state goes back before the answer says so.
    this.#teller.announce();
    this.#teller.event(verb, () => ({ success, code: code ?? "invalid", info: { ...info } }));
  }
}
