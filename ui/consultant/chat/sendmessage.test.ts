// sendmessage: lines that happen now, of whomever.
import { describe, expect, test } from "vitest";
import { memoryChange, memoryLine } from "../../backend/memory";
import type { Message } from "../../generated/Message";
import type { MessageKind } from "../../generated/MessageKind";
import type { ChatMessage } from "../message";
import { ANNA, everyTest, lines, named, names, page, stage, stands, texts } from "./page";

everyTest();

describe("sendmessage", () => {
  test("brings operators' messages; the counter has risen before", async () => {
    await page({ boot: { present: { state: "chat" } } });
    let counter = -1;
    stage.chat.on("sendmessage", () => (counter = stage.chat.getUnreadCounter()));
    stage.desk.push({
      type: "message",
      message: { ...lines(3, 3)[0], text: "<b>hi</b>", date: 12_999 } as Message,
      unread: 1,
    });
    expect(counter).toBe(1);
    expect(named("sendmessage")[0]).toEqual({
      text: "<b>hi</b>",
      date: 12,
      source: "Operator",
      from: "Anna",
      chat_id: null,
      message_id: "m-3",
      uid: "m-3",
      seq: 3,
      sender: "operator",
      operator_info: { name: "Anna", avatar: expect.stringMatching(/^data:image/) as string },
      fx_link: null,
    });
  });

  test("what became of a chat is told once, also where this window did it", async () => {
    await page();
    stage.chat.startChat();
    stage.chat.sendChatMessage("hello");
    await Promise.resolve();
    stage.events.length = 0;
    const opened = memoryLine({ kind: "opened", sender: "system", mine: true, uid: "s", seq: 1 });
    stage.desk.push({ type: "status", change: memoryChange("s", { seq: 1, message_id: "m-1" }) });
    stage.desk.push({ type: "message", message: opened, unread: 0 });
    stands({ state: "chat" });
    stage.desk.push({ type: "message", message: opened, unread: 0 });
    expect(texts(named("sendmessage") as ChatMessage[])).toEqual(["Chat started"]);
  });

  test.each([
    ["opened", { detail: { type: "opened", by: "start", group: null } }, "Chat started"],
    ["joined", { operator: ANNA }, "Anna joined the chat"],
    ["left", { operator: ANNA }, "Anna left the chat"],
    ["moved", { detail: { type: "moved", group: 1, name: "Sales" } }, "The chat was passed on: Sales"],
    ["moved", { detail: { type: "moved", group: null, name: "" } }, "The chat was passed on"],
    ["closed", { reason: "closed_by_operator" }, "The operator ended the chat"],
    ["closed", { reason: "closed_by_visitor" }, "You ended the chat"],
    ["closed", { reason: "closed_by_timeout" }, "The chat ended because nobody wrote for a while"],
    [
      "closed",
      { reason: "visitor_disconnected" },
      "The chat ended because the connection was gone for too long",
    ],
    ["closed", { reason: "visitor_banned" }, "The desk has ended this chat and takes no messages from here"],
    ["closed", { reason: "something_new" }, "Chat ended"],
    ["message", { text: "Everybody is busy." }, "Everybody is busy."],
  ] as [MessageKind, Partial<Message>, string][])(
    "tells of %s (%j) as the system",
    async (kind, fields, text) => {
      await page({ boot: { present: { state: "chat" } } });
      stage.desk.push({
        type: "message",
        message: memoryLine({ seq: 1, kind, sender: "system", ...fields }),
        unread: 0,
      });
      expect(named("sendmessage")).toMatchObject([
        { text, source: "System", from: "System", sender: "system" },
      ]);
    },
  );

  test.each([
    "invited",
    "invite_ended",
    "rated",
    "card",
    "transcript_asked",
    "transcript_ended",
    "requested",
    "settled",
    "lead_shown",
    "lead_ended",
    "consented",
    "banned",
  ] as MessageKind[])("tells nothing of %s", async (kind) => {
    await page({ boot: { present: { state: "chat" } } });
    const message = memoryLine({ seq: 1, kind, sender: "system" });
    stage.desk.push({ type: "message", message, unread: 0 });
    stage.desk.push({ type: "missed", messages: [{ ...message, seq: 2, key: "2" }], unread: 0 });
    expect([names(), stage.chat.hasHistory()]).toEqual([[], false]);
  });
});
