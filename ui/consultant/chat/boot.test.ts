// boot: the first events.
import { describe, expect, test } from "vitest";
import type { ChatMessage } from "../message";
import { everyTest, lines, named, page, stage, texts } from "./page";

everyTest();

describe("boot", () => {
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
});
