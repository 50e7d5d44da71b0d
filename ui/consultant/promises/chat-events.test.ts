// §5 of the consultant API, promise by promise: events of `consultant_chat`, as far as existing controllers lean on
// more than the table's words. The events themselves: chat/*.test.ts.
import { describe, expect, test, vi } from "vitest";
import { memoryChange, memoryForm, memoryInvite, memoryLine } from "../../backend/memory";
import type { Message } from "../../generated/Message";
import {
  ANNA,
  everyTest,
  lines,
  named,
  names,
  OFFLINE,
  ONLINE,
  page,
  stage,
  stands,
  texts,
} from "../chat/page";
import type { ChatMessage } from "../message";

everyTest();

const INVITE = memoryInvite("May I help?", { operator: ANNA, date: 5999 });
const INVITED = { state: "invite", invite: INVITE } as const;
const RATEABLE = { state: "chat", rating: { chat_id: "c", mark: null } } as const;
const TALKING = { boot: { present: { state: "chat" } } } as const;

describe("handlers", () => {
  test("[X] §1 one that throws is logged and stops neither other handlers nor the runtime", async () => {
    await page({
      ...TALKING,
      inController: () =>
        stage.chat.on("sendmessage", () => {
          throw new Error("a controller's mistake");
        }),
    });
    const after = vi.fn();
    stage.chat.on("sendmessage", after);
    for (const message of lines(3, 4)) stage.desk.push({ type: "message", message, unread: 1 });
    expect([after.mock.calls.length, vi.mocked(console.error).mock.calls.length]).toEqual([2, 2]);
  });

  test("[X] §3 each handler gets a copy of a message, and may write into it", async () => {
    await page(TALKING);
    const seen: string[] = [];
    for (let at = 0; at < 2; at += 1) {
      stage.chat.on("sendmessage", (message: unknown) => {
        seen.push((message as ChatMessage).text);
        Object.assign(message as ChatMessage, { text: "changed", v_position: "top" });
      });
    }
    stage.desk.push({ type: "message", message: memoryLine({ seq: 3, text: "raw" }), unread: 1 });
    expect(seen).toEqual(["raw", "raw"]);
  });
});

describe("sendmessage", () => {
  test("[X] §5 is never an echo of a text that this window sent", async () => {
    await page(TALKING);
    const { uid } = stage.chat.sendChatMessage("hello");
    await Promise.resolve();
    stage.desk.push({ type: "status", change: memoryChange(uid, { seq: 2, message_id: "m-2" }) });
    const echo = memoryLine({ uid, key: uid, seq: 2, sender: "visitor", mine: true, text: "hello" });
    stage.desk.push({ type: "message", message: echo, unread: 0 });
    expect(named("sendmessage")).toEqual([]);
  });

  test("[X] §5 brings what this visitor wrote in another window or device", async () => {
    await page(TALKING);
    const message = memoryLine({ seq: 3, message_id: "m-3", sender: "visitor", text: "from my phone" });
    stage.desk.push({ type: "message", message, unread: 0 });
    expect(named("sendmessage")).toMatchObject([
      { sender: "visitor", source: "Visitor", text: "from my phone" },
    ]);
  });

  test("[X] §5 brings an own line that this window did not write by sendChatMessage, once", async () => {
    await page(TALKING);
    const message = memoryLine({ seq: 3, uid: "a file", key: "a file", sender: "visitor", mine: true });
    stage.desk.push({ type: "message", message, unread: 0 });
    stage.desk.push({ type: "message", message, unread: 0 });
    expect(named("sendmessage")).toMatchObject([{ sender: "visitor", uid: "a file" }]);
  });
});

describe("invite", () => {
  test("[X] §5 fires once the state is invite", async () => {
    await page({
      inController: () => stage.chat.on("invite", () => stage.events.push(["state", stage.chat.getState()])),
    });
    stands(INVITED);
    stands({ online: false });
    expect(names()).toEqual(["statechange", "invite", "state", "chatavailabilitychange"]);
    expect(named("state")).toEqual(["invite"]);
  });

  test("[X] §5 is a message object with invite_message, text equal to it, and no fx_link", async () => {
    await page();
    stands(INVITED);
    expect(named("invite")).toEqual([
      {
        invite_message: "May I help?",
        text: "May I help?",
        date: 5,
        source: "Operator",
        from: "Anna",
        sender: "operator",
        operator_info: { name: "Anna", avatar: expect.any(String) as string },
        chat_id: null,
        message_id: "invite",
        uid: "invite",
        seq: null,
      },
    ]);
  });

  test("[X] §5 sender is operator in both, an operator's invitation and an automatic one", async () => {
    await page();
    stands(INVITED);
    stands({ invite: memoryInvite("Hello", { message_id: "rule", key: "rule" }) });
    expect(named("invite")).toMatchObject([
      { sender: "operator", operator_info: { name: "Anna" } },
      { sender: "operator", operator_info: { name: "" }, invite_message: "Hello" },
    ]);
  });

  test("[X] §5 fires again after a restart in that state", async () => {
    await page({ boot: { present: INVITED } });
    expect(names()).toEqual(["invite"]);
  });

  test("[X] §5 is not repeated by sendmessage or showhistory", async () => {
    const line = memoryInvite("May I help?", { seq: 2, message_id: "m-2", key: "m-2", operator: ANNA });
    await page({ boot: { present: INVITED, messages: [...lines(1, 1), line] } });
    stage.desk.push({ type: "message", message: { ...line, seq: 3, key: "m-3" }, unread: 0 });
    stage.desk.push({ type: "missed", messages: [{ ...line, seq: 4, key: "m-4" }], unread: 0 });
    expect(names()).toEqual(["showhistory", "invite"]);
    expect(texts(named("showhistory")[0])).toEqual(["line 1"]);
  });
});

describe("ratingchange", () => {
  test("[X] §5 null when a chat becomes rateable", async () => {
    await page();
    stands(RATEABLE);
    expect(named("ratingchange")).toEqual([null]);
  });

  test("[X] §5 null after a restart too, where the chat has no mark, and else the mark", async () => {
    await page({ boot: { present: RATEABLE } });
    expect(named("ratingchange")).toEqual([null]);
    await page({ boot: { present: { rating: { chat_id: "c", mark: 3 } } } });
    expect(named("ratingchange")).toEqual([3]);
  });

  test("[X] §5 never when rating is off for the site", async () => {
    await page({ boot: { form: memoryForm({ rating: false }), present: RATEABLE } });
    stands({ rating: { chat_id: "c", mark: 5 } });
    expect(named("ratingchange")).toEqual([]);
  });

  test("[X] §5 thumbs: 5 and 1 are marks, told at once", async () => {
    await page({ boot: { present: RATEABLE } });
    for (const mark of [5, 1]) {
      stage.chat.setOperatorRating(mark);
      await Promise.resolve();
    }
    expect(named("ratingchange")).toEqual([null, 5, 1]);
  });
});

describe("chattyping", () => {
  test("[X] §5 is told again before the 5 s after which controllers clear it, while the operator types", async () => {
    await page(TALKING);
    stage.desk.push({ type: "typing", typing: true });
    for (let told = 1; told < 4; told += 1) {
      vi.advanceTimersByTime(4999);
      expect(named("chattyping").length).toBeGreaterThan(told);
    }
    stage.desk.push({ type: "typing", typing: false });
    const before = named("chattyping").length;
    vi.advanceTimersByTime(20_000);
    expect(named("chattyping")).toHaveLength(before);
  });
});

describe("showhistory", () => {
  test("[X] §5 an array, oldest first, after boot, once", async () => {
    await page({ boot: { messages: lines(1, 3) } });
    stands({ state: "chat" });
    expect(named("showhistory").map(texts)).toEqual([["line 1", "line 2", "line 3"]]);
  });

  test("[X] §5 a copy that the controller may empty: the next handler and getHistory() are none the poorer", async () => {
    const left: number[] = [];
    const emptying = (shown: unknown): void => {
      const messages = shown as ChatMessage[];
      left.push(messages.length);
      while (messages.length > 0) messages.shift();
    };
    await page({
      boot: { messages: lines(3, 4), more: true },
      archive: lines(1, 2),
      inController: () => stage.chat.on("showhistory", emptying).on("showhistory", emptying),
    });
    expect([left, texts(stage.chat.getHistory())]).toEqual([
      [2, 2],
      ["line 2", "line 1"],
    ]);
  });

  test("[X] §5 after a reconnection with unseen messages only", async () => {
    await page({ boot: { messages: lines(1, 2) } });
    for (const connection of [OFFLINE, ONLINE]) stage.desk.push({ type: "connection", connection });
    stage.desk.push({ type: "missed", messages: [], unread: 0 });
    expect(named("showhistory")).toHaveLength(1);
    stage.desk.push({ type: "missed", messages: lines(2, 4), unread: 2 });
    stage.desk.push({ type: "missed", messages: lines(3, 4), unread: 2 });
    expect(named("showhistory").slice(1).map(texts)).toEqual([["line 3", "line 4"]]);
  });

  test("[X] §5 getHistory() goes on before the oldest shown", async () => {
    await page({ boot: { messages: lines(21, 40), more: true }, archive: lines(1, 20) });
    expect(texts(stage.chat.getHistory())).toEqual(texts(lines(1, 20).reverse() as unknown as Message[]));
  });
});

test("[X] §5 messageviewed follows clearUnreadCounter() also where nothing was unread", async () => {
  await page();
  stage.chat.clearUnreadCounter();
  await Promise.resolve();
  expect([named("messageviewed"), stage.desk.calls]).toEqual([[undefined], []]);
});
