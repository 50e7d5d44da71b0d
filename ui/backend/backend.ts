// The one interface to Rust. Pages, stores and the consultant's runtime know this file and nothing below it.
import type { AppBoot } from "../generated/AppBoot";
import type { Conversation } from "../generated/Conversation";
import type { Message } from "../generated/Message";
import type { MessagesPage } from "../generated/MessagesPage";
import type { OperatorBoot } from "../generated/OperatorBoot";
import type { OperatorUpdate } from "../generated/OperatorUpdate";
import type { Problem } from "../generated/Problem";
import type { VisitorBoot } from "../generated/VisitorBoot";
import type { VisitorUpdate } from "../generated/VisitorUpdate";

/** What a synchronous request answers. */
export type Outcome<T> = { ok: T } | { problem: Problem };

/** The visitor's verbs. `send` and `history` return only when it is done: the row is on the disk, the page is whole. */
export interface VisitorBackend {
  /** Returns the mirror; updates after it come to `listener`, in order, none before the promise has resolved. */
  boot(listener: (update: VisitorUpdate) => void): Promise<VisitorBoot>;
  send(text: string): Outcome<Message>;
  /** The page before this seq; `null`: the newest. Its `more`: the next one would hold something now. */
  history(before: number | null): Outcome<MessagesPage>;
  startChat(): Promise<void>;
  closeChat(): Promise<void>;
  typing(text: string): Promise<void>;
  /** Everything up to this seq was seen. */
  read(seq: number): Promise<void>;
  resend(uid: string): Promise<void>;
  discard(uid: string): Promise<void>;
  /** The person asks to try again after the line has stopped. */
  reconnect(): Promise<void>;
}

/** The operator's verbs. Each rejects with a `Problem`. */
export interface OperatorBackend {
  boot(listener: (update: OperatorUpdate) => void): Promise<OperatorBoot>;
  setup(name: string, login: string, password: string): Promise<void>;
  signIn(login: string, password: string): Promise<void>;
  signOut(): Promise<void>;
  setOnline(online: boolean): Promise<void>;
  open(visitor: string): Promise<Conversation>;
  history(visitor: string, before: number): Promise<MessagesPage>;
  send(visitor: string, text: string): Promise<Message>;
  closeChat(visitor: string): Promise<void>;
  typing(visitor: string, typing: boolean): Promise<void>;
  read(visitor: string, seq: number): Promise<void>;
  resend(uid: string): Promise<void>;
  discard(uid: string): Promise<void>;
  /** The person asks to try again after the line has stopped. */
  reconnect(): Promise<void>;
}

/** The app's own window. */
export interface AppBackend {
  boot(): Promise<AppBoot>;
  /** A `deskbell://join` link or an address; rejects with a `Problem`. On success the window is replaced. */
  join(address: string): Promise<void>;
  /** An operator starts a desk on this computer; rejects with a `Problem`. */
  host(): Promise<void>;
  quit(): Promise<void>;
}
