// §4 of the consultant API, promise by promise: methods of `consultant_chat`, as far as existing controllers lean on
// more than the table's words. The methods themselves: chat/*.test.ts.
import { describe, expect, test, vi } from "vitest";
import { memoryForm, memoryInvite } from "../../backend/memory";
import {
  ANNA,
  everyTest,
  lines,
  named,
  names,
  OFFLINE,
  page,
  stage,
  stands,
  texts,
  wishes,
} from "../chat/page";
import type { ChatMessage } from "../message";

everyTest();

const INVITED = { state: "invite", invite: memoryInvite("May I help?", { operator: ANNA }) } as const;
const GROUPS = [
  { id: 1, name: "Sales" },
  { id: 12, name: "Care" },
];

describe("closeChat(cb)", () => {
  test.each([
    ["online", {}],
    ["offline", { connection: OFFLINE }],
  ])("[X] §4 %s: cb always runs, with the state already available", async (_, boot) => {
    await page({ boot: { present: { state: "chat" }, ...boot } });
    const states: string[] = [];
    const note = (): void => void states.push(stage.chat.getState());
    stage.chat.closeChat(note);
    expect(states).toEqual([]);
    await Promise.resolve();
    stage.chat.closeChat(note);
    await Promise.resolve();
    expect(states).toEqual(["available", "available"]);
    expect(stage.desk.calls).toEqual([["want", { type: "close_chat" }]]);
  });

  test("[X] §4 cb that throws, or is none, harms nobody", async () => {
    await page({ boot: { present: { state: "chat" } } });
    stage.chat.closeChat(() => {
      throw new Error("a controller's mistake");
    });
    stage.chat.closeChat("no function");
    await Promise.resolve();
    expect([stage.chat.getState(), named("closechat")]).toEqual(["available", [{ success: true }]]);
  });
});

describe("sendChatMessage(text, groupId)", () => {
  test("[X] §4 opens the chat if there is none", async () => {
    await page();
    stage.chat.sendChatMessage("hello");
    expect(stage.chat.getState()).toBe("chat");
  });

  test("[X] §4 always returns a message object with sender visitor and a uid, at once, before the server has it", async () => {
    await page({ boot: { connection: OFFLINE } });
    for (const text of ["hello", "", undefined, { evil: true }]) {
      expect(stage.chat.sendChatMessage(text)).toMatchObject({
        sender: "visitor",
        uid: expect.stringMatching(/./) as string,
        message_id: null,
      });
    }
  });

  test.each([
    ["empty", "  \n "],
    ["invalid", { evil: true }],
  ])("[X] §4 a refusal (%s) comes as messagestatus failed and error", async (code, text) => {
    await page();
    const message = stage.chat.sendChatMessage(text);
    expect(message.uid).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    await Promise.resolve();
    expect(named("messagestatus")).toEqual([
      { uid: message.uid, message_id: null, seq: null, status: "failed", code },
    ]);
    expect(named("error")).toHaveLength(1);
    expect([stage.chat.getState(), stage.desk.calls]).toEqual(["available", []]);
  });

  test("[X] §4 in state invite the state stays so until the task has ended", async () => {
    await page({ boot: { present: INVITED } });
    stage.chat.sendChatMessage("yes, please");
    expect(stage.chat.getState()).toBe("invite");
    await Promise.resolve();
    expect(stage.chat.getState()).toBe("chat");
  });

  test("[X] §4 in state invite, and then inviteAccept(): both together make one chat", async () => {
    await page({ boot: { present: INVITED } });
    const { status } = stage.chat.sendChatMessage("yes, please");
    if (stage.chat.getState() === "invite") stage.chat.inviteAccept();
    expect([status, stage.chat.getState()]).toEqual(["queued", "chat"]);
    await Promise.resolve();
    stage.desk.answer("inviteaccept");
    vi.runAllTimers();
    expect(names()).toEqual(["invite", "statechange", "messagestatus", "inviteaccept"]);
  });

  test.each([
    [undefined, null],
    [null, null],
    ["", null],
    [12, 12],
    ["12", 12],
    [" 12 ", 12],
  ])(
    "[X] §4 groupId may be a string, a number or null: %j is %j, ids compare loosely",
    async (given, group) => {
      await page({ boot: { form: memoryForm({ groups: GROUPS }) } });
      stage.chat.sendChatMessage("hello", given);
      expect(stage.desk.calls).toEqual([["send", "hello", group]]);
      expect(stage.runtime.session.mirror.present.group).toBe(group);
    },
  );

  test("[X] §4 a group as `dataset` and the storage give it back", async () => {
    await page({ boot: { form: memoryForm({ groups: GROUPS }) } });
    const storage = stage.target.CallGear?.storage;
    const row = Object.assign(document.createElement("p"), { innerHTML: '<b data-group-id="12"></b>' });
    storage?.setItem("group", row.querySelector("b")?.dataset["groupId"]);
    stage.chat.sendChatMessage("one", storage?.getItem("group"));
    storage?.setItem("group", null);
    stage.chat.sendChatMessage("two", storage?.getItem("group"));
    expect(stage.desk.calls).toEqual([
      ["send", "one", 12],
      ["send", "two", null],
    ]);
  });
});

describe("getHistory()", () => {
  test("[X] §4 is the next page back in time: at most 20, newest first, every message exactly once", async () => {
    await page({ boot: { messages: lines(51, 70), more: true }, archive: lines(1, 50) });
    const all: string[] = [];
    const sizes: number[] = [];
    for (let next = stage.chat.getHistory(); next; next = stage.chat.getHistory()) {
      all.push(...texts(next));
      sizes.push(next.length);
    }
    expect(sizes).toEqual([20, 20, 10]);
    expect(all).toEqual(texts(lines(1, 50).reverse() as unknown as ChatMessage[]));
    expect([stage.chat.hasHistory(), stage.chat.getHistory()]).toEqual([false, false]);
  });

  test("[X] §4 prepended one by one it stands above what showhistory gave, oldest first", async () => {
    const log: string[] = [];
    await page({
      boot: { messages: lines(3, 4), more: true },
      archive: lines(1, 2),
      inController: () => {
        stage.chat.on("showhistory", (shown: unknown) => {
          const rest = shown as ChatMessage[];
          for (let one = rest.shift(); one; one = rest.shift()) log.push(one.text);
        });
      },
    });
    const older = stage.chat.getHistory();
    for (const one of older || []) log.unshift(one.text);
    expect(log).toEqual(texts(lines(1, 4)));
  });
});

describe("setVisitorCard(card, cb)", () => {
  test.each([
    ["online", {}],
    ["offline", { connection: OFFLINE }],
  ])("[X] §4 %s: cb runs once the mirror and getRequiredInfo are up to date", async (_, boot) => {
    const fields = [
      { name: "name", title: "", is_required: true },
      { name: "email", title: "", is_required: true },
      { name: "phone", title: "", is_required: false },
    ] as const;
    await page({ boot: { form: memoryForm({ fields: [...fields] }), ...boot } });
    expect(stage.chat.getRequiredInfo()).toEqual(["name", "email"]);
    const seen: unknown[] = [];
    const look = (): void => void seen.push([stage.chat.getVisitorCard(), stage.chat.getRequiredInfo()]);
    stage.chat.setVisitorCard({ name: " Ada ", email: "a@x.test" }, look);
    expect(seen).toEqual([]);
    await Promise.resolve();
    expect(seen).toEqual([[{ name: "Ada", email: ["a@x.test"], phone: [] }, []]]);
    expect(wishes()).toEqual([{ type: "card", name: "Ada", emails: ["a@x.test"], phones: [] }]);
  });
});

describe("what controllers get", () => {
  test("[X] §3 getVisitorCard() is a copy", async () => {
    await page({ boot: { present: { card: { name: "Ada", emails: ["a@x.test"], phones: ["12345"] } } } });
    stage.chat.getVisitorCard().email.push("evil");
    Object.assign(stage.chat.getVisitorCard(), { name: "Eve" });
    expect(stage.chat.getVisitorCard()).toEqual({ name: "Ada", email: ["a@x.test"], phone: ["12345"] });
  });

  test("[X] §3 getOperatorVcard() is a copy, which a controller makes a message's settings of", async () => {
    await page({ boot: { present: { state: "chat", operator: ANNA } } });
    Object.assign(stage.chat.getOperatorVcard() ?? {}, { sender: "bot", name: "changed" });
    expect(stage.chat.getOperatorVcard()).toEqual({
      name: "Anna",
      position: "Support",
      avatar: expect.any(String) as string,
    });
  });

  test("[X] §3 a page of getHistory() and the message of sendChatMessage() are copies", async () => {
    await page({ boot: { messages: lines(2, 2), more: true }, archive: lines(1, 1) });
    const sent = stage.chat.sendChatMessage("hello");
    Object.assign(sent, { text: "changed", sender: "bot" });
    const [older] = stage.chat.getHistory() || [];
    Object.assign(older ?? {}, { text: "changed" });
    const { session } = stage.runtime;
    expect(session.mirror.lines.all.map(({ text }) => text)).toEqual(["line 1", "line 2", "hello"]);
  });
});

describe("chatTyping(text)", () => {
  test("[X] §4 may be called on every keydown, with '' too", async () => {
    await page({ boot: { present: { state: "chat" } } });
    for (const text of ["", "", "h", "", "h"]) {
      stage.chat.chatTyping(text);
      vi.advanceTimersByTime(1000);
    }
    const typed = stage.desk.calls.filter(([verb]) => verb === "typing").map(([, text]) => text);
    expect([typed, named("error")]).toEqual([["h", "", "h"], []]);
  });
});

describe("getUnreadCounter(), clearUnreadCounter(), printCurrentChat()", () => {
  test("[X] §4 the counter has risen before sendmessage fires", async () => {
    await page({ boot: { present: { state: "chat" } } });
    const counters: number[] = [];
    stage.chat.on("sendmessage", () => counters.push(stage.chat.getUnreadCounter()));
    for (const [at, message] of lines(3, 4).entries()) {
      stage.desk.push({ type: "message", message, unread: at + 1 });
    }
    expect(counters).toEqual([1, 2]);
  });

  test("[X] §4 clearUnreadCounter() acts at once, then fires messageviewed, and the desk hears it once", async () => {
    await page({ boot: { messages: lines(1, 3), unread: 3 } });
    stage.chat.clearUnreadCounter();
    expect([stage.chat.getUnreadCounter(), named("messageviewed")]).toEqual([0, []]);
    stage.chat.clearUnreadCounter();
    await Promise.resolve();
    expect(named("messageviewed")).toHaveLength(2);
    expect(stage.desk.calls).toEqual([["read", 3]]);
  });

  test("[X] §4 clearUnreadCounter() from a handler of sendmessage leaves nothing unread", async () => {
    await page({
      boot: { present: { state: "chat" } },
      inController: () => stage.chat.on("sendmessage", () => stage.chat.clearUnreadCounter()),
    });
    for (const message of lines(3, 4)) stage.desk.push({ type: "message", message, unread: 1 });
    await Promise.resolve();
    expect(stage.chat.getUnreadCounter()).toBe(0);
    expect(stage.desk.calls).toEqual([
      ["read", 3],
      ["read", 4],
    ]);
  });

  test("[X] §4 printCurrentChat() prints this chat's words", async () => {
    const print = vi.spyOn(window, "print").mockImplementation(() => undefined);
    await page({ boot: { present: { state: "chat" }, messages: lines(1, 2) } });
    stage.chat.printCurrentChat();
    expect(print).toHaveBeenCalledOnce();
  });
});

test("[X] §4 a chat opened by its first message and one opened by startChat() are the same to a controller", async () => {
  for (const open of [
    (): unknown => stage.chat.startChat(),
    (): unknown => stage.chat.sendChatMessage("hi"),
  ]) {
    await page();
    open();
    await Promise.resolve();
    stands({ state: "chat" });
    expect([stage.chat.getState(), named("statechange")]).toEqual(["chat", ["chat"]]);
  }
});
