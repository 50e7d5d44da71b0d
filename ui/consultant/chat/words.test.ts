// sendChatMessage and messagestatus.
import { describe, expect, test, vi } from "vitest";
import { memoryChange, memoryForm, memoryLine } from "../../backend/memory";
import { everyTest, named, page, stage } from "./page";

everyTest();

const GROUPS = [
  { id: 1, name: "Sales" },
  { id: 12, name: "Care" },
];

describe("sendChatMessage", () => {
  test("gives the message at once, opens the chat, and is never echoed by sendmessage", async () => {
    await page();
    const message = stage.chat.sendChatMessage("hello");
    expect(message).toMatchObject({
      text: "hello",
      sender: "visitor",
      source: "Visitor",
      from: "Visitor",
      status: "queued",
    });
    expect(stage.chat.getState()).toBe("chat");
    expect(stage.events).toEqual([]);
    await Promise.resolve();
    const queued = { uid: message.uid, message_id: null, seq: null, status: "queued" };
    expect(stage.events).toEqual([
      ["statechange", "chat"],
      ["messagestatus", queued],
    ]);
    const change = memoryChange(message.uid, { seq: 2, message_id: "m-2", date: 5 });
    stage.desk.push({ type: "status", change });
    stage.desk.push({ type: "status", change });
    const echo = memoryLine({ uid: message.uid, key: message.uid, seq: 2, sender: "visitor", mine: true });
    stage.desk.push({ type: "message", message: echo, unread: 0 });
    expect(named("messagestatus").slice(1)).toEqual([
      { uid: message.uid, message_id: "m-2", seq: 2, status: "sent" },
    ]);
    expect(named("sendmessage")).toEqual([]);
  });

  test("what Rust refuses is refused with its sentence", async () => {
    await page();
    stage.desk.problems.set("send", { code: "disk_full", message: "The disk is full." });
    const { uid } = stage.chat.sendChatMessage("hello");
    await Promise.resolve();
    expect(named("messagestatus")).toEqual([
      { uid, message_id: null, seq: null, status: "failed", code: "disk_full" },
    ]);
    expect(named("error")).toEqual([{ code: "disk_full", message: "The disk is full." }]);
  });

  test("what the desk refuses fails later, and the state that the message had opened goes back", async () => {
    await page();
    const { uid } = stage.chat.sendChatMessage("hello");
    await Promise.resolve();
    stage.desk.push({
      type: "status",
      change: memoryChange(uid, { status: "failed", code: "forbidden", sentence: "No." }),
    });
    expect(named("messagestatus").at(-1)).toEqual({
      uid,
      message_id: null,
      seq: null,
      status: "failed",
      code: "forbidden",
    });
    expect(named("error")).toEqual([{ code: "forbidden", message: "No." }]);
    expect(named("statechange")).toEqual(["chat", "available"]);
  });

  test("delivered and read follow from receipts, once each", async () => {
    await page({ boot: { present: { state: "chat" } } });
    const { uid } = stage.chat.sendChatMessage("hello");
    await Promise.resolve();
    stage.desk.push({ type: "status", change: memoryChange(uid, { seq: 7, message_id: "m-7" }) });
    for (const receipts of [
      { delivered: 6, read: 6 },
      { delivered: 7, read: 6 },
      { delivered: 9, read: 8 },
    ]) {
      stage.desk.push({ type: "receipts", receipts });
    }
    const statuses = named("messagestatus").map((change) => (change as { status: string }).status);
    expect(statuses).toEqual(["queued", "sent", "delivered", "read"]);
  });

  test("what is held is failed with the code held, at boot too; a discarded message says so and is gone", async () => {
    const held = memoryLine({
      uid: "u",
      key: "u",
      sender: "visitor",
      mine: true,
      status: "held",
      text: "old",
    });
    const { session } = await page({ boot: { messages: [held] } });
    expect(named("messagestatus")).toEqual([
      { uid: "u", message_id: null, seq: null, status: "failed", code: "held" },
    ]);
    session.discard("u");
    await vi.waitFor(() => expect(named("messagestatus")).toHaveLength(2));
    expect(named("messagestatus")[1]).toMatchObject({ uid: "u", status: "failed", code: "discarded" });
    expect(session.mirror.undecided).toEqual([]);
  });

  test.each([[7], ["7"], ["sales"], [NaN], [1.5], [{}], [true], [[12]]])(
    "an unknown group (%j) is refused, and the words are given back",
    async (group) => {
      await page({ boot: { form: memoryForm({ groups: GROUPS }) } });
      const { status, text } = stage.chat.sendChatMessage("hello", group);
      await Promise.resolve();
      expect([status, text, stage.desk.calls]).toEqual(["failed", "hello", []]);
      expect(named("messagestatus")).toMatchObject([{ status: "failed", code: "unknown_group" }]);
      expect(named("error")).toMatchObject([{ code: "unknown_group" }]);
    },
  );

  test("a group is not checked where the desk was never reached, and is its own to refuse", async () => {
    await page({ boot: { form: null } });
    stage.chat.sendChatMessage("hello", "3");
    expect(stage.desk.calls).toEqual([["send", "hello", 3]]);
  });

  test("8,000 characters are sent, one more is refused", async () => {
    await page();
    expect(stage.chat.sendChatMessage("😀".repeat(8000)).status).toBe("queued");
    expect(stage.chat.sendChatMessage("x".repeat(8001)).status).toBe("failed");
    await Promise.resolve();
    expect(named("error")).toMatchObject([{ code: "too_large" }]);
  });
});
