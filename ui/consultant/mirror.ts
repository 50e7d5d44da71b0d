// What the page knows of the session. Getters read it synchronously; updates from Rust and the visitor's own
// verbs change it.
//
// What must always hold: it is complete before a controller runs, and it changes before the event that tells of it.
import type { Connection } from "../generated/Connection";
import type { Message } from "../generated/Message";
import type { MessageStatus } from "../generated/MessageStatus";
import type { Operator } from "../generated/Operator";
import type { Receipts } from "../generated/Receipts";
import type { VisitorBoot } from "../generated/VisitorBoot";
import { Lines } from "./lines";

/** The visitor's states, of those that a desk has so far. */
export type VisitorState = "available" | "chat";

/** A verb (or a first message) whose effect is shown and not yet confirmed. */
export interface Wish {
  state: VisitorState;
}

/** The session as the page knows it. */
export class Mirror {
  readonly visitorId: string;
  readonly sessionOnly: boolean;
  lines: Lines;
  /** Does the store hold lines before the first one here? */
  more: boolean;
  available: boolean;
  operator: Operator | null;
  connection: Connection;
  receipts: Receipts;
  unread: number;
  #confirmed: VisitorState;
  #wishes: Wish[] = [];

  constructor(boot: VisitorBoot) {
    this.visitorId = boot.visitor_id;
    this.sessionOnly = boot.session_only;
    this.lines = new Lines(boot.messages);
    this.more = boot.more;
    this.available = boot.available;
    this.operator = boot.operator;
    this.connection = boot.connection;
    this.receipts = boot.receipts;
    this.unread = boot.unread;
    this.#confirmed = boot.chatting ? "chat" : "available";
  }

  /** What the visitor last wished for, otherwise what the desk last said. */
  get state(): VisitorState {
    return this.#wishes.at(-1)?.state ?? this.#confirmed;
  }

  get online(): boolean {
    return this.connection.phase === "online";
  }

  /** The desk says: wishes for just this are fulfilled, others wait on for their answer. */
  confirm(state: VisitorState): void {
    this.#confirmed = state;
  }

  /** The visitor wishes; shown at once. */
  wish(state: VisitorState): Wish {
    const wish = { state };
    this.#wishes.push(wish);
    return wish;
  }

  /** A wish was answered: from now on the desk's word counts. */
  answered(wish: Wish): void {
    this.#wishes = this.#wishes.filter((one) => one !== wish);
  }

  /** Has the desk said so? */
  isConfirmed(state: VisitorState): boolean {
    return this.#confirmed === state;
  }

  /** How far a line has come, receipts counted in. */
  statusOf(line: Message): MessageStatus {
    if (line.sender !== "visitor" || line.seq === null) return line.status;
    if (line.seq <= this.receipts.read) return "read";
    return line.seq <= this.receipts.delivered ? "delivered" : line.status;
  }

  /** Own lines that wait for the person's decision. */
  get undecided(): Message[] {
    return this.lines.all.filter((line) => line.status === "failed" || line.status === "held");
  }
}
