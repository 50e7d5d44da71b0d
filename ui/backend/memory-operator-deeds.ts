// What a memory desk does about an operator's wishes: the lines that the desk would write, and what follows from them.
import type { Message } from "../generated/Message";
import type { MessageKind } from "../generated/MessageKind";
import type { OperatorUpdate } from "../generated/OperatorUpdate";
import type { OperatorWish } from "../generated/OperatorWish";
import type { PersonCard } from "../generated/PersonCard";
import type { VisitorListRow } from "../generated/VisitorListRow";
import type { OperatorScene } from "./memory-operator";

/** What the deeds need of the desk. */
export interface DeskHands {
  tell(update: OperatorUpdate): void;
  row(visitor: string, change: Partial<VisitorListRow>): void;
  line(visitor: string, kind: MessageKind, more?: Partial<Message>): void;
  person(visitor: string): PersonCard;
}

type Wish<Type extends OperatorWish["type"]> = OperatorWish & { type: Type };

/** Does what is wished. */
export function doWish(scene: OperatorScene, hands: DeskHands, visitor: string, wish: OperatorWish): void {
  const operator = scene.boot.operator;
  const row = scene.boot.rows.find((known) => known.visitor === visitor);
  switch (wish.type) {
    case "invite":
      return invite(scene, hands, visitor, wish);
    case "withdraw":
      hands.line(visitor, "invite_ended", { reason: "invite_withdrawn", operator });
      return hands.row(visitor, { status: "on_site" });
    case "join":
      hands.line(visitor, "joined", { operator });
      return hands.row(visitor, { status: "in_chat", operator });
    case "leave":
      hands.line(visitor, "left", { operator });
      return hands.row(visitor, { status: "waiting", operator: null });
    case "move":
      return move(scene, hands, visitor, wish);
    case "card":
      return card(hands, visitor, wish);
    case "settle":
      return settle(scene, hands, wish);
    case "ban":
      if (row?.chatting && wish.banned) {
        hands.line(visitor, "closed", { reason: "visitor_banned" });
        hands.row(visitor, { status: "on_site", chatting: false, operator: null });
      }
      hands.person(visitor).banned = wish.banned;
      return hands.line(visitor, "banned", { operator, detail: { type: "banned", banned: wish.banned } });
  }
}

function invite(scene: OperatorScene, hands: DeskHands, visitor: string, { text }: Wish<"invite">): void {
  const expires = Date.now() + (scene.boot.site?.settings.times.invite_s ?? 300) * 1_000;
  const detail = { type: "invited", expires } as const;
  hands.line(visitor, "invited", { text, sender: "operator", operator: scene.boot.operator, detail });
  hands.row(visitor, { status: "invited", since: Date.now() });
}

function move(scene: OperatorScene, hands: DeskHands, visitor: string, { group }: Wish<"move">): void {
  const name = scene.boot.site?.settings.form.groups.find(({ id }) => id === group)?.name ?? "";
  const operator = scene.boot.operator;
  hands.line(visitor, "left", { operator });
  hands.line(visitor, "moved", { operator, detail: { type: "moved", group, name } });
  hands.row(visitor, { status: "waiting", since: Date.now(), operator: null, group });
}

function card(hands: DeskHands, visitor: string, { name, emails, phones }: Wish<"card">): void {
  const person = hands.person(visitor);
  const front = (fresh: string[], known: string[]) => [...new Set([...fresh, ...known])].slice(0, 5);
  person.card = {
    name: name?.trim() || person.card.name,
    emails: front(emails, person.card.emails),
    phones: front(phones, person.card.phones),
  };
  const detail = { type: "card", card: structuredClone(person.card) } as const;
  hands.line(visitor, "card", { detail });
  if (person.card.name !== "") hands.row(visitor, { name: person.card.name });
}

function settle({ boot }: OperatorScene, hands: DeskHands, { request, done }: Wish<"settle">): void {
  const line = boot.requests.find(({ id }) => id === request);
  if (!line || (line.done_by !== null) === done) return;
  line.done_by = done ? boot.operator : null;
  boot.open_requests += done ? -1 : 1;
  hands.tell({ type: "requests", whole: false, rows: [{ ...line }], gone: [], open: boot.open_requests });
  hands.line(line.visitor, "settled", {
    operator: boot.operator,
    detail: { type: "settled", request, done },
  });
}
