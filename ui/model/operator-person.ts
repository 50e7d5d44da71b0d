// The card of the visitor whose conversation is open. The desk is asked for it once; the lines of the conversation keep
// it true after that, and what they cannot tell (visits, who rated in which chat) is asked for again.
import type { Message } from "../generated/Message";
import type { OperatorUpdate } from "../generated/OperatorUpdate";
import type { PersonCard } from "../generated/PersonCard";
import type { Problem } from "../generated/Problem";
import type { OperatorState } from "./operator";
import { asProblem } from "./problem";

/** Marks that a card holds at most. */
const MARKS = 20;

/** A card on the screen. */
export interface OpenPerson {
  readonly visitor: string;
  /** `null` until the desk has answered. */
  readonly card: PersonCard | null;
  /** Is an answer on its way? */
  readonly loading: boolean;
  /** Why there was none. */
  readonly problem: Problem | null;
}

/** The desk is asked; what was known of the same visitor stays meanwhile. */
export function askedFor(known: OpenPerson | null, visitor: string): OpenPerson {
  const card = known?.visitor === visitor ? known.card : null;
  return { visitor, card, loading: true, problem: null };
}

/** The desk answered. */
export function reached(card: PersonCard): OpenPerson {
  return { visitor: card.visitor, card, loading: false, problem: null };
}

/** It did not, or cannot be asked. */
export function unreached(visitor: string): (reason: unknown) => OpenPerson {
  return (reason) => ({ visitor, card: null, loading: false, problem: asProblem(reason) });
}

/** The card after a line of the conversation. */
export function personAfter(open: OpenPerson | null, visitor: string, line: Message): OpenPerson | null {
  if (open?.card?.visitor !== visitor) return open;
  const card = changed(open.card, line);
  return card === open.card ? open : { ...open, card };
}

/** Must the desk be asked (again)? After a line whose count is the desk's, and when the connection is back. */
export function isStale(before: OperatorState, after: OperatorState, update: OperatorUpdate): boolean {
  if (after.open === null) return false;
  if (update.type === "message") {
    return update.visitor === after.open.visitor && COUNTED.has(update.message.kind);
  }
  if (update.type === "changed") return update.visitor === after.open.visitor;
  if (update.type !== "connection") return false;
  return before.connection.phase !== "online" && after.connection.phase === "online";
}

const COUNTED: ReadonlySet<Message["kind"]> = new Set(["opened", "rated"]);

function changed(card: PersonCard, line: Message): PersonCard {
  const { detail } = line;
  if (detail?.type === "card") return { ...card, card: detail.card };
  if (detail?.type === "consented") return { ...card, consented: detail.version };
  if (detail?.type === "banned") return { ...card, banned: detail.banned };
  return detail?.type === "rated" ? { ...card, ratings: rated(card.ratings, line, detail.mark) } : card;
}

/** One mark per chat and operator; `null` takes it back. */
function rated(known: PersonCard["ratings"], line: Message, mark: number | null): PersonCard["ratings"] {
  const { chat_id: chat, operator, date } = line;
  if (chat === null || operator === null) return known;
  const others = known.filter((given) => given.chat_id !== chat || given.operator.id !== operator.id);
  if (mark === null) return others;
  return [{ chat_id: chat, operator, mark, date }, ...others].slice(0, MARKS);
}
