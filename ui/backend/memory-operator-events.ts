// A conversation with every kind of line in it, for looking at the log.
import type { Conversation } from "../generated/Conversation";
import type { Locale } from "../generated/Locale";
import type { Message } from "../generated/Message";
import type { Operator } from "../generated/Operator";
import { emptyConversation, systemLine } from "./memory-operator";

/** One of each. */
export function eventful(visitor: string, start: number, operator: Operator, locale: Locale): Conversation {
  const say = (en: string, ru: string) => (locale === "ru" ? ru : en);
  const card = { name: "Ingrid", emails: ["ingrid@example.test"], phones: ["+46 8 123 456 78"] };
  const lines: (Partial<Message> & { kind: Message["kind"] })[] = [
    { kind: "lead_shown", detail: { type: "lead", form: "call_generator" } },
    { kind: "lead_ended", reason: "cancelled" },
    {
      kind: "invited",
      text: say("Hello! Can I help you choose?", "Здравствуйте! Помочь вам с выбором?"),
      detail: { type: "invited", expires: null },
    },
    { kind: "invite_ended", reason: "invite_rejected" },
    { kind: "consented", detail: { type: "consented", version: 3 } },
    { kind: "opened", detail: { type: "opened", by: "message", group: 1 } },
    { kind: "card", detail: { type: "card", card } },
    {
      kind: "message",
      text: say("Which bulb fits the lamp?", "Какая лампочка сюда подойдёт?"),
      sender: "visitor",
    },
    {
      kind: "message",
      text: say("We are looking for somebody for you.", "Ищем для вас свободного оператора."),
    },
    { kind: "joined", operator },
    { kind: "moved", operator, detail: { type: "moved", group: 2, name: say("Orders", "Заказы") } },
    { kind: "left", operator },
    { kind: "rated", operator, detail: { type: "rated", mark: 4 } },
    { kind: "rated", operator, detail: { type: "rated", mark: null } },
    { kind: "transcript_asked", detail: { type: "transcript", email: "ingrid@example.test" } },
    { kind: "transcript_ended", reason: "refused" },
    { kind: "closed", reason: "visitor_disconnected" },
    {
      kind: "requested",
      detail: {
        type: "requested",
        body: { type: "callback", name: "", phone: "+46 8 123 456 78", group: null, at: start + 3_600_000 },
      },
    },
    {
      kind: "requested",
      detail: {
        type: "requested",
        body: {
          type: "offline",
          name: "",
          email: "ingrid@example.test",
          phone: "",
          text: say("My lamp flickers.", "Лампа мигает."),
          group: 1,
        },
      },
    },
    { kind: "settled", operator, detail: { type: "settled", request: "r1", done: true } },
    { kind: "banned", operator, detail: { type: "banned", banned: true } },
    { kind: "banned", operator, detail: { type: "banned", banned: false } },
  ];
  const messages = lines.map((line, index) => ({
    ...systemLine(line.kind, `event-${String(index)}`, start + index * 60_000, null),
    chat_id: "chat",
    seq: index + 1,
    ...line,
  }));
  return { ...emptyConversation(visitor), messages };
}
