// §4 and §5 of the consultant API, as far as the desk goes: methods, events, and what they promise each other.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MemoryVisitor, memoryBoot, memoryChange, memoryLine, memoryOperator } from "../backend/memory";
import type { Message } from "../generated/Message";
import type { VisitorBoot } from "../generated/VisitorBoot";
import type { PackWindow } from "./global";
import type { ChatMessage } from "./message";
import { bootRuntime, type Runtime } from "./runtime";
import type { Widget } from "./widget";

interface Chat extends Widget {
  startChat(): void;
  closeChat(done?: unknown): void;
  sendChatMessage(text: unknown, groupId?: unknown): ChatMessage;
  hasHistory(): boolean;
  getHistory(): ChatMessage[] | false;
  getState(): string;
  isChatAvailable(): boolean;
  chatTyping(text: unknown): void;
  getOperatorVcard(): unknown;
  getUnreadCounter(): number;
  clearUnreadCounter(): void;
}

const EVENTS = [
  "sendmessage",
  "statechange",
  "chatavailabilitychange",
  "chattyping",
  "showhistory",
  "messagestatus",
  "operatorjoined",
  "operatorleave",
  "startchat",
  "closechat",
  "connectionchange",
  "error",
  "messageviewed",
  "historyavailable",
  "historyreset",
];
/** Those that a controller made for another desk does not know. */
const OURS = ["historyavailable", "historyreset"];
const ANNA = memoryOperator("Anna", "Support");

let desk: MemoryVisitor;
let chat: Chat;
let events: [string, unknown][];

/** A page whose only controller makes the chat and listens to everything. */
async function page(
  boot: Partial<VisitorBoot> = {},
  archive: Message[] = [],
  inController?: () => void,
  heard: string[] = EVENTS,
): Promise<Runtime> {
  desk = new MemoryVisitor(memoryBoot(boot), archive);
  const target: PackWindow = {};
  const runtime = await bootRuntime(desk, target);
  events = [];
  target.CallGear?.UI.registerViewController("consultant", () => {
    chat = target.CallGear?.UI.createWidget("consultant_chat", { template: "<div></div>" }) as Chat;
    for (const event of heard) chat.on(event, (payload: unknown) => void events.push([event, payload]));
    inController?.();
  });
  runtime.start({ settings: {}, templates: {} });
  await Promise.resolve();
  return runtime;
}

function named(name: string): unknown[] {
  return events.filter(([event]) => event === name).map(([, payload]) => payload);
}

function lines(from: number, to: number): Message[] {
  const numbers = Array.from({ length: to - from + 1 }, (_, at) => from + at);
  return numbers.map((seq) =>
    memoryLine({ seq, text: `line ${String(seq)}`, message_id: `m-${String(seq)}`, operator: ANNA }),
  );
}

function texts(messages: ChatMessage[] | false): string[] {
  return messages ? messages.map((message) => message.text) : [];
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval"] });
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("boot", () => {
  test("the mirror is complete before the controller runs, and no event is delivered before it has returned", async () => {
    let seen: unknown[] = [];
    await page(
      { chatting: true, available: false, operator: ANNA, unread: 2, messages: lines(1, 2) },
      [],
      () => {
        desk.push({ type: "availability", available: true });
        seen = [
          chat.getState(),
          chat.isChatAvailable(),
          chat.getUnreadCounter(),
          chat.hasHistory(),
          events.length,
        ];
      },
    );
    expect(seen).toEqual(["chat", false, 2, true, 0]);
    expect(events.map(([event]) => event)).toEqual(["showhistory", "chatavailabilitychange"]);
  });

  test("showhistory comes after boot, oldest first; an empty conversation has none", async () => {
    await page({ messages: lines(1, 3) });
    expect(texts(named("showhistory")[0] as ChatMessage[])).toEqual(["line 1", "line 2", "line 3"]);
    await page();
    expect(events).toEqual([]);
  });

  test("a history that the controller asked for itself is not shown again", async () => {
    let page1: ChatMessage[] | false = false;
    await page({ messages: lines(1, 3) }, [], () => (page1 = chat.getHistory()));
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

describe("startChat and closeChat", () => {
  test("the state changes at once, the event follows, the answer comes from the desk", async () => {
    await page();
    chat.startChat();
    expect([chat.getState(), events.length]).toEqual(["chat", 0]);
    await Promise.resolve();
    expect(events).toEqual([["statechange", "chat"]]);
    desk.push({ type: "answer", answer: { verb: "startchat", success: true, code: null, message: null } });
    desk.push({ type: "state", chatting: true });
    vi.runAllTimers();
    expect(events).toEqual([
      ["statechange", "chat"],
      ["startchat", { success: true }],
    ]);
    expect(desk.calls).toEqual([["startChat"]]);
  });

  test("a refusal rolls the state back, then says so", async () => {
    await page();
    chat.startChat();
    await Promise.resolve();
    desk.push({
      type: "answer",
      answer: { verb: "startchat", success: false, code: "rate", message: "Wait." },
    });
    expect(chat.getState()).toBe("available");
    expect(events.slice(1)).toEqual([
      ["statechange", "available"],
      [
        "startchat",
        { success: false, code: "rate", info: { title: "The chat did not start", message: "Wait." } },
      ],
    ]);
  });

  test("a call that Rust rejects is answered as refused", async () => {
    await page();
    desk.problems.set("startChat", { code: "disk_full", message: "Full." });
    chat.startChat();
    await vi.waitFor(() => expect(named("startchat")).toHaveLength(1));
    expect(named("startchat")[0]).toMatchObject({
      success: false,
      code: "disk_full",
      info: { message: "Full." },
    });
    expect(chat.getState()).toBe("available");
  });

  test("closeChat: the callback always runs, with the state already available", async () => {
    await page({ chatting: true, connection: { phase: "offline", since: 0, code: null, sentence: null } });
    const states: string[] = [];
    chat.closeChat(() => states.push(chat.getState()));
    expect(states).toEqual([]);
    await Promise.resolve();
    chat.closeChat(() => states.push(chat.getState()));
    await Promise.resolve();
    expect(states).toEqual(["available", "available"]);
    expect(desk.calls).toEqual([["closeChat"]]);
  });

  test("a chat that another closes: statechange and a System message, no closechat", async () => {
    await page({ chatting: true });
    desk.push({ type: "state", chatting: false });
    const message = memoryLine({ kind: "closed", sender: "system", seq: 4, reason: "closed_by_operator" });
    desk.push({ type: "message", message, unread: 0 });
    expect(events[0]).toEqual(["statechange", "available"]);
    expect(named("sendmessage")[0]).toMatchObject({
      source: "System",
      from: "System",
      text: "The operator ended the chat",
    });
    expect(named("closechat")).toEqual([]);
  });

  test("the desk's word that comes after the answer causes no flicker", async () => {
    await page();
    chat.startChat();
    await Promise.resolve();
    desk.push({ type: "answer", answer: { verb: "startchat", success: true, code: null, message: null } });
    desk.push({ type: "state", chatting: true });
    vi.runAllTimers();
    desk.push({ type: "state", chatting: false });
    expect(named("statechange")).toEqual(["chat", "available"]);
  });

  test("a wish whose chat was closed meanwhile does not hold the state for ever", async () => {
    await page();
    chat.startChat();
    await Promise.resolve();
    desk.push({ type: "answer", answer: { verb: "startchat", success: true, code: null, message: null } });
    vi.runAllTimers();
    expect(named("statechange")).toEqual(["chat", "available"]);
  });
});

describe("sendChatMessage", () => {
  test("gives the message at once, opens the chat, and is never echoed by sendmessage", async () => {
    await page();
    const message = chat.sendChatMessage("hello", "12");
    expect(message).toMatchObject({
      text: "hello",
      sender: "visitor",
      source: "Visitor",
      from: "Visitor",
      status: "queued",
    });
    expect(chat.getState()).toBe("chat");
    expect(events).toEqual([]);
    await Promise.resolve();
    const queued = { uid: message.uid, message_id: null, seq: null, status: "queued" };
    expect(events).toEqual([
      ["statechange", "chat"],
      ["messagestatus", queued],
    ]);
    const change = memoryChange(message.uid, { seq: 2, message_id: "m-2", date: 5 });
    desk.push({ type: "status", change });
    desk.push({ type: "status", change });
    const echo = memoryLine({ uid: message.uid, key: message.uid, seq: 2, sender: "visitor", mine: true });
    desk.push({ type: "message", message: echo, unread: 0 });
    expect(named("messagestatus").slice(1)).toEqual([
      { uid: message.uid, message_id: "m-2", seq: 2, status: "sent" },
    ]);
    expect(named("sendmessage")).toEqual([]);
  });

  test.each([
    ["empty", "  \n "],
    ["invalid", { evil: true }],
  ])("a refusal (%s) comes as messagestatus failed and error; nothing throws", async (code, text) => {
    await page();
    const message = chat.sendChatMessage(text);
    expect(message).toMatchObject({ sender: "visitor", status: "failed" });
    expect(message.uid).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    await Promise.resolve();
    expect(named("messagestatus")).toEqual([
      { uid: message.uid, message_id: null, seq: null, status: "failed", code },
    ]);
    expect(named("error")).toHaveLength(1);
    expect([chat.getState(), desk.calls]).toEqual(["available", []]);
  });

  test("what Rust refuses is refused with its sentence", async () => {
    await page();
    desk.problems.set("send", { code: "disk_full", message: "The disk is full." });
    const { uid } = chat.sendChatMessage("hello");
    await Promise.resolve();
    expect(named("messagestatus")).toEqual([
      { uid, message_id: null, seq: null, status: "failed", code: "disk_full" },
    ]);
    expect(named("error")).toEqual([{ code: "disk_full", message: "The disk is full." }]);
  });

  test("what the desk refuses fails later, and the state that the message had opened goes back", async () => {
    await page();
    const { uid } = chat.sendChatMessage("hello");
    await Promise.resolve();
    desk.push({
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
    await page({ chatting: true });
    const { uid } = chat.sendChatMessage("hello");
    await Promise.resolve();
    desk.push({ type: "status", change: memoryChange(uid, { seq: 7, message_id: "m-7" }) });
    for (const receipts of [
      { delivered: 6, read: 6 },
      { delivered: 7, read: 6 },
      { delivered: 9, read: 8 },
    ]) {
      desk.push({ type: "receipts", receipts });
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
    const { session } = await page({ messages: [held] });
    expect(named("messagestatus")).toEqual([
      { uid: "u", message_id: null, seq: null, status: "failed", code: "held" },
    ]);
    session.discard("u");
    await vi.waitFor(() => expect(named("messagestatus")).toHaveLength(2));
    expect(named("messagestatus")[1]).toMatchObject({ uid: "u", status: "failed", code: "discarded" });
    expect(session.mirror.undecided).toEqual([]);
  });
});

describe("sendmessage", () => {
  test("brings operators' messages; the counter has risen before", async () => {
    await page({ chatting: true });
    let counter = -1;
    chat.on("sendmessage", () => (counter = chat.getUnreadCounter()));
    desk.push({
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

  test("brings what this visitor wrote on another device", async () => {
    await page({ chatting: true });
    const message = memoryLine({ seq: 3, message_id: "m-3", sender: "visitor", text: "from my phone" });
    desk.push({ type: "message", message, unread: 0 });
    expect(named("sendmessage")[0]).toMatchObject({
      sender: "visitor",
      source: "Visitor",
      text: "from my phone",
    });
  });

  test("what a controller writes into a message reaches nobody else", async () => {
    await page({ chatting: true });
    const seen: string[] = [];
    for (let at = 0; at < 2; at += 1) {
      chat.on("sendmessage", (message: unknown) => {
        seen.push((message as ChatMessage).text);
        (message as ChatMessage).text = "changed";
      });
    }
    desk.push({ type: "message", message: memoryLine({ seq: 3, text: "raw" }), unread: 1 });
    expect(seen).toEqual(["raw", "raw"]);
  });

  test("what was missed comes as showhistory, without what was shown", async () => {
    await page({ messages: lines(1, 2) });
    desk.push({ type: "missed", messages: lines(2, 4), unread: 2 });
    expect(texts(named("showhistory")[1] as ChatMessage[])).toEqual(["line 3", "line 4"]);
    desk.push({ type: "missed", messages: lines(3, 4), unread: 2 });
    expect(named("showhistory")).toHaveLength(2);
  });
});

describe("getHistory", () => {
  test("goes on before the oldest shown: 20 a page, newest first, every message exactly once", async () => {
    await page({ messages: lines(51, 70), more: true }, lines(1, 50));
    const all: string[] = [];
    const sizes: number[] = [];
    for (let next = chat.getHistory(); next; next = chat.getHistory()) {
      all.push(...texts(next));
      sizes.push(next.length);
    }
    expect(sizes).toEqual([20, 20, 10]);
    expect(all).toEqual(texts(lines(1, 50).reverse() as unknown as ChatMessage[]));
    expect([chat.hasHistory(), chat.getHistory()]).toEqual([false, false]);
  });

  test("hasHistory says whether getHistory would return something", async () => {
    await page();
    expect([chat.hasHistory(), chat.getHistory()]).toEqual([false, false]);
  });

  test("older lines that came to this device later can be had then, and it is told once", async () => {
    const archive: Message[] = [];
    await page({ messages: lines(5, 6) }, archive);
    expect([chat.hasHistory(), chat.getHistory()]).toEqual([false, false]);
    archive.push(...lines(3, 4));
    desk.push({ type: "older" });
    desk.push({ type: "older" });
    expect(named("historyavailable")).toHaveLength(1);
    expect([chat.hasHistory(), texts(chat.getHistory())]).toEqual([true, ["line 4", "line 3"]]);
    archive.unshift(...lines(1, 2));
    desk.push({ type: "older" });
    expect([chat.hasHistory(), texts(chat.getHistory())]).toEqual([true, ["line 2", "line 1"]]);
    expect(named("historyavailable")).toHaveLength(2);
  });

  test("hasHistory does not promise a page that the last one has brought already", async () => {
    await page({ messages: lines(5, 6), more: true }, lines(3, 4));
    expect(texts(chat.getHistory())).toEqual(["line 4", "line 3"]);
    // The news of lines 3 and 4, overtaken by the page.
    desk.push({ type: "older" });
    expect([chat.hasHistory(), chat.getHistory()]).toEqual([false, false]);
  });

  test("C5: an own line that turns out to stand far below leaves no hole above it", async () => {
    const own = memoryLine({ uid: "u", key: "u", sender: "visitor", mine: true, text: "own" });
    await page({ messages: [...lines(30, 31), { ...own, status: "queued" }] }, [
      ...lines(1, 4),
      { ...own, seq: 5 },
      ...lines(6, 29),
    ]);
    desk.push({ type: "older" });
    desk.push({ type: "status", change: memoryChange("u", { seq: 5, message_id: "m-5" }) });
    const all: string[] = [];
    for (let next = chat.getHistory(); next; next = chat.getHistory()) all.push(...texts(next));
    expect(all).toEqual([...lines(1, 4), ...lines(6, 29)].reverse().map((line) => line.text));
  });

  test("a page that cannot be read is an error, not an exception", async () => {
    await page({ messages: lines(2, 2), more: true }, lines(1, 1));
    desk.problems.set("history", { code: "store_io", message: "No." });
    expect(chat.getHistory()).toBe(false);
    await Promise.resolve();
    expect(named("error")).toEqual([{ code: "store_io", message: "No." }]);
    expect(texts(chat.getHistory())).toEqual(["line 1"]);
  });

  test("10,000 messages: every one exactly once, and a page takes far less than 4 ms", async () => {
    await page({ messages: lines(9981, 10_000), more: true }, lines(1, 9980));
    const times: number[] = [];
    const history = desk.history.bind(desk);
    let outside = 0;
    desk.history = (before) => {
      const start = performance.now();
      const answer = history(before);
      outside += performance.now() - start;
      return answer;
    };
    let count = 0;
    for (let more = true; more;) {
      outside = 0;
      const start = performance.now();
      const next = chat.getHistory();
      times.push(performance.now() - start - outside);
      count += next ? next.length : 0;
      more = next !== false;
    }
    times.sort((a, b) => a - b);
    expect(count).toBe(9980);
    // The median: on a shared machine a unit test cannot hold the tail; the conformance suite does.
    expect(times[Math.floor(times.length / 2)]).toBeLessThan(2);
  });
});

describe("the rest of the chat", () => {
  test("chatavailabilitychange: the first operator came online, the last one left", async () => {
    await page({ available: false });
    desk.push({ type: "availability", available: true });
    desk.push({ type: "availability", available: true });
    desk.push({ type: "availability", available: false });
    expect(named("chatavailabilitychange")).toEqual([true, false]);
  });

  test("operatorjoined and operatorleave; getOperatorVcard is null without one", async () => {
    await page({ chatting: true });
    expect(chat.getOperatorVcard()).toBeNull();
    desk.push({ type: "operator", operator: ANNA });
    desk.push({ type: "operator", operator: ANNA });
    expect(chat.getOperatorVcard()).toMatchObject({ name: "Anna", position: "Support" });
    desk.push({ type: "operator", operator: null });
    desk.push({ type: "operator", operator: null });
    expect(events.map(([event]) => event)).toEqual(["operatorjoined", "operatorleave"]);
    expect(events[1]?.[1]).toEqual({ name: null, position: null, avatar: null });
  });

  test("chattyping is repeated while the operator types, and stops with the message", async () => {
    await page({ chatting: true });
    desk.push({ type: "typing", typing: true });
    vi.advanceTimersByTime(9000);
    desk.push({ type: "message", message: memoryLine({ seq: 1 }), unread: 1 });
    vi.advanceTimersByTime(9000);
    expect(named("chattyping")).toHaveLength(3);
  });

  test("chatTyping is throttled, the last words go out, and sending clears it", async () => {
    await page({ chatting: true });
    for (const text of ["h", "he", "hel", "hell"]) chat.chatTyping(text);
    vi.advanceTimersByTime(1000);
    chat.sendChatMessage("hello");
    vi.advanceTimersByTime(1000);
    const typed = desk.calls.filter(([verb]) => verb === "typing").map(([, text]) => text);
    expect(typed).toEqual(["h", "hell", ""]);
  });

  test("chatTyping refuses what is no text", async () => {
    await page();
    chat.chatTyping(undefined);
    await Promise.resolve();
    expect(named("error")).toHaveLength(1);
  });

  test("clearUnreadCounter acts at once, then fires messageviewed, and the desk hears it once", async () => {
    await page({ messages: lines(1, 3), unread: 3 });
    chat.clearUnreadCounter();
    expect([chat.getUnreadCounter(), named("messageviewed")]).toEqual([0, []]);
    chat.clearUnreadCounter();
    await Promise.resolve();
    expect(named("messageviewed")).toHaveLength(2);
    expect(desk.calls).toEqual([["read", 3]]);
  });

  test("connectionchange tells what differs, and at boot when there is no connection", async () => {
    await page({ connection: { phase: "connecting", since: 5000, code: null, sentence: null } });
    desk.push({
      type: "connection",
      connection: { phase: "online", since: 7000, code: null, sentence: null },
    });
    expect(events).toEqual([
      ["connectionchange", { online: false, since: 5, phase: "connecting" }],
      ["connectionchange", { online: true, since: 7, phase: "online" }],
    ]);
    const lost = { phase: "offline", since: 9000, code: "lost", sentence: null } as const;
    desk.push({ type: "connection", connection: lost });
    desk.push({ type: "connection", connection: { ...lost, code: "unreachable" } });
    desk.push({ type: "connection", connection: { ...lost, phase: "stopped" } });
    expect(events.slice(2).map(([, payload]) => (payload as { phase: string }).phase)).toEqual([
      "offline",
      "stopped",
    ]);
  });

  test("after a restore the new lines are shown and own ones that came back say so", async () => {
    const own = memoryLine({ uid: "u", key: "u", seq: 2, sender: "visitor", mine: true, text: "mine" });
    const { session } = await page({ messages: [...lines(1, 1), own] });
    events.length = 0;
    const back: Message = { ...own, seq: null, status: "held" };
    desk.push({ type: "replaced", messages: [...lines(5, 5), back], more: false, unread: 0 });
    expect(texts(named("showhistory")[0] as ChatMessage[])).toEqual(["line 5", "mine"]);
    expect(named("messagestatus")).toEqual([
      { uid: "u", message_id: null, seq: null, status: "failed", code: "held" },
    ]);
    expect(session.mirror.undecided).toHaveLength(1);
  });

  test("after a restore whoever hears of it starts again with exactly the lines that are left", async () => {
    await page({ messages: lines(1, 4), more: true }, lines(1, 1));
    events.length = 0;
    desk.push({ type: "replaced", messages: lines(1, 2), more: false, unread: 0 });
    expect(events.map(([event]) => event)).toEqual(["historyreset", "showhistory"]);
    expect(texts(named("showhistory")[0] as ChatMessage[])).toEqual(["line 1", "line 2"]);
    events.length = 0;
    desk.push({ type: "replaced", messages: [], more: false, unread: 0 });
    expect(events.map(([event]) => event)).toEqual(["historyreset"]);
  });

  test("after a restore a controller that knows nothing of it is given no line twice", async () => {
    const known = EVENTS.filter((event) => !OURS.includes(event));
    await page({ messages: lines(1, 2) }, [], undefined, known);
    events.length = 0;
    desk.push({ type: "replaced", messages: lines(2, 3), more: false, unread: 0 });
    expect(named("showhistory").map((shown) => texts(shown as ChatMessage[]))).toEqual([["line 3"]]);
  });

  test("after a restore unread, read marks and receipts are the desk's again", async () => {
    const own = memoryLine({ uid: "u", key: "u", seq: 2, sender: "visitor", mine: true, text: "mine" });
    const { session } = await page({
      messages: [...lines(1, 1), own, ...lines(3, 9)],
      unread: 3,
      receipts: { delivered: 9, read: 9 },
    });
    chat.clearUnreadCounter();
    desk.push({ type: "replaced", messages: [...lines(1, 1), own, ...lines(3, 3)], more: false, unread: 1 });
    expect(chat.getUnreadCounter()).toBe(1);
    expect(session.mirror.receipts).toEqual({ delivered: 0, read: 0 });
    chat.clearUnreadCounter();
    expect(desk.calls).toEqual([
      ["read", 9],
      ["read", 3],
    ]);
  });

  test("what became of a chat is told once, also where this window did it", async () => {
    await page();
    chat.startChat();
    chat.sendChatMessage("hello");
    await Promise.resolve();
    events.length = 0;
    const opened = memoryLine({ kind: "opened", sender: "system", mine: true, uid: "s", seq: 1 });
    desk.push({ type: "status", change: memoryChange("s", { seq: 1, message_id: "m-1" }) });
    desk.push({ type: "message", message: opened, unread: 0 });
    desk.push({ type: "state", chatting: true });
    desk.push({ type: "message", message: opened, unread: 0 });
    expect(texts(named("sendmessage") as ChatMessage[])).toEqual(["Chat started"]);
  });
});
