// chatTyping and chattyping.
import { describe, expect, test, vi } from "vitest";
import { memoryLine } from "../../backend/memory";
import { everyTest, named, page, stage } from "./page";

everyTest();

describe("typing", () => {
  test("chattyping stops with the message", async () => {
    await page({ boot: { present: { state: "chat" } } });
    stage.desk.push({ type: "typing", typing: true });
    stage.desk.push({ type: "message", message: memoryLine({ seq: 1 }), unread: 1 });
    vi.advanceTimersByTime(9000);
    expect(named("chattyping")).toHaveLength(1);
  });
  test("chatTyping is throttled, the last words go out, and sending clears it", async () => {
    await page({ boot: { present: { state: "chat" } } });
    for (const text of ["h", "he", "hel", "hell"]) stage.chat.chatTyping(text);
    vi.advanceTimersByTime(1000);
    stage.chat.sendChatMessage("hello");
    vi.advanceTimersByTime(1000);
    const typed = stage.desk.calls.filter(([verb]) => verb === "typing").map(([, text]) => text);
    expect(typed).toEqual(["h", "hell", ""]);
  });

  test("chatTyping refuses what is no text", async () => {
    await page();
    stage.chat.chatTyping(undefined);
    await Promise.resolve();
    expect(named("error")).toHaveLength(1);
  });
});
