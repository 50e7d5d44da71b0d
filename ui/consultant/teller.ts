// Tells whoever shows the conversation what happened.
//
// What must always hold: what a method causes is told after the method has returned, in order; nothing is told before
// `open` (controllers have run by then); an invitation that was told by `invite` is told by nothing else.
import type { Message } from "../generated/Message";
import { Changes } from "./changes";
import { isTalk } from "./lines";
import { inviteMessage, publicStatus, toChatMessage, type ChatMessage, type FileAddresses } from "./message";
import type { Mirror } from "./mirror";
import type { Texts } from "./texts";

/** Whoever shows the conversation: each `consultant_chat` widget. */
export interface ChatListener {
  /** An event; `payload` makes a copy for each handler. */
  tell(event: string, payload?: () => unknown): void;
  /** Does anybody listen to the event? */
  hears(event: string): boolean;
  /** Lines that were missed, oldest first; empty ones are not told. */
  history(lines: readonly Message[]): void;
  /** These lines, oldest first, took the place of all. */
  restarted(lines: readonly Message[]): void;
  /** A line that happens now. */
  line(line: Message): void;
  /** A line that this window wrote itself. */
  own(line: Message): void;
}

/** The listeners of a page and what they were told. */
export class Teller {
  readonly texts: Texts;
  readonly #mirror: Mirror;
  readonly #addresses: FileAddresses;
  /** What forms call an own message that had a uid before it was written. */
  readonly #names = new Map<string, string>();
  readonly #changes: Changes;
  readonly #listeners: ChatListener[] = [];
  readonly #watchers: (() => void)[] = [];
  /** Message ids of invitations that were told by `invite`. */
  readonly #invited = new Set<string>();
  /** A sentence that no form has heard: controllers of other desks do not know `error`. */
  unheard: string | null = null;
  #later: (() => void)[] = [];
  #isOpen = false;

  constructor(mirror: Mirror, texts: Texts, addresses: FileAddresses) {
    this.#mirror = mirror;
    this.texts = texts;
    this.#addresses = addresses;
    this.#changes = new Changes(
      mirror,
      (name, payload) => this.event(name, payload),
      (invite) => this.#invite(invite),
    );
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
    // A message object does not say why it was not sent.
    for (const line of this.#mirror.undecided) this.status(line);
    this.#changes.open();
    this.flush();
    this.changed();
  }

  /** An event. */
  event(name: string, payload?: () => unknown): void {
    for (const listener of [...this.#listeners]) listener.tell(name, payload);
  }

  /** Lines that were missed. */
  history(lines: readonly Message[]): void {
    const talk = new Set(this.talk());
    const shown = lines.filter((line) => talk.has(line));
    for (const listener of [...this.#listeners]) listener.history(shown);
  }

  /** Other lines took the place of all. */
  restarted(): void {
    const all = this.talk().reverse();
    for (const listener of [...this.#listeners]) listener.restarted(all);
  }

  /** A line that happens now. An invitation is told by `invite` alone. */
  line(line: Message): void {
    if (line.kind === "invited" || !isTalk(line)) return;
    for (const listener of [...this.#listeners]) listener.line(line);
  }

  /** A line that this window wrote itself. */
  own(line: Message): void {
    for (const listener of [...this.#listeners]) listener.own(line);
  }

  /** Lines that forms show, newest first. */
  talk(): Message[] {
    return this.#mirror.lines.talk(this.#invited);
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

  /** A message that is nowhere yet, or no more: it waits, was refused, or was taken back. */
  nowhere(uid: string, status: "queued" | "failed", code?: string): void {
    const payload = { uid, message_id: null, seq: null, status };
    this.event("messagestatus", () => (code ? { ...payload, code } : { ...payload }));
  }

  /** Something went wrong that answers no method. */
  error(code: string, message?: string | null): void {
    const sentence = this.texts.sentence(code, message);
    if (!this.hears("error")) this.unheard = sentence;
    this.event("error", () => ({ code, message: sentence }));
  }

  /** Does any form listen to the event? */
  hears(event: string): boolean {
    return this.#listeners.some((listener) => listener.hears(event));
  }

  /** How things stand, where it differs from what was told last. */
  announce(): void {
    if (this.#isOpen) this.#changes.announce();
  }

  /** The mirror changed. */
  changed(): void {
    for (const watcher of this.#watchers) watcher();
  }

  /** Runs a task that nobody called, after what was caused before it. */
  run(task: () => void): void {
    this.soon(task);
    this.flush();
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

  /** From now on forms know the own message by a name that they were given before. */
  rename(uid: string, name: string): void {
    this.#names.set(uid, name);
  }

  /** A message object of a line, as it is now. */
  toMessage(line: Message): ChatMessage {
    const made = toChatMessage(line, this.#mirror.statusOf(line), this.texts, this.#addresses);
    return { ...made, uid: this.#names.get(made.uid) ?? made.uid };
  }

  #invite(invite: Message): void {
    if (invite.message_id) this.#invited.add(invite.message_id);
    this.event("invite", () => inviteMessage(invite, this.texts, this.#addresses));
  }
}
