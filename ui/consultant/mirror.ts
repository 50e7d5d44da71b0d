// What the page knows of the session. Getters read it synchronously; updates from Rust and the visitor's own
// verbs change it.
//
// What must always hold: it is complete before a controller runs, and it changes before the event that tells of it.
import type { ChatState } from "../generated/ChatState";
import type { Connection } from "../generated/Connection";
import type { FormSettings } from "../generated/FormSettings";
import type { Message } from "../generated/Message";
import type { MessageStatus } from "../generated/MessageStatus";
import type { Operator } from "../generated/Operator";
import type { Present } from "../generated/Present";
import type { Receipts } from "../generated/Receipts";
import type { VisitorBoot } from "../generated/VisitorBoot";
import type { Effect } from "./effects";
import { Lines } from "./lines";

/** The session as the page knows it. */
export class Mirror {
  readonly visitorId: string;
  readonly sessionOnly: boolean;
  lines: Lines;
  /** Does the store hold lines before the first one here? */
  more: boolean;
  connection: Connection;
  receipts: Receipts;
  unread: number;
  /** The site's settings; `null` where the desk was never reached. */
  form: FormSettings | null;
  #confirmed: Present;
  #effects: Effect[] = [];
  /** Effects of wishes that were granted: the desk's own word on them is on its way. */
  readonly #granted = new WeakSet<Effect>();
  #now: Present;

  constructor(boot: VisitorBoot) {
    this.visitorId = boot.visitor_id;
    this.sessionOnly = boot.session_only;
    this.lines = new Lines(boot.messages);
    this.more = boot.more;
    this.connection = boot.connection;
    this.receipts = boot.receipts;
    this.unread = boot.unread;
    this.form = boot.form;
    this.#confirmed = this.#now = boot.present;
  }

  /** How things stand, with what the visitor wished for. */
  get present(): Present {
    return this.#now;
  }

  /** What the desk last said. */
  get confirmed(): Present {
    return this.#confirmed;
  }

  get state(): ChatState {
    return this.#now.state;
  }

  /** Is an operator with status online there: in the chat's group, where one is chosen? */
  get available(): boolean {
    const { group, online } = this.#now;
    return group === null ? online : this.isAvailable(group);
  }

  /** Is one in this group? */
  isAvailable(group: number): boolean {
    return this.#now.groups_online.includes(group);
  }

  get operator(): Operator | null {
    return this.#now.operator;
  }

  get online(): boolean {
    return this.connection.phase === "online";
  }

  /** Must the visitor agree to the site's terms before anything is sent? */
  get lacksConsent(): boolean {
    const asked = this.form?.consent;
    return asked ? this.#now.consented < asked.version : false;
  }

  /** The desk says how things stand. */
  confirm(present: Present): void {
    this.#confirmed = present;
    this.#fulfil();
  }

  /** The visitor wishes; shown at once. */
  add(effect: Effect): void {
    this.#effects.push(effect);
    this.#lay();
  }

  /** A wish was granted: its effect is shown until the desk's word holds it. */
  grant(effect: Effect): void {
    this.#granted.add(effect);
    this.#fulfil();
  }

  /** From now on the desk's word counts. */
  drop(effect: Effect): void {
    this.#effects = this.#effects.filter((one) => one !== effect);
    this.#lay();
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

  /** Forgets what was granted and the desk's word holds; not before what was wished for earlier of the same. */
  #fulfil(): void {
    const waiting = new Set<string>();
    this.#effects = this.#effects.filter((one) => {
      const isDone = this.#granted.has(one) && !waiting.has(one.of) && one.isIn(this.#confirmed);
      if (!isDone) waiting.add(one.of);
      return !isDone;
    });
    this.#lay();
  }

  #lay(): void {
    this.#now = this.#effects.reduce((present, effect) => effect.apply(present), this.#confirmed);
  }
}
