// Tells whoever shows the conversation what happened.
//
// What must always hold: what a method causes is told after the method has returned, in order; a state is told
// when it differs from what was told last, so that a getter never disagrees with an event; nothing is told before
// `open` (controllers have run by then).
import type { Connection } from "../generated/Connection";
import type { Message } from "../generated/Message";
import { publicStatus, toChatMessage, type ChatMessage } from "./message";
import type { Mirror } from "./mirror";
import type { Texts } from "./texts";

/** Whoever shows the conversation: each `consultant_chat` widget. */
export interface ChatListener {
  /** An event; `payload` makes a copy for each handler. */
  tell(event: string, payload?: () => unknown): void;
  /** Lines that were missed, oldest first; empty ones are not told. */
  history(lines: readonly Message[]): void;
  /** These lines, oldest first, took the place of all. */
  restarted(lines: readonly Message[]): void;
  /** A line that happens now. */
  line(line: Message): void;
  /** A line that this window wrote itself. */
  own(line: Message): void;
}

/** What is told when it differs. */
type Announced = Pick<Mirror, "state" | "available"> & Pick<Connection, "phase">;

/** The listeners of a page and what they were told. */
export class Teller {
  readonly #mirror: Mirror;
  readonly #texts: Texts;
  readonly #listeners: ChatListener[] = [];
  readonly #watchers: (() => void)[] = [];
  #later: (() => void)[] = [];
  #isOpen = false;
  #told: Announced;

  constructor(mirror: Mirror, texts: Texts) {
    this.#mirror = mirror;
    this.#texts = texts;
    this.#told = this.#now();
  }

  /** Takes a listener for good. */
  join(listener: ChatListener): void {
    this.#listeners.push(listener);
  }

  /** Calls `watcher` after every change of the mirror. */
  watch(watcher: () => void): void {
    this.#watchers.push(watcher);
  }

  /** From now on events pass: first the history, then how things stand, then what methods caused meanwhile. */
  open(): void {
    this.#isOpen = true;
    this.history(this.#mirror.lines.all);
    if (!this.#mirror.online) this.#connection();
    // A message object does not say why it was not sent.
    for (const line of this.#mirror.undecided) this.status(line);
    this.flush();
    this.changed();
  }

  /** An event. */
  event(name: string, payload?: () => unknown): void {
    for (const listener of this.#listeners) listener.tell(name, payload);
  }

  /** Lines that were missed. */
  history(lines: readonly Message[]): void {
    for (const listener of this.#listeners) listener.history(lines);
  }

  /** Other lines took the place of all. */
  restarted(): void {
    for (const listener of this.#listeners) listener.restarted(this.#mirror.lines.all);
  }

  /** A line that happens now. */
  line(line: Message): void {
    for (const listener of this.#listeners) listener.line(line);
  }

  /** A line that this window wrote itself. */
  own(line: Message): void {
    for (const listener of this.#listeners) listener.own(line);
  }

  /** How far a visitor's message is; other lines have no status. */
  status(line: Message): void {
    if (line.sender !== "visitor" || line.kind !== "message") return;
    const status = this.#mirror.statusOf(line);
    const { uid, message_id, seq } = this.toMessage(line);
    const code = status === "held" ? "held" : line.code;
    const payload = { uid, message_id, seq, status: publicStatus(status) };
    this.event("messagestatus", () => (code ? { ...payload, code } : { ...payload }));
  }

  /** A message that is nowhere: refused, or taken back. */
  failed(uid: string, code: string): void {
    this.event("messagestatus", () => ({ uid, message_id: null, seq: null, status: "failed", code }));
  }

  /** Something went wrong that answers no method. */
  error(code: string, message?: string | null): void {
    this.event("error", () => ({ code, message: this.#texts.sentence(code, message) }));
  }

  /** State, availability and connection, where they differ from what was told last. */
  announce(): void {
    const told = this.#told;
    const { state, available, phase } = (this.#told = this.#now());
    if (phase !== told.phase) this.#connection();
    if (available !== told.available) this.event("chatavailabilitychange", () => available);
    if (state !== told.state) this.event("statechange", () => state);
  }

  /** The mirror changed. */
  changed(): void {
    for (const watcher of this.#watchers) watcher();
  }

  /** After the running task of the controller. */
  soon(task: () => void): void {
    this.#later.push(task);
    queueMicrotask(() => this.flush());
  }

  /** What methods caused is told now. */
  flush(): void {
    if (!this.#isOpen || this.#later.length === 0) return;
    const tasks = this.#later;
    this.#later = [];
    for (const task of tasks) task();
    this.changed();
  }

  /** A message object of a line, as it is now. */
  toMessage(line: Message): ChatMessage {
    return toChatMessage(line, this.#mirror.statusOf(line), this.#texts);
  }

  #connection(): void {
    const { online, connection } = this.#mirror;
    const { phase } = connection;
    const since = Math.floor(connection.since / 1000);
    this.event("connectionchange", () => ({ online, since, phase }));
  }

  #now(): Announced {
    const { state, available, connection } = this.#mirror;
    return { state, available, phase: connection.phase };
  }
}
