// The visitor's session in the page: updates from Rust and the visitor's verbs go through here, change the mirror
// and become the chat's events.
//
// What must always hold: no event before `start` (controllers have run by then); an event is told after the mirror
// has changed; what a method causes is told after the method has returned, in order.
import type { VisitorBackend } from "../backend/backend";
import type { Answer } from "../generated/Answer";
import type { Message } from "../generated/Message";
import type { Problem } from "../generated/Problem";
import type { StatusChange } from "../generated/StatusChange";
import type { Verb } from "../generated/Verb";
import type { VisitorBoot } from "../generated/VisitorBoot";
import type { VisitorUpdate } from "../generated/VisitorUpdate";
import { asProblem } from "../model/problem";
import { NO_FACE } from "./constants";
import { toChatMessage, publicStatus, type ChatMessage } from "./message";
import { Mirror, type VisitorState, type Wish } from "./mirror";
import type { Texts } from "./texts";
import { HeardTyping, OwnTyping } from "./typing";

/** Whoever shows the conversation: each `consultant_chat` widget. */
export interface ChatListener {
  /** An event; `payload` makes a copy for each handler. */
  tell(event: string, payload?: () => unknown): void;
  /** Lines that were missed, oldest first; empty ones are not told. */
  history(lines: readonly Message[]): void;
  /** A line that happens now. */
  line(line: Message): void;
  /** A line that this window wrote itself. */
  own(line: Message): void;
}

/** Milliseconds that a fulfilled wish is shown while the desk's own word is on its way. */
const SETTLE_MS = 3000;

const EFFECTS: Record<Verb, VisitorState> = { startchat: "chat", closechat: "available" };

/** The session. */
export class Session {
  readonly mirror: Mirror;
  readonly texts: Texts;
  readonly #backend: VisitorBackend;
  readonly #listeners: ChatListener[] = [];
  readonly #watchers: (() => void)[] = [];
  readonly #ownTyping: OwnTyping;
  readonly #heardTyping = new HeardTyping(() => this.#tell("chattyping"));
  readonly #verbs = new Map<Verb, Wish[]>();
  readonly #messages = new Map<string, Wish>();
  #readTo = 0;
  #held: VisitorUpdate[] | null = [];
  #later: (() => void)[] = [];
  #told: { state: VisitorState; available: boolean; online: boolean };

  constructor(backend: VisitorBackend, boot: VisitorBoot, texts: Texts) {
    this.#backend = backend;
    this.texts = texts;
    this.mirror = new Mirror(boot);
    this.#told = this.#now();
    this.#ownTyping = new OwnTyping((text) => this.#quietly(backend.typing(text)));
  }

  /** Takes a listener for good. */
  join(listener: ChatListener): void {
    this.#listeners.push(listener);
  }

  /** Calls `watcher` after every change of the mirror. */
  watch(watcher: () => void): void {
    this.#watchers.push(watcher);
  }

  /** Controllers have run: shows the history, then what came meanwhile. */
  start(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const listener of this.#listeners) listener.history(this.mirror.lines.all);
    if (!this.mirror.online) this.#tellConnection();
    // A message object does not say why it was not sent.
    for (const line of this.mirror.undecided) this.#tellStatus(line);
    this.#flush();
    for (const update of held) this.receive(update);
    this.#changed();
  }

  /** An update from Rust. */
  receive(update: VisitorUpdate): void {
    if (this.#held) {
      this.#held.push(update);
      return;
    }
    this.#flush();
    this.#apply(update);
    this.#announce();
    this.#changed();
  }

  /** `startChat()`. */
  startChat(): void {
    this.#want("startchat", () => this.#backend.startChat());
  }

  /** `closeChat(cb)`: `done` always runs, with the state already `available`. */
  closeChat(done: () => void): void {
    this.#want("closechat", () => this.#backend.closeChat());
    this.#soon(done);
  }

  /** `sendChatMessage(text)`: the row is on the disk when this returns, or the refusal is on its way. */
  send(text: unknown): ChatMessage {
    if (typeof text !== "string") return this.#refused("", { code: "invalid", message: "" });
    if (text.trim() === "") return this.#refused(text, { code: "empty", message: "" });
    const outcome = this.#backend.send(text);
    if ("problem" in outcome) return this.#refused(text, outcome.problem);
    return this.#sent(outcome.ok);
  }

  /** `chatTyping(text)`. */
  typing(text: unknown): void {
    if (typeof text === "string") this.#ownTyping.type(text);
    else this.#soon(() => this.#error("invalid"));
  }

  /** The page of lines before those that are known, for `getHistory`; `false` when there is none. */
  older(): boolean {
    if (!this.mirror.more) return false;
    const outcome = this.#backend.history(this.mirror.lines.base);
    if ("problem" in outcome) {
      this.#soon(() => this.#error(outcome.problem.code, outcome.problem.message));
      return false;
    }
    this.mirror.more = outcome.ok.more;
    return this.mirror.lines.prepend(outcome.ok.messages) > 0;
  }

  /** `clearUnreadCounter()`. */
  seen(): void {
    this.mirror.unread = 0;
    const { head } = this.mirror.lines;
    if (head > this.#readTo) this.#quietly(this.#backend.read(head));
    this.#readTo = head;
    this.#soon(() => this.#tell("messageviewed"));
  }

  /** The person sends a failed or held line again. */
  resend(uid: string): void {
    this.#quietly(this.#backend.resend(uid));
  }

  /** The person takes a failed or held line back. */
  discard(uid: string): void {
    this.#quietly(this.#backend.discard(uid).then(() => this.#discarded(uid)));
  }

  /** A message object of a line, as it is now. */
  toMessage(line: Message): ChatMessage {
    return toChatMessage(line, this.mirror.statusOf(line), this.texts);
  }

  // -- updates ------------------------------------------------------------------------------------------------

  #apply(update: VisitorUpdate): void {
    const { mirror } = this;
    switch (update.type) {
      case "connection":
        mirror.connection = update.connection;
        if (!mirror.online) this.#heardTyping.stop();
        return;
      case "state":
        mirror.confirm(update.chatting ? "chat" : "available");
        return;
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
        return this.#replaced(update.messages, update.more);
      case "status":
        return this.#status(update.change);
      case "receipts":
        return this.#receipts(() => (mirror.receipts = update.receipts));
      case "typing":
        return update.typing ? this.#heardTyping.start() : this.#heardTyping.stop();
      case "answer":
        return this.#answer(update.answer);
      case "error":
        return this.#error(update.code, update.message);
    }
  }

  #operator(operator: VisitorBoot["operator"]): void {
    const before = this.mirror.operator;
    this.mirror.operator = operator;
    if (operator) {
      const { name, position } = operator;
      if (before?.id !== operator.id)
        this.#tell("operatorjoined", () => ({ name, position, avatar: NO_FACE }));
    } else if (before) {
      this.#heardTyping.stop();
      this.#tell("operatorleave", () => ({ name: null, position: null, avatar: null }));
    }
  }

  #line(line: Message): void {
    const placed = this.mirror.lines.place(line);
    if (!placed) return;
    if (placed.sender === "operator") this.#heardTyping.stop();
    for (const listener of this.#listeners) listener.line(placed);
  }

  #missed(lines: readonly Message[]): void {
    const fresh = lines.flatMap((line) => this.mirror.lines.place(line) ?? []);
    for (const listener of this.#listeners) listener.history(fresh);
  }

  /** The desk was restored. What was shown before cannot be taken back by an event; what is new is shown. */
  #replaced(lines: readonly Message[], more: boolean): void {
    const fresh = this.mirror.lines.replace(lines);
    this.mirror.more = more;
    const isFresh = new Set(fresh);
    for (const line of this.mirror.lines.all) if (!isFresh.has(line)) this.#tellStatus(line);
    for (const listener of this.#listeners) listener.history(fresh);
  }

  #status(change: StatusChange): void {
    const before = this.#statusOf(change.uid);
    const line = this.mirror.lines.change(change);
    // An acknowledgement and the event behind it say the same.
    if (!line || before === this.#statusOf(change.uid)) return;
    const wish = this.#messages.get(change.uid);
    if (wish && change.status !== "queued") {
      this.#messages.delete(change.uid);
      this.#settle(wish, line.seq !== null);
    }
    this.#tellStatus(line);
    if (change.status === "failed") this.#error(change.code ?? "invalid", change.sentence);
  }

  #statusOf(uid: string): string | null {
    const line = this.mirror.lines.find(uid);
    return line && [this.mirror.statusOf(line), line.code, line.message_id].join();
  }

  #receipts(raise: () => void): void {
    const own = this.mirror.lines.all.filter((line) => line.sender === "visitor" && line.seq !== null);
    const before = new Map(own.map((line) => [line, this.mirror.statusOf(line)]));
    raise();
    for (const [line, status] of before) if (this.mirror.statusOf(line) !== status) this.#tellStatus(line);
  }

  #answer({ verb, success, code, message }: Answer): void {
    const wish = this.#verbs.get(verb)?.shift();
    if (wish) this.#settle(wish, success);
    if (success) {
      this.#tell(verb, () => ({ success }));
      return;
    }
    const info = {
      title: this.texts.t(`answer.${verb}`),
      message: this.texts.sentence(code ?? "invalid", message),
    };
    // The state goes back before the answer says so.
    this.#announce();
    this.#tell(verb, () => ({ success, code: code ?? "invalid", info: { ...info } }));
  }

  /** A wish has its answer. The desk's word on the state may still be on its way: no flicker meanwhile. */
  #settle(wish: Wish, fulfilled: boolean): void {
    if (!fulfilled || this.mirror.isConfirmed(wish.state)) {
      this.mirror.answered(wish);
      return;
    }
    setTimeout(() => {
      this.mirror.answered(wish);
      this.#announce();
      this.#changed();
    }, SETTLE_MS);
  }

  // -- verbs --------------------------------------------------------------------------------------------------

  #want(verb: Verb, ask: () => Promise<void>): void {
    const state = EFFECTS[verb];
    if (this.mirror.state === state) {
      this.#soon(() => this.#tell(verb, () => ({ success: true })));
      return;
    }
    this.#verbs.set(verb, [...(this.#verbs.get(verb) ?? []), this.mirror.wish(state)]);
    this.#soon(() => this.#announce());
    ask().catch((reason: unknown) => {
      const { code, message } = asProblem(reason);
      this.receive({ type: "answer", answer: { verb, success: false, code, message } });
    });
  }

  #sent(row: Message): ChatMessage {
    const line = this.mirror.lines.place(row) ?? row;
    for (const listener of this.#listeners) listener.own(line);
    if (this.mirror.state !== "chat" && line.uid) this.#messages.set(line.uid, this.mirror.wish("chat"));
    this.#ownTyping.clear();
    this.#soon(() => {
      this.#announce();
      this.#tellStatus(line);
    });
    return this.toMessage(line);
  }

  #refused(text: string, problem: Problem): ChatMessage {
    const uid = makeUid();
    this.#soon(() => {
      this.#tell("messagestatus", () => ({ uid, message_id: null, status: "failed", code: problem.code }));
      this.#error(problem.code, problem.message);
    });
    const date = Math.floor(Date.now() / 1000);
    const ids = { chat_id: null, message_id: null, uid };
    return {
      text,
      date,
      source: "Visitor",
      from: "Visitor",
      ...ids,
      sender: "visitor",
      fx_link: null,
      status: "failed",
    };
  }

  #discarded(uid: string): void {
    const line = this.mirror.lines.find(uid);
    if (!line) return;
    this.mirror.lines.remove(uid);
    const { message_id } = line;
    this.#tell("messagestatus", () => ({ uid, message_id, status: "failed", code: "discarded" }));
    this.#changed();
  }

  // -- telling ------------------------------------------------------------------------------------------------

  #now(): { state: VisitorState; available: boolean; online: boolean } {
    const { state, available, online } = this.mirror;
    return { state, available, online };
  }

  /** Tells what differs from what was told last, so that a getter never disagrees with an event. */
  #announce(): void {
    const { state, available, online } = this.#now();
    const told = this.#told;
    this.#told = { state, available, online };
    if (online !== told.online) this.#tellConnection();
    if (available !== told.available) this.#tell("chatavailabilitychange", () => available);
    if (state !== told.state) this.#tell("statechange", () => state);
  }

  #tellConnection(): void {
    const { online, connection } = this.mirror;
    const since = Math.floor(connection.since / 1000);
    this.#tell("connectionchange", () => ({ online, since }));
  }

  /** Tells how far a visitor's message is; other lines have no status. */
  #tellStatus(line: Message): void {
    if (line.sender !== "visitor" || line.kind !== "message") return;
    const status = this.mirror.statusOf(line);
    const { uid, message_id } = this.toMessage(line);
    const code = status === "held" ? "held" : line.code;
    const payload = { uid, message_id, status: publicStatus(status) };
    this.#tell("messagestatus", () => (code ? { ...payload, code } : { ...payload }));
  }

  #error(code: string, message?: string | null): void {
    this.#tell("error", () => ({ code, message: this.texts.sentence(code, message) }));
  }

  #tell(event: string, payload?: () => unknown): void {
    for (const listener of this.#listeners) listener.tell(event, payload);
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }

  /** After the running task of the controller: a method returns before its events are told. */
  #soon(task: () => void): void {
    this.#later.push(task);
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    if (this.#held) return;
    const tasks = this.#later;
    this.#later = [];
    for (const task of tasks) task();
    if (tasks.length > 0) this.#changed();
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
