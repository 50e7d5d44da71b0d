// historyreset: the desk was restored, other lines take the place of all.
import { describe, expect, test } from "vitest";
import { memoryLine } from "../../backend/memory";
import type { Message } from "../../generated/Message";
import type { ChatMessage } from "../message";
import { EVENTS, everyTest, lines, named, page, stage, texts } from "./page";

/** Those that a controller made for another desk does not know. */
const OURS = ["historyavailable", "historyreset"];

everyTest();

describe("after a restore", () => {
  test("after a restore the new lines are shown and own ones that came back say so", async () => {
    const own = memoryLine({ uid: "u", key: "u", seq: 2, sender: "visitor", mine: true, text: "mine" });
    const { session } = await page({ boot: { messages: [...lines(1, 1), own] } });
    stage.events.length = 0;
    const back: Message = { ...own, seq: null, status: "held" };
    stage.desk.push({ type: "replaced", messages: [...lines(5, 5), back], more: false, unread: 0 });
    expect(texts(named("showhistory")[0] as ChatMessage[])).toEqual(["line 5", "mine"]);
    expect(named("messagestatus")).toEqual([
      { uid: "u", message_id: null, seq: null, status: "failed", code: "held" },
    ]);
    expect(session.mirror.undecided).toHaveLength(1);
  });

  test("after a restore whoever hears of it starts again with exactly the lines that are left", async () => {
    await page({ boot: { messages: lines(1, 4), more: true }, archive: lines(1, 1) });
    stage.events.length = 0;
    stage.desk.push({ type: "replaced", messages: lines(1, 2), more: false, unread: 0 });
    expect(stage.events.map(([event]) => event)).toEqual(["historyreset", "showhistory"]);
    expect(texts(named("showhistory")[0] as ChatMessage[])).toEqual(["line 1", "line 2"]);
    stage.events.length = 0;
    stage.desk.push({ type: "replaced", messages: [], more: false, unread: 0 });
    expect(stage.events.map(([event]) => event)).toEqual(["historyreset"]);
  });

  test("after a restore a controller that knows nothing of it is given no line twice", async () => {
    const known = EVENTS.filter((event) => !OURS.includes(event));
    await page({ boot: { messages: lines(1, 2) }, heard: known });
    stage.events.length = 0;
    stage.desk.push({ type: "replaced", messages: lines(2, 3), more: false, unread: 0 });
    expect(named("showhistory").map((shown) => texts(shown as ChatMessage[]))).toEqual([["line 3"]]);
  });

  test("after a restore unread, read marks and receipts are the desk's again", async () => {
    const own = memoryLine({ uid: "u", key: "u", seq: 2, sender: "visitor", mine: true, text: "mine" });
    const { session } = await page({
      boot: {
        messages: [...lines(1, 1), own, ...lines(3, 9)],
        unread: 3,
        receipts: { delivered: 9, read: 9 },
      },
    });
    stage.chat.clearUnreadCounter();
    stage.desk.push({
      type: "replaced",
      messages: [...lines(1, 1), own, ...lines(3, 3)],
      more: false,
      unread: 1,
    });
    expect(stage.chat.getUnreadCounter()).toBe(1);
    expect(session.mirror.receipts).toEqual({ delivered: 0, read: 0 });
    stage.chat.clearUnreadCounter();
    expect(stage.desk.calls).toEqual([
      ["read", 9],
      ["read", 3],
    ]);
  });
});
