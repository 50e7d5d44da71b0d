// startChat and closeChat, and their events.
import { describe, expect, test, vi } from "vitest";
import { memoryLine } from "../../backend/memory";
import { everyTest, named, page, stage, stands } from "./page";

everyTest();

describe("startChat and closeChat", () => {
  test("the state changes at once, the event follows, the answer comes from the desk", async () => {
    await page();
    stage.chat.startChat();
    expect([stage.chat.getState(), stage.events.length]).toEqual(["chat", 0]);
    await Promise.resolve();
    expect(stage.events).toEqual([["statechange", "chat"]]);
    stage.desk.answer("startchat");
    stands({ state: "chat" });
    vi.runAllTimers();
    expect(stage.events).toEqual([
      ["statechange", "chat"],
      ["startchat", { success: true }],
    ]);
    expect(stage.desk.calls).toEqual([["want", { type: "start_chat" }]]);
  });

  test("a refusal rolls the state back, then says so", async () => {
    await page();
    stage.chat.startChat();
    await Promise.resolve();
    stage.desk.answer("startchat", { success: false, code: "rate", message: "Wait." });
    expect(stage.chat.getState()).toBe("available");
    expect(stage.events.slice(1)).toEqual([
      ["statechange", "available"],
      [
        "startchat",
        { success: false, code: "rate", info: { title: "The chat did not start", message: "Wait." } },
      ],
    ]);
  });

  test("a call that Rust rejects is answered as refused", async () => {
    await page();
    stage.desk.problems.set("want", { code: "disk_full", message: "Full." });
    stage.chat.startChat();
    await vi.waitFor(() => expect(named("startchat")).toHaveLength(1));
    expect(named("startchat")[0]).toMatchObject({
      success: false,
      code: "disk_full",
      info: { message: "Full." },
    });
    expect(stage.chat.getState()).toBe("available");
  });

  test("a chat that another closes: statechange and a System message, no closechat", async () => {
    await page({ boot: { present: { state: "chat" } } });
    stands({ state: "available" });
    const message = memoryLine({ kind: "closed", sender: "system", seq: 4, reason: "closed_by_operator" });
    stage.desk.push({ type: "message", message, unread: 0 });
    expect(stage.events[0]).toEqual(["statechange", "available"]);
    expect(named("sendmessage")[0]).toMatchObject({
      source: "System",
      from: "System",
      text: "The operator ended the chat",
    });
    expect(named("closechat")).toEqual([]);
  });

  test("the desk's word that comes after the answer causes no flicker", async () => {
    await page();
    stage.chat.startChat();
    await Promise.resolve();
    stage.desk.answer("startchat");
    stands({ state: "chat" });
    vi.runAllTimers();
    stands({ state: "available" });
    expect(named("statechange")).toEqual(["chat", "available"]);
  });

  test("a wish whose chat was closed meanwhile does not hold the state for ever", async () => {
    await page();
    stage.chat.startChat();
    await Promise.resolve();
    stage.desk.answer("startchat");
    vi.runAllTimers();
    expect(named("statechange")).toEqual(["chat", "available"]);
  });
});
