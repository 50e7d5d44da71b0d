// The workplace at work: holds the mirror, asks the backend, keeps drafts. The one place in the page that calls the
// backend. Sends go out one after another, so that what is written first is stored first (I5).
import type { OperatorBackend } from "../backend/backend";
import type { Message } from "../generated/Message";
import type { OperatorUpdate } from "../generated/OperatorUpdate";
import type { OperatorWish } from "../generated/OperatorWish";
import type { Summon } from "../generated/Summon";
import { applyUpdate, fromBoot, withNews, withOpen, withTrouble, type OperatorState } from "./operator";
import {
  asked,
  atNewest,
  awaited,
  failed,
  firstSeq,
  opened,
  opening,
  withMessage,
  withOlder,
  without,
  type Change,
} from "./operator-conversation";
import { idOf } from "./operator-file-list";
import { FileWork } from "./operator-file-work";
import { carries, isTakingIn, leave, left, sendable } from "./operator-files";
import { askedFor, isStale, reached, unreached } from "./operator-person";
import { SiteWork } from "./operator-site-work";
import { around, newer, older } from "./operator-span";
import { asProblem } from "./problem";
import { OperatorTyping, type TypingSignal } from "./operator-typing";

/** The longest message, in code points: the desk refuses more. */
export const TEXT_CHARS = 8_000;

/** No line stands above this seq. */
const NEWEST = Number.MAX_SAFE_INTEGER;

/** The operator's page without its pixels. */
export class Workplace {
  /** What is done with files, all but sending them. */
  readonly files: FileWork;
  /** What is done with the site. */
  readonly site: SiteWork;
  #state: OperatorState;
  readonly #backend: OperatorBackend;
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  readonly #drafts = new Map<string, string>();
  readonly #marked = new Map<string, number>();
  readonly #typing = new OperatorTyping();
  #sends: Promise<unknown> = Promise.resolve();
  #summons: ((summon: Summon) => void) | null = null;
  /** Asked for while nobody could answer it; the last one counts. */
  #summon: Summon | null = null;
  #opens = 0;
  #asks = 0;

  private constructor(state: OperatorState, backend: OperatorBackend, now: () => number) {
    this.#state = state;
    this.#backend = backend;
    this.#now = now;
    this.site = new SiteWork(backend);
    this.files = new FileWork(backend.files, {
      change: (change) => this.#set({ ...this.#state, files: change(this.#state.files) }),
      trouble: (problem) => this.#set(withTrouble(this.#state, problem)),
      drop: (key) => this.#drop(key),
    });
  }

  /** Boots the mirror; updates that come meanwhile are applied after it. */
  static async start(backend: OperatorBackend, now: () => number = Date.now): Promise<Workplace> {
    const waiting: OperatorUpdate[] = [];
    let take = (update: OperatorUpdate): void => void waiting.push(update);
    const boot = await backend.boot((update) => {
      take(update);
    });
    const workplace = new Workplace(fromBoot(boot), backend, now);
    workplace.#summon = boot.summon;
    take = (update) => {
      workplace.#apply(update);
    };
    waiting.forEach(take);
    return workplace;
  }

  /** What is known now. */
  get state(): OperatorState {
    return this.#state;
  }

  /** Calls `listener` after each change; returns how to stop. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Has what is asked for from outside answered, also what was asked for before; returns how to stop. */
  onSummon(answer: (summon: Summon) => void): () => void {
    this.#summons = answer;
    if (this.#summon !== null) answer(this.#summon);
    this.#summon = null;
    return () => (this.#summons = null);
  }

  /** The conversation that somebody sees; `null`: none. */
  inView(visitor: string | null): void {
    // Whoever reads has nothing to do about it: at worst an alert comes for what is seen.
    this.#backend.inView(visitor).catch(() => undefined);
  }

  /** The first account of a desk; resolves when it is over, `state.refusal` says why it failed. */
  async setup(name: string, login: string, password: string): Promise<void> {
    await this.#enter(() => this.#backend.setup(name, login, password));
  }

  /** Resolves when it is over; `state.refusal` says why it failed. */
  async signIn(login: string, password: string): Promise<void> {
    await this.#enter(() => this.#backend.signIn(login, password));
  }

  /** Signs out. */
  async signOut(): Promise<void> {
    await this.#ask(() => this.#backend.signOut());
  }

  /** Takes chats, or does not. */
  async setOnline(online: boolean): Promise<void> {
    await this.#ask(async () => {
      await this.#backend.setOnline(online);
      this.#set({ ...this.#state, online });
    });
  }

  /** Shows a visitor's conversation; the last one asked for wins. */
  async open(visitor: string): Promise<void> {
    this.#say(this.#typing.over());
    if (this.#state.open?.visitor !== visitor) this.#set({ ...this.#state, open: opening(visitor) });
    await Promise.all([this.#load(visitor), this.loadPerson(visitor)]);
  }

  /** Shows no conversation. */
  leave(): void {
    this.#say(this.#typing.over());
    this.#opens += 1;
    this.#set({ ...this.#state, open: null, person: null });
  }

  /** Brings older lines into the page: loaded ones first, then the store's. */
  async older(): Promise<void> {
    const open = this.#state.open;
    if (!open?.loaded || open.loadingOlder) return;
    if (open.span.start > 0) {
      this.#change(open.visitor, (now) => ({ ...now, span: older(now.span) }));
      return;
    }
    if (!open.more) return;
    const before = firstSeq(open);
    this.#change(open.visitor, (now) => ({ ...asked(now), loadingOlder: true }));
    try {
      const page = await this.#backend.history(open.visitor, before ?? NEWEST);
      // A conversation that was opened again meanwhile has forgotten these.
      this.#change(open.visitor, (now) => (firstSeq(now) === before ? withOlder(now, page) : now));
    } catch (problem) {
      this.#change(open.visitor, (now) => ({ ...now, loadingOlder: false, problem: asProblem(problem) }));
    }
  }

  /** Brings a line of the open conversation into the page, older ones from the store first; gives its key there. */
  async toLine(line: Message): Promise<string | null> {
    const visitor = this.#state.open?.visitor;
    for (;;) {
      const { open } = this.#state;
      if (!open || open.visitor !== visitor) return null;
      const at = open.messages.findIndex((one) => idOf(one) === idOf(line));
      const found = open.messages[at];
      if (found) {
        this.#change(open.visitor, (now) => ({ ...now, span: around(at, now.messages.length) }));
        return found.key;
      }
      // Loaded lines hide no others before them.
      if (open.span.start > 0)
        this.#change(open.visitor, (now) => ({ ...now, span: around(0, now.messages.length) }));
      const first = firstSeq(open);
      await this.older();
      const now = this.#state.open;
      if (!now || firstSeq(now) === first) return null;
    }
  }

  /** Brings newer loaded lines into the page. */
  newer(): void {
    const open = this.#state.open;
    if (open === null || open.span.end >= open.messages.length) return;
    this.#change(open.visitor, (now) => ({ ...now, span: newer(now.span, now.messages.length) }));
  }

  /** Brings the newest lines into the page. */
  toNewest(): void {
    const open = this.#state.open;
    if (open === null || open.span.end >= open.messages.length) return;
    this.#change(open.visitor, atNewest);
  }

  /** What was written to this visitor and not sent. */
  draft(visitor: string): string {
    return this.#drafts.get(visitor) ?? "";
  }

  /** The composer's text changed; the visitor hears that the operator types. */
  write(visitor: string, text: string): void {
    this.#keep(visitor, text);
    this.#notify();
    this.#say(this.#typing.changed(text, this.#now()));
  }

  /** Keeps words that nobody is told of while they are written: an invitation's. */
  note(visitor: string, text: string): void {
    this.#keep(visitor, text);
    this.#notify();
  }

  /** Invites with these words; the draft goes only when they are kept. */
  async invite(visitor: string, text: string): Promise<boolean> {
    const kept = await this.want(visitor, { type: "invite", text });
    if (kept) this.note(visitor, "");
    return kept;
  }

  /**
   * Sends the draft, with what was chosen: the words go with the first file. All of it is taken at once, and comes back
   * when it could not be stored.
   */
  async send(visitor: string): Promise<void> {
    const text = this.draft(visitor);
    const ids = sendable(this.#state.files, visitor);
    if (!this.canSend(visitor)) return;
    this.#keep(visitor, "");
    this.#say(this.#typing.over());
    this.#set({ ...this.#state, files: leave(this.#state.files, ids) });
    const sent = this.#sends.then(() => this.#store(visitor, text, ids));
    this.#sends = sent.catch(() => undefined);
    try {
      const messages = await sent;
      this.#hear(visitor, (open) => ({ ...messages.reduce(withMessage, open), problem: null }));
      this.#set({ ...this.#state, files: left(this.#state.files, visitor, ids, true) });
    } catch (problem) {
      this.#keep(visitor, [text, this.draft(visitor)].filter(Boolean).join("\n"));
      this.#change(visitor, (open) => ({ ...open, problem: asProblem(problem) }));
      this.#set({ ...this.#state, files: left(this.#state.files, visitor, ids, false) });
    }
  }

  /** Is there something to send, and is all of it ready? */
  canSend(visitor: string): boolean {
    const { files } = this.#state;
    const text = this.draft(visitor);
    const isSomething = text.trim() !== "" || sendable(files, visitor).length > 0;
    return isSomething && !isTakingIn(files, visitor) && countChars(text) <= TEXT_CHARS;
  }

  /** Ends the visitor's chat. */
  async closeChat(visitor: string): Promise<void> {
    await this.#ask(() => this.#backend.closeChat(visitor));
  }

  /** Has a wish kept; resolves to whether it was. What the desk refuses later comes as a trouble. */
  async want(visitor: string, wish: OperatorWish): Promise<boolean> {
    return this.#ask(() => this.#backend.want(visitor, wish));
  }

  /** Asks for the card of the visitor whose conversation is open. */
  async loadPerson(visitor: string): Promise<void> {
    if (this.#state.open?.visitor !== visitor) return;
    this.#asks += 1;
    const turn = this.#asks;
    this.#set({ ...this.#state, person: askedFor(this.#state.person, visitor) });
    const answer = await this.#backend.person(visitor).then(reached, unreached(visitor));
    if (turn === this.#asks && this.#state.open?.visitor === visitor) {
      this.#set({ ...this.#state, person: answer });
    }
  }

  /** Opens the window with the settings of the program itself. */
  async openSettings(): Promise<void> {
    await this.#ask(() => this.#backend.settings());
  }

  /** Everything up to this seq was on the screen and looked at; says it once. */
  seen(visitor: string, seq: number): void {
    if (seq <= (this.#marked.get(visitor) ?? 0)) return;
    this.#marked.set(visitor, seq);
    // Whoever reads has nothing to do about a lost mark: it is said again with the next one.
    this.#backend.read(visitor, seq).catch(() => this.#marked.delete(visitor));
  }

  /** Tries a failed or held message again. */
  async resend(uid: string): Promise<void> {
    await this.#ask(() => this.#backend.resend(uid));
  }

  /** Forgets a failed or held message. */
  async discard(uid: string): Promise<void> {
    const visitor = this.#state.open?.visitor;
    const done = await this.#ask(() => this.#backend.discard(uid));
    if (done && visitor !== undefined) this.#hear(visitor, (open) => without(open, uid));
  }

  /** Tries again after the line has stopped. */
  async reconnect(): Promise<void> {
    await this.#ask(() => this.#backend.reconnect());
  }

  /** Time passed. */
  tick(now: number): void {
    this.#say(this.#typing.tick(now));
  }

  /** A trouble was read. */
  dismiss(code: string): void {
    this.#set({ ...this.#state, troubles: this.#state.troubles.filter((known) => known.code !== code) });
  }

  async #store(visitor: string, text: string, ids: readonly string[]): Promise<Message[]> {
    if (ids.length === 0) return [await this.#backend.send(visitor, text)];
    return this.#backend.files.send([...ids], text.trim() === "" ? "" : text, null, visitor);
  }

  /** A file that goes out was taken back. */
  #drop(key: string): void {
    const { open } = this.#state;
    const uid = open?.messages.find((message) => carries(message, key) && message.seq === null)?.uid ?? null;
    if (open !== null && uid !== null) this.#hear(open.visitor, (now) => without(now, uid));
  }

  async #load(visitor: string): Promise<void> {
    this.#opens += 1;
    const turn = this.#opens;
    this.#change(visitor, awaited);
    try {
      const answer = await this.#backend.open(visitor);
      if (turn === this.#opens) this.#change(visitor, (open) => opened(open, answer));
    } catch (problem) {
      if (turn === this.#opens) this.#change(visitor, (open) => failed(open, asProblem(problem)));
    }
  }

  async #enter(act: () => Promise<void>): Promise<void> {
    this.#set({ ...this.#state, refusal: null });
    try {
      await act();
    } catch (problem) {
      this.#set({ ...this.#state, refusal: asProblem(problem) });
    }
  }

  async #ask(act: () => Promise<void>): Promise<boolean> {
    try {
      await act();
      return true;
    } catch (problem) {
      this.#set(withTrouble(this.#state, asProblem(problem)));
      return false;
    }
  }

  #apply(update: OperatorUpdate): void {
    const before = this.#state;
    this.#set(applyUpdate(before, update));
    if (update.type === "summon") {
      if (this.#summons === null) this.#summon = update.summon;
      else this.#summons(update.summon);
    }
    if (isStale(before, this.#state, update)) void this.loadPerson(this.#state.open?.visitor ?? "");
    if (update.type === "changed" && this.#state.open?.visitor === update.visitor) {
      this.#marked.delete(update.visitor);
      void this.#load(update.visitor);
    }
    if (update.type === "phase" && update.phase !== "ready") {
      this.#drafts.clear();
      this.#marked.clear();
    }
  }

  #say(signal: TypingSignal): void {
    const visitor = this.#state.open?.visitor;
    if (signal === null || visitor === undefined) return;
    // Nothing depends on it: a lost one is the present, and the present goes on.
    this.#backend.typing(visitor, signal).catch(() => undefined);
  }

  #keep(visitor: string, text: string): void {
    if (text === "") this.#drafts.delete(visitor);
    else this.#drafts.set(visitor, text);
  }

  #change(visitor: string, change: Parameters<typeof withOpen>[2]): void {
    this.#set(withOpen(this.#state, visitor, change));
  }

  #hear(visitor: string, change: Change): void {
    this.#set(withNews(this.#state, visitor, change));
  }

  #set(state: OperatorState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#notify();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

/** Length in code points, as the desk counts. */
export function countChars(text: string): number {
  // Every second half of a surrogate pair is one unit too many.
  return text.length - (text.match(/[\uD800-\uDBFF][\uDC00-\uDFFF]/g)?.length ?? 0);
}
