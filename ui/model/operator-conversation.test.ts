import { describe, expect, it } from "vitest";
import type { StatusChange } from "../generated/StatusChange";
import {
  asked,
  atNewest,
  firstSeq,
  lastSeq,
  opened,
  opening,
  statusOf,
  withMessage,
  withOlder,
  withOlderHere,
  without,
  withReceipts,
  withStatus,
  withTyping,
} from "./operator-conversation";
import { aConversation, aLine, ownLine } from "./operator-fixtures";
import { SPAN_LINES, SPAN_STEP } from "./operator-span";
import type { Message } from "../generated/Message";

const open = (...messages: Message[]) => opened(opening("v"), aConversation("v", messages, true));
const keys = (conversation: ReturnType<typeof open>) => conversation.messages.map(({ key }) => key);

function change(uid: string, more: Partial<StatusChange>): StatusChange {
  return {
    uid,
    status: "sent",
    seq: null,
    message_id: null,
    chat_id: null,
    date: null,
    code: null,
    sentence: null,
    ...more,
  };
}

describe("the open conversation", () => {
  it("C6: shows what is confirmed by seq, then what waits in the outbox's order, whatever the clocks say", () => {
    const late = aLine(3, { date: 1 });
    const conversation = open(ownLine("w1", null, { date: 9 }), late, aLine(2, { date: 99 }), ownLine("w2"));
    expect(keys(conversation)).toEqual(["m2", "m3", "w1", "w2"]);
    expect(keys(withMessage(conversation, aLine(4, { date: 0 })))).toEqual(["m2", "m3", "m4", "w1", "w2"]);
  });

  it("C6: an own message takes its place when the desk has given it one", () => {
    const conversation = withStatus(open(aLine(1), ownLine("w1"), ownLine("w2")), change("w1", { seq: 2 }));
    expect(keys(withMessage(conversation, aLine(3)))).toEqual(["m1", "w1", "m3", "w2"]);
  });

  it("I2: a line that comes again, by key or by seq, is shown once", () => {
    const conversation = open(aLine(1), ownLine("w1", 2));
    expect(keys(withMessage(conversation, aLine(1)))).toEqual(["m1", "w1"]);
    expect(keys(withMessage(conversation, aLine(2, { key: "same-by-seq" })))).toEqual(["m1", "same-by-seq"]);
  });

  it("keeps a status that overtook the answer to its send", () => {
    const early = withStatus(open(aLine(1)), change("w1", { seq: 2, message_id: "id" }));
    const conversation = withMessage(early, ownLine("w1"));
    expect(conversation.messages.at(-1)).toMatchObject({ status: "sent", seq: 2, message_id: "id" });
    expect(conversation.early.size).toBe(0);
  });

  it("does not fall back to queued when the answer to a send comes after the conversation was opened again", () => {
    const conversation = open(ownLine("w1", 2));
    expect(withMessage(conversation, ownLine("w1"))).toBe(conversation);
  });

  it("says why a message failed, and forgets it when it is tried again", () => {
    const refused = { status: "failed", code: "too_large", sentence: "It is too long." } as const;
    const failed = withStatus(open(ownLine("w1")), change("w1", refused));
    expect(failed.messages[0]).toMatchObject({ status: "failed", code: "too_large" });
    expect(failed.reasons.get("w1")).toBe("It is too long.");
    const again = withStatus(failed, change("w1", { status: "queued" }));
    expect(again.messages[0]).toMatchObject({ status: "queued", code: null });
    expect(again.reasons.size).toBe(0);
  });

  it("tells delivered and read from the receipts, and leaves other statuses alone", () => {
    const receipts = { delivered: 4, read: 2 };
    const of = (message: Message) => statusOf(message, receipts);
    expect([2, 4, 5].map((seq) => of(ownLine("w", seq)))).toEqual(["read", "delivered", "sent"]);
    expect(of(ownLine("w"))).toBe("queued");
    expect(of(ownLine("w", null, { status: "failed" }))).toBe("failed");
    expect(of(ownLine("w", null, { status: "held" }))).toBe("held");
  });

  it("S11: marks never go back", () => {
    const ahead = withReceipts(open(), { delivered: 5, read: 3 });
    expect(withReceipts(ahead, { delivered: 4, read: 4 }).receipts).toEqual({ delivered: 5, read: 4 });
    expect(withReceipts(ahead, { delivered: 6, read: 2 }).receipts).toEqual({ delivered: 6, read: 3 });
  });

  it("ends the visitor's typing when the words come, and not when others write", () => {
    const typing = withTyping(open(aLine(1)), "Hel");
    expect(withMessage(typing, ownLine("w1")).typing).toBe("Hel");
    expect(withMessage(typing, aLine(2)).typing).toBeNull();
    expect(withTyping(typing, "").typing).toBeNull();
  });

  it("puts an older page before all others, once, and keeps the same lines in the page", () => {
    const conversation = open(aLine(4), aLine(5), ownLine("w1"));
    const older = withOlder(conversation, { messages: [aLine(4), aLine(3), aLine(2)], more: false });
    expect(keys(older)).toEqual(["m2", "m3", "m4", "m5", "w1"]);
    expect(older.more).toBe(false);
    expect(older.span).toEqual({ start: 0, end: 5 });
    expect(withOlder(conversation, { messages: [aLine(4)], more: true }).more).toBe(false);
  });

  it("older lines that come to this device later can be had then", () => {
    const all = withOlder(open(aLine(4)), { messages: [], more: false });
    expect([all.more, withOlderHere(all).more]).toEqual([false, true]);
  });

  it("news of older lines is not undone by an answer that was on its way", () => {
    const asking = asked(open(aLine(4)));
    const answered = withOlder(withOlderHere(asking), { messages: [], more: false });
    expect(answered.more).toBe(true);
    expect(withOlder(asked(answered), { messages: [], more: false }).more).toBe(false);
    const reopened = opened(withOlderHere(asked(answered)), aConversation("v", [aLine(4)]));
    expect(reopened.more).toBe(true);
  });

  it("C5: an own line that turns out to stand below all others comes with its page", () => {
    const conversation = open(aLine(30), aLine(31), ownLine("w1"));
    const moved = withStatus({ ...conversation, more: false }, change("w1", { seq: 5 }));
    expect([keys(moved), moved.more, firstSeq(moved)]).toEqual([["m30", "m31"], true, 30]);
  });

  it("nobody types in a chat that is over, nor where nobody can be heard", () => {
    const typing = withTyping(open(aLine(1)), "Hel");
    const closed = aLine(2, { kind: "closed", sender: "system", reason: "closed_by_operator" });
    const over = withMessage(typing, closed);
    expect(over.typing).toBeNull();
    // Opened again, with words that the desk heard before the chat was over.
    const answer = aConversation("v", [aLine(1), closed]);
    expect(opened(opening("v"), { ...answer, typing: "Hel" }).typing).toBeNull();
    expect(withTyping(over, "new words").typing).toBe("new words");
    expect(opened(opening("v"), { ...aConversation("v", [aLine(1)]), typing: "Hel" }).typing).toBe("Hel");
  });

  it("what replaces it replaces every line and keeps the reasons", () => {
    const failed = withStatus(
      open(aLine(1), ownLine("w1")),
      change("w1", { status: "failed", sentence: "No." }),
    );
    const again = opened(failed, aConversation("v", [aLine(7)]));
    expect(keys(again)).toEqual(["m7"]);
    expect(again.reasons.get("w1")).toBe("No.");
  });

  it("drops a discarded message and knows its first and last seq", () => {
    const conversation = without(open(aLine(3), aLine(4), ownLine("w1")), "w1");
    expect(keys(conversation)).toEqual(["m3", "m4"]);
    expect([firstSeq(conversation), lastSeq(conversation)]).toEqual([3, 4]);
    expect([firstSeq(open(ownLine("w1"))), lastSeq(open())]).toEqual([null, 0]);
  });
});

describe("a conversation that stays open for long", () => {
  const many = (from: ReturnType<typeof open>, count: number, first: number) =>
    Array.from({ length: count }, (_, index) => aLine(first + index)).reduce(withMessage, from);
  const long = many(open(), 2_000, 1);

  it("holds no more lines than the page shows and a step, whatever came", () => {
    expect(long.messages.length).toBeLessThan(SPAN_LINES + SPAN_STEP);
    expect(long.span.end - long.span.start).toBe(SPAN_LINES);
    expect(lastSeq(long)).toBe(2_000);
    expect(long.more).toBe(true);
  });

  it("has every line again by going back through the store, each once", () => {
    let now = long;
    for (let first = firstSeq(now) ?? 0; first > 1; first = firstSeq(now) ?? 0) {
      const page = Array.from({ length: Math.min(50, first - 1) }, (_, index) => aLine(first - 1 - index));
      now = withOlder(now, { messages: page, more: first > 51 });
    }
    expect(now.messages.map(({ seq }) => seq)).toEqual(
      Array.from({ length: 2_000 }, (_, index) => index + 1),
    );
    expect(now.more).toBe(false);
    expect(atNewest(now).messages).toHaveLength(SPAN_LINES);
  });

  it("takes nothing from under a reader who has gone back, nor while older lines are on their way", () => {
    const back = { ...long, span: { start: 0, end: 300 } };
    expect(firstSeq(many(back, 300, 2_001))).toBe(firstSeq(long));
    expect(firstSeq(many({ ...long, loadingOlder: true }, 300, 2_001))).toBe(firstSeq(long));
  });

  it("keeps no word of how a line came about that is in the store again", () => {
    expect(withStatus(long, change("gone", { seq: 3 })).early.size).toBe(0);
    const waiting = many(withMessage(open(), ownLine("w1")), 2_000, 1);
    expect(waiting.messages.at(-1)).toMatchObject({ uid: "w1", seq: null });
  });
});
