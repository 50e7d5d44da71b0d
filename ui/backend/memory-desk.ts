// A desk that answers by itself, for looking at a visitor's page in a plain browser: one operator who always has time,
// a mail server, and groups that never fill. Never in the product.
import type { Message } from "../generated/Message";
import type { Operator } from "../generated/Operator";
import type { Present } from "../generated/Present";
import type { Verb } from "../generated/Verb";
import type { VisitorWish } from "../generated/VisitorWish";
import { memoryChange, memoryLine, type MemoryVisitor } from "./memory";

/** Milliseconds until the operator comes, types and answers. */
const COMES_MS = 800;
const TYPES_MS = 1500;
const SAYS_MS = 3200;
const CODE_MS = 10 * 60_000;

/** Lets a desk answer what `backend` is asked; `present` is how things stand, `head` the last line's place. */
export function answerAsADesk(
  backend: MemoryVisitor,
  present: Present,
  operator: Operator,
  head: number,
): MemoryDesk {
  const desk = new MemoryDesk(backend, present, operator, head);
  backend.onVerb = (verb, ...args) => desk.hear(verb, args);
  return desk;
}

/** The desk. */
export class MemoryDesk {
  readonly #backend: MemoryVisitor;
  readonly #operator: Operator;
  #present: Present;
  #seq: number;
  #unread = 0;
  #chat = 1;

  constructor(backend: MemoryVisitor, present: Present, operator: Operator, head: number) {
    this.#backend = backend;
    this.#present = present;
    this.#operator = operator;
    this.#seq = head;
    this.#linkCode();
  }

  /** A verb of the visitor's. */
  hear(verb: string, [first, second]: unknown[]): void {
    if (verb === "send") this.#words(String(first), String(second));
    if (verb === "sendFile") this.#words(String(first), "");
    if (verb === "want") this.#wish(String(first), second as VisitorWish);
    if (verb === "resend") this.#resend(String(first));
    if (verb === "linkCode") this.#linkCode();
    if (verb === "read") this.#unread = 0;
  }

  /** How things stand now. */
  set(fields: Partial<Present>): void {
    this.#present = { ...this.#present, ...fields };
    this.#backend.push({ type: "present", present: this.#present });
  }

  /** The operator, or a rule, says something. */
  say(fields: Partial<Message>): void {
    if (fields.kind === undefined) this.#unread += 1;
    const line = memoryLine({ date: Date.now(), chat_id: this.#chatId(), ...this.#place(), ...fields });
    this.#backend.push({ type: "message", message: line, unread: this.#unread });
  }

  #words(uid: string, text: string): void {
    const opens = this.#present.state !== "chat";
    const by = this.#present.state === "invite" ? "invite" : "message";
    if (opens) this.#open(by, () => this.#answer("startchat", null));
    const change = memoryChange(uid, { ...this.#place(), chat_id: this.#chatId(), date: Date.now() });
    this.#backend.push({ type: "status", change });
    const seq = this.#seq;
    const receipts = (read: number): void =>
      this.#backend.push({ type: "receipts", receipts: { delivered: seq, read } });
    setTimeout(() => receipts(0), 400);
    setTimeout(() => this.#comes(), COMES_MS);
    setTimeout(() => receipts(seq), TYPES_MS);
    setTimeout(() => this.#backend.push({ type: "typing", typing: true }), TYPES_MS);
    setTimeout(() => {
      if (this.#present.operator) this.say({ text: `You wrote: ${text}`, operator: this.#operator });
    }, SAYS_MS);
  }

  #wish(uid: string, wish: VisitorWish): void {
    switch (wish.type) {
      case "start_chat":
        if (this.#present.state !== "chat") this.#open("start");
        this.#answer("startchat", uid);
        return void setTimeout(() => this.#comes(), COMES_MS);
      case "close_chat":
        this.#close();
        return this.#answer("closechat", uid);
      case "invite_accept":
        if (this.#present.state === "invite") this.#open("invite");
        this.#answer("inviteaccept", uid);
        return void setTimeout(() => this.#comes(), COMES_MS);
      case "invite_reject":
        this.set({ state: "available", invite: null });
        return this.#answer("invitereject", uid);
      case "rate": {
        const { rating } = this.#present;
        if (!rating) return this.#answer("setrating", uid, "invalid");
        this.set({ rating: { ...rating, mark: wish.mark } });
        return this.#answer("setrating", uid);
      }
      case "card":
        this.set({
          card: {
            name: wish.name ?? this.#present.card.name,
            emails: [...new Set([...wish.emails, ...this.#present.card.emails])].slice(0, 5),
            phones: [...new Set([...wish.phones, ...this.#present.card.phones])].slice(0, 5),
          },
        });
        return this.#answer("setcard", uid);
      case "transcript":
        return void setTimeout(() => this.#answer("sendchatbymail", uid), COMES_MS);
      case "offline":
        return this.#answer("sendofflinerequest", uid);
      case "callback":
        return this.#answer("sitephonecall", uid);
      case "submit_lead":
      case "cancel_lead":
        if (this.#present.state === "lead") this.set({ state: "available", lead: null });
        return this.#answer(wish.type === "submit_lead" ? "leadsubmit" : "leadcancel", uid);
      case "consent":
        this.set({ consented: wish.version });
        return this.#answer("consent", uid);
    }
  }

  #open(by: string, before?: () => void): void {
    this.#chat += 1;
    const state = { state: "chat", invite: null, lead: null, group: null, rating: null } as const;
    this.set(state);
    before?.();
    this.say({ kind: "opened", sender: "system", detail: { type: "opened", by, group: null } });
  }

  #comes(): void {
    if (this.#present.state !== "chat" || this.#present.operator) return;
    this.say({ kind: "joined", sender: "system", operator: this.#operator });
    this.set({
      operator: this.#operator,
      retention: null,
      rating: { chat_id: this.#chatId(), mark: null },
    });
  }

  #close(): void {
    this.say({ kind: "closed", sender: "system", reason: "closed_by_visitor" });
    this.set({ state: "available", operator: null, group: null, retention: null });
  }

  #resend(uid: string): void {
    this.#backend.push({ type: "status", change: memoryChange(uid, { status: "queued" }) });
    const change = (): void =>
      this.#backend.push({ type: "status", change: memoryChange(uid, this.#place()) });
    setTimeout(change, 1000);
  }

  #linkCode(): void {
    const letters = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
    const one = (): string => letters.charAt(Math.floor(Math.random() * letters.length));
    this.#backend.told.code = {
      code: Array.from({ length: 12 }, one).join(""),
      expires: Date.now() + CODE_MS,
    };
  }

  #answer(verb: Verb, uid: string | null, code: string | null = null): void {
    const success = code === null;
    this.#backend.push({ type: "answer", answer: { verb, uid, success, code, message: null } });
  }

  #chatId(): string {
    return `chat-${String(this.#chat)}`;
  }

  #place(): { seq: number; message_id: string } {
    this.#seq += 1;
    return { seq: this.#seq, message_id: `m-${String(this.#seq).padStart(8, "0")}` };
  }
}
