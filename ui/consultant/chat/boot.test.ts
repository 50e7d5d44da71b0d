// boot: the mirror and the first events.
import { describe, expect, test, vi } from "vitest";
import type { ChatMessage } from "../message";
import { ANNA, everyTest, lines, named, page, stage, stands, texts } from "./page";

everyTest();

describe("boot", () => {
  test("the mirror is complete before the controller runs, and no event is delivered before it has returned", async () => {
    let seen: unknown[] = [];
    await page({
      boot: { present: { state: "chat", online: false, operator: ANNA }, unread: 2, messages: lines(1, 2) },
      inController: () => {
        stands({ online: true });
        seen = [
          stage.chat.getState(),
          stage.chat.isChatAvailable(),
          stage.chat.getUnreadCounter(),
          stage.chat.hasHistory(),
          stage.events.length,
        ];
      },
    });
    expect(seen).toEqual(["chat", false, 2, true, 0]);
    expect(stage.events.map(([event]) => event)).toEqual(["showhistory", "chatavailabilitychange"]);
  });

  test("showhistory comes after boot, oldest first; an empty conversation has none", async () => {
    await page({ boot: { messages: lines(1, 3) } });
    expect(texts(named("showhistory")[0] as ChatMessage[])).toEqual(["line 1", "line 2", "line 3"]);
    await page();
    expect(stage.events).toEqual([]);
  });

  test("a history that the controller asked for itself is not shown again", async () => {
    let page1: ChatMessage[] | false = false;
    await page({ boot: { messages: lines(1, 3) }, inController: () => (page1 = stage.chat.getHistory()) });
    expect(texts(page1)).toEqual(["line 3", "line 2", "line 1"]);
    expect(named("showhistory")).toEqual([]);
  });

  test("a second registration of a name replaces nothing and is reported", async () => {
    const { callGear } = await page();
    const second = vi.fn();
    callGear.UI.registerViewController("consultant", second);
    expect(second).not.toHaveBeenCalled();
    expect(console.error).toHaveBeenCalledOnce();
  });
});
