// What this window writes: sent, kept until the visitor has agreed to the site's terms, or refused.
//
// What must always hold: whoever sends gets a message object at once; what was refused says so afterwards.
import type { VisitorBackend } from "../backend/backend";
import type { Message } from "../generated/Message";
import type { Problem } from "../generated/Problem";
import type { Consents } from "./consents";
import { groupOf, refused } from "./given";
import { ghost, type ChatMessage } from "./message";
import type { Mirror } from "./mirror";
import type { Teller } from "./teller";
import { OwnTyping } from "./typing";
import type { Wishes } from "./wishes";

/** What it works with. */
export interface Desk {
  backend: VisitorBackend;
  mirror: Mirror;
  teller: Teller;
  wishes: Wishes;
  consents: Consents;
}

/** The words of a window. */
export class Words {
  readonly #desk: Desk;
  readonly #typing: OwnTyping;

  readonly #quietly: (asked: Promise<void>) => void;

  /** `quietly` takes what answers no method. */
  constructor(desk: Desk, quietly: (asked: Promise<void>) => void) {
    this.#desk = desk;
    this.#quietly = quietly;
    const report = (text: string): void => quietly(desk.backend.typing(text));
    this.#typing = new OwnTyping(report);
  }

  /** `sendChatMessage(text, group)`: the row is on the disk when this returns, or the refusal is on its way. */
  send(text: unknown, group: unknown): ChatMessage {
    if (typeof text !== "string") return this.refused("", refused("invalid").problem);
    if (text.trim() === "") return this.refused(text, refused("empty").problem);
    const { backend, mirror } = this.#desk;
    const known = groupOf(group, mirror.form);
    if ("problem" in known) return this.refused(text, known.problem);
    const outcome = backend.send(text, known.ok);
    if ("problem" in outcome) return this.refused(text, outcome.problem);
    this.#typing.clear();
    return this.written(outcome.ok, known.ok);
  }

  /** An own message that is on the disk: on its way, or waiting for the visitor's word. A file is announced by it. */
  written(row: Message, group: number | null): ChatMessage {
    return row.code === "consent"
      ? this.#waits(row, group)
      : this.#desk.teller.toMessage(this.#sent(row, group));
  }

  /** Nothing was sent: said once the running task is over. */
  refused(text: string, problem: Problem): ChatMessage {
    const made = ghost(text, "failed");
    this.#desk.teller.soon(() => this.refuse(made.uid, problem));
    return made;
  }

  /** Says that it was refused. */
  refuse(uid: string, { code, message }: Problem): void {
    const { teller } = this.#desk;
    teller.nowhere(uid, "failed", code);
    teller.error(code, message);
  }

  /** `chatTyping(text)`. Before the visitor has agreed to the site's terms nobody is told. */
  typing(text: unknown): void {
    const { mirror, teller } = this.#desk;
    if (typeof text !== "string") teller.soon(() => teller.error("invalid"));
    else if (!mirror.lacksConsent) this.#typing.type(text);
  }

  #sent(row: Message, group: number | null): Message {
    const { teller, wishes } = this.#desk;
    const line = this.#placed(row);
    if (line.uid) wishes.message(line.uid, group);
    teller.soon(() => {
      teller.announce();
      teller.status(line);
    });
    return line;
  }

  #placed(row: Message): Message {
    const { mirror, teller } = this.#desk;
    const line = mirror.lines.place(row) ?? row;
    // Controllers show a file only when they are told of it.
    if (line.file) teller.line(line);
    else teller.own(line);
    return line;
  }

  /** It is on the disk, and is sent by itself as soon as the visitor has agreed. */
  #waits(row: Message, group: number | null): ChatMessage {
    const { backend, mirror, teller, wishes, consents } = this.#desk;
    const line = this.#placed(row);
    const uid = line.uid ?? line.key;
    const known = teller.toMessage(line).uid;
    teller.soon(() => {
      teller.nowhere(known, "queued");
      consents.wait({
        again: () => {
          wishes.message(uid, group);
          this.#quietly(backend.resend(uid));
        },
        giveUp: () => {
          mirror.lines.remove(uid);
          teller.nowhere(known, "failed", "consent");
          teller.error("consent");
          this.#quietly(backend.discard(uid));
        },
      });
    });
    return { ...teller.toMessage(line), status: "queued" };
  }
}
