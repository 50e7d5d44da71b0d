// What a visitor's wish makes of how things stand, shown before the desk has said so.
//
// What must always hold: an effect changes a copy; laid over a desk's word that holds it already, it changes nothing.
import type { Present } from "../generated/Present";
import type { VisitorCard } from "../generated/VisitorCard";
import type { VisitorWish } from "../generated/VisitorWish";

/** E-mail addresses, and phone numbers, on a card. */
const CONTACTS = 5;

/** What is shown of a wish that is under way. */
export interface Effect {
  /** What it changes; what is wished of the same is fulfilled in its order. */
  of: "state" | "rating" | "card" | "consent";
  /** How things would stand. */
  apply(present: Present): Present;
  /** Has the desk said so? */
  isIn(confirmed: Present): boolean;
}

/** The effect of a wish; `null` where it leaves things as they are. */
export function effectOf(wish: VisitorWish, now: Present): Effect | null {
  switch (wish.type) {
    case "start_chat":
      return opening(null);
    case "close_chat":
      return {
        of: "state",
        apply: (present) =>
          present.state === "chat"
            ? { ...present, state: "available", operator: null, group: null, retention: null }
            : present,
        isIn: ({ state }) => state !== "chat",
      };
    case "invite_accept":
      return { ...opening(null), isIn: ({ invite }) => invite?.key !== now.invite?.key };
    case "invite_reject":
      return {
        of: "state",
        apply: (present) => without(present, "invite"),
        isIn: ({ invite }) => invite?.key !== now.invite?.key,
      };
    case "rate":
      return {
        of: "rating",
        apply: (present) => ({
          ...present,
          rating: present.rating && { ...present.rating, mark: wish.mark },
        }),
        isIn: ({ rating }) => !rating || rating.mark === wish.mark,
      };
    case "card":
      return cardEffect(wish);
    case "consent":
      return {
        of: "consent",
        apply: (present) => ({ ...present, consented: Math.max(present.consented, wish.version) }),
        isIn: ({ consented }) => consented >= wish.version,
      };
    case "submit_lead":
    case "cancel_lead":
      return {
        of: "state",
        apply: (present) => without(present, "lead"),
        isIn: ({ lead }) => lead === null,
      };
    case "transcript":
    case "offline":
    case "callback":
      return null;
  }
}

/** A chat opens, for a group or for everybody. */
export function opening(group: number | null): Effect {
  return {
    of: "state",
    apply: (present) =>
      present.state === "chat"
        ? present
        : { ...present, state: "chat", invite: null, lead: null, group: group ?? present.group },
    isIn: ({ state }) => state === "chat",
  };
}

/** The state `invite`, or `lead`, is over. */
function without(present: Present, part: "invite" | "lead"): Present {
  const state = present.state === part ? "available" : present.state;
  return { ...present, state, [part]: null };
}

function cardEffect(wish: Extract<VisitorWish, { type: "card" }>): Effect {
  const made = (card: VisitorCard): VisitorCard => ({
    name: wish.name?.trim() || card.name,
    emails: inFront(wish.emails, card.emails),
    phones: inFront(wish.phones, card.phones),
  });
  return {
    of: "card",
    apply: (present) => ({ ...present, card: made(present.card) }),
    isIn: ({ card }) => JSON.stringify(made(card)) === JSON.stringify(card),
  };
}

/** New values first, each once; the sixth falls off. */
function inFront(fresh: readonly string[], old: readonly string[]): string[] {
  const all: string[] = [];
  for (const value of [...fresh.map((one) => one.trim()), ...old]) {
    const known = all.some((one) => one.toLowerCase() === value.toLowerCase());
    if (value !== "" && !known) all.push(value);
  }
  return all.slice(0, CONTACTS);
}
