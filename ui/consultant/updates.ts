// What Rust tells becomes the mirror and the chat's events.
//
// What must always hold: the mirror has changed before the event that tells of it.
import type { FileView } from "../generated/FileView";
import type { Message } from "../generated/Message";
import type { Receipts } from "../generated/Receipts";
import type { StatusChange } from "../generated/StatusChange";
import type { VisitorUpdate } from "../generated/VisitorUpdate";
import type { Mirror } from "./mirror";
import type { Teller } from "./teller";
import { HeardTyping } from "./typing";
import type { Wishes } from "./wishes";

/** Applies updates. */
export class Updates {
  readonly #mirror: Mirror;
  readonly #teller: Teller;
  readonly #wishes: Wishes;
  readonly #lacksConsent: (uid: string) => void;
  readonly #file: (file: FileView) => void;
  readonly #typing: HeardTyping;

  /** `lacksConsent`: the desk refused a message for want of it; `file` takes the news of one. */
  constructor(
    mirror: Mirror,
    teller: Teller,
    wishes: Wishes,
    lacksConsent: (uid: string) => void,
    file: (file: FileView) => void,
  ) {
    this.#mirror = mirror;
    this.#teller = teller;
    this.#wishes = wishes;
    this.#lacksConsent = lacksConsent;
    this.#file = file;
    this.#typing = new HeardTyping(() => teller.event("chattyping"));
  }

  /** One update; how things stand is announced by the caller. */
  apply(update: VisitorUpdate): void {
    const mirror = this.#mirror;
    switch (update.type) {
      case "connection":
        mirror.connection = update.connection;
        if (!mirror.online) this.#typing.stop();
        return;
      case "present":
        mirror.confirm(update.present);
        if (!mirror.operator) this.#typing.stop();
        return;
      case "form":
        mirror.form = update.form;
        return;
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
      case "file":
        return this.#file(update.news.file);
      case "receipts":
        return this.#receipts(update.receipts);
      case "typing":
        return update.typing ? this.#typing.start() : this.#typing.stop();
      case "answer":
        return this.#wishes.answered(update.answer);
      case "error":
        return this.#teller.error(update.code, update.message);
      case "dragging":
      case "pack":
      case "staged":
      case "summon":
        // The page's own business.
        return;
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
    if (change.status !== "failed") return;
    this.#teller.error(change.code ?? "invalid", change.sentence);
    if (change.code === "consent") this.#lacksConsent(change.uid);
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
}
