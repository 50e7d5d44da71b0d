// The default form's conversation: run as the page runs it, over the public API alone, with the real runtime.
import { describe, expect, test, vi } from "vitest";
import { memoryChange, memoryForm, memoryLine, memoryOperator } from "../backend/memory";
import type { Message } from "../generated/Message";
import {
  ANNA,
  composer,
  desk,
  open,
  part,
  press,
  runInPage,
  send,
  sent,
  session,
  settle,
  shown,
  stands,
  theirs,
  type,
} from "./form-fixtures";

runInPage();

describe("the default form", () => {
  test("is empty at first: a sentence and example questions that go into the composer", async () => {
    await open();
    expect(part("empty").hidden).toBe(false);
    part("empty").querySelector("button")?.click();
    expect(composer().value).toBe("Where is my order?");
    expect(desk.calls).toEqual([["typing", "Where is my order?"]]);
  });

  test("Enter sends and empties, Shift+Enter does not; the bubble is there at once", async () => {
    await open();
    type("hello");
    press("Enter", true);
    expect(shown()).toEqual([]);
    await send("hello");
    expect(shown()).toEqual(["visitor:queued:hello"]);
    expect([composer().value, part("empty").hidden]).toEqual(["", true]);
  });

  test("statuses follow: sent, delivered, read, with a name for a screen reader", async () => {
    await open();
    await send("hello");
    const glyph = (): string | null | undefined =>
      document.querySelector(".glyph")?.getAttribute("aria-label");
    expect(glyph()).toBe("Kept, on its way");
    sent("uid-1", 1);
    expect([shown()[0], glyph()]).toEqual(["visitor:sent:hello", "Sent"]);
    desk.push({ type: "receipts", receipts: { delivered: 1, read: 0 } });
    expect([shown()[0], glyph()]).toEqual(["visitor:delivered:hello", "Delivered"]);
    desk.push({ type: "receipts", receipts: { delivered: 1, read: 1 } });
    expect([shown()[0], glyph()]).toEqual(["visitor:read:hello", "Read"]);
  });

  test("C6: what the desk has stands before what waits, whatever came first", async () => {
    await open({ present: { state: "chat" } });
    await send("one");
    await send("two");
    desk.push({ type: "message", message: theirs(1, "theirs"), unread: 1 });
    expect(shown().map((line) => line.split(":")[2])).toEqual(["theirs", "one", "two"]);
    sent("uid-1", 3);
    desk.push({ type: "message", message: theirs(2, "late"), unread: 2 });
    expect(shown().map((line) => line.split(":")[2])).toEqual(["theirs", "late", "one", "two"]);
  });

  test("a text that was refused before it was kept goes back into the composer", async () => {
    await open();
    desk.problems.set("send", { code: "disk_full", message: "The disk is full." });
    await send("my words");
    expect([shown(), composer().value]).toEqual([[], "my words"]);
    expect(part("notice").textContent).toBe("The disk is full.");
    type("my words!");
    expect(part("notice").hidden).toBe(true);
  });

  test("failed and held messages say so, a discarded one goes", async () => {
    const held = memoryLine({
      uid: "h",
      key: "h",
      text: "old",
      sender: "visitor",
      mine: true,
      status: "held",
    });
    await open({ messages: [held] });
    expect(shown()).toEqual(["visitor:failed:old"]);
    expect(document.querySelector(".trouble")?.textContent).toBe("On hold, not sent");
    await send("new");
    desk.push({
      type: "status",
      change: memoryChange("uid-1", { status: "failed", code: "rate", sentence: "Wait." }),
    });
    expect(shown()[1]).toBe("visitor:failed:new");
    expect(part("notice").textContent).toBe("Wait.");
  });

  test("threats 27: what people wrote is text, never HTML", async () => {
    const evil = '<img src=x onerror="alert(1)">';
    const operator = memoryOperator(evil, evil);
    await open({ present: { state: "chat", operator }, messages: [{ ...theirs(1, evil), operator }] });
    desk.push({ type: "typing", typing: true });
    await send(evil);
    expect(document.querySelector("img")).toBeNull();
    expect(shown()).toEqual([`operator::${evil}`, `visitor:queued:${evil}`]);
  });

  test("a card that takes room from the log does not take the reader from its end; scrolling up does", async () => {
    await open({ messages: [theirs(1, "one")] });
    const log = document.querySelector<HTMLElement>(".scroll");
    if (!log) throw new Error("there is no log");
    let room = 400;
    Object.defineProperty(log, "scrollHeight", { get: () => 1000 });
    Object.defineProperty(log, "clientHeight", { get: () => room });
    const scroll = (top: number): void => {
      log.scrollTop = top;
      log.dispatchEvent(new Event("scroll"));
    };
    scroll(600);
    room = 300;
    scroll(600);
    expect(part("to-bottom").hidden).toBe(true);
    scroll(500);
    expect(part("to-bottom").hidden).toBe(false);
    scroll(700);
    expect(part("to-bottom").hidden).toBe(true);
  });

  test("without consent the words are not lost: they can be written again", async () => {
    const consent = { version: 1, text: "Terms", url: "" };
    await open({ form: memoryForm({ consent }) });
    desk.lacksConsent = true;
    await send("my words");
    expect(shown()).toEqual(["visitor:queued:my words"]);
    session.decline();
    await settle();
    expect(shown()).toEqual(["visitor:failed:my words"]);
    part("write-again").click();
    expect([shown(), composer().value]).toEqual([[], "my words"]);
  });

  test("the head says who is there", async () => {
    await open({ present: { online: false } });
    const state = (): unknown[] => [
      document.querySelector("h1")?.textContent,
      part("state").dataset["state"],
      part("end-chat").hidden,
    ];
    expect(state()).toEqual(["Support", "away", true]);
    stands({ online: true });
    expect(state()).toEqual(["Support", "online", true]);
    stands({ state: "chat" });
    expect(state()).toEqual(["Support", "waiting", false]);
    stands({ operator: ANNA });
    expect(state()).toEqual(["Anna", "operator", false]);
    desk.push({ type: "connection", connection: { phase: "offline", since: 0, code: null, sentence: null } });
    expect(state()).toEqual(["Anna", "offline", false]);
  });

  test("a start without a connection says that it connects, a lost one that it is lost", async () => {
    const connection = { phase: "connecting", since: 0, code: null, sentence: null } as const;
    await open({ connection });
    expect(part("state").dataset["state"]).toBe("connecting");
    desk.push({ type: "connection", connection: { ...connection, phase: "online" } });
    expect(part("state").dataset["state"]).toBe("online");
    desk.push({ type: "connection", connection: { ...connection, phase: "offline" } });
    expect(part("state").dataset["state"]).toBe("offline");
  });

  test("a start that finds no connection does not say that it connects", async () => {
    const connection = { phase: "offline", since: 0, code: "not_a_desk", sentence: "No desk." } as const;
    await open({ connection });
    expect(part("state").dataset["state"]).toBe("offline");
    desk.push({ type: "connection", connection: { ...connection, phase: "connecting" } });
    expect(part("state").dataset["state"]).toBe("connecting");
    desk.push({ type: "connection", connection: { ...connection, phase: "stopped" } });
    expect(part("state").dataset["state"]).toBe("offline");
  });

  test("an operator is named where another one spoke last, or on a new day, and not each time", async () => {
    const BORIS = memoryOperator("Boris");
    const own = memoryLine({ seq: 4, uid: "u", key: "u", sender: "visitor", mine: true });
    await open({
      messages: [
        theirs(1, "one"),
        { ...own, seq: 2, uid: "v", key: "v" },
        theirs(3, "two"),
        own,
        { ...theirs(5, "three"), operator: BORIS },
        theirs(8, "four"),
        { ...theirs(9, "five"), date: 100_000_000 },
      ],
    });
    const names = (): string[] =>
      [...document.querySelectorAll<HTMLElement>('[data-sender="operator"] .author')].map((name) =>
        name.hidden ? "" : name.textContent,
      );
    expect(names()).toEqual(["Anna", "", "Boris", "Anna", "Anna"]);
    desk.push({ type: "message", message: { ...theirs(6, "late"), operator: ANNA }, unread: 1 });
    expect(names()).toEqual(["Anna", "", "Boris", "Anna", "", "Anna"]);
  });

  test("I7: after a restore the lines that vanished leave the screen", async () => {
    const own = memoryLine({ uid: "u", key: "u", seq: 3, sender: "visitor", mine: true, text: "lost" });
    await open({ messages: [theirs(1, "one"), theirs(2, "two"), own] });
    desk.push({
      type: "replaced",
      messages: [theirs(1, "one"), { ...own, seq: null, status: "queued" }],
      more: false,
      unread: 0,
    });
    expect(shown()).toEqual(["operator::one", "visitor:queued:lost"]);
    desk.push({ type: "replaced", messages: [], more: false, unread: 0 });
    expect([shown(), part("empty").hidden]).toEqual([[], false]);
    desk.push({ type: "message", message: theirs(1, "again"), unread: 1 });
    expect([shown(), part("empty").hidden]).toEqual([["operator::again"], true]);
  });

  test("older lines that come to this device later are fetched where the log has room", async () => {
    const archive = [theirs(1, "older")];
    await open({ messages: [theirs(2, "newer")] }, archive);
    expect(shown()).toEqual(["operator::newer"]);
    desk.push({ type: "older" });
    expect(shown()).toEqual(["operator::older", "operator::newer"]);
  });

  test("what became of the chat stands once and in its place", async () => {
    await open();
    await send("hello");
    const event = (seq: number, kind: Message["kind"], fields: Partial<Message> = {}): void => {
      const message = memoryLine({ seq, kind, sender: "system", message_id: `m-${String(seq)}`, ...fields });
      desk.push({ type: "message", message, unread: 0 });
    };
    sent("uid-1", 2);
    event(1, "opened");
    stands({ state: "chat" });
    desk.push({ type: "message", message: theirs(4, "hello!"), unread: 1 });
    stands({ operator: ANNA });
    event(3, "joined", { operator: ANNA });
    event(5, "closed", { mine: true, uid: "own-close", reason: "closed_by_visitor" });
    stands({ state: "available" });
    stands({ operator: null });
    expect(shown()).toEqual([
      "system::Chat started",
      "visitor:sent:hello",
      "system::Anna joined the chat",
      "operator::hello!",
      "system::You ended the chat",
    ]);
  });

  test("ending the chat is asked once more", async () => {
    await open({ present: { state: "chat" } });
    part("end-chat").click();
    expect(desk.calls).toEqual([]);
    part("end-chat-confirm").click();
    await Promise.resolve();
    expect(desk.calls).toEqual([["want", { type: "close_chat" }]]);
    expect(part("end-chat").hidden).toBe(true);
  });

  test("typing is shown with the name, and goes with the message", async () => {
    await open({ present: { state: "chat", operator: ANNA } });
    desk.push({ type: "typing", typing: true });
    expect(part("typing").textContent?.trim()).toBe("Anna is typing");
    desk.push({ type: "message", message: theirs(1, "hello"), unread: 1 });
    expect(document.querySelector('[data-test="typing"]')).toBeNull();
  });

  test("read is said only while somebody looks", async () => {
    const focus = vi.spyOn(document, "hasFocus").mockReturnValue(false);
    await open({ present: { state: "chat" } });
    desk.push({ type: "message", message: theirs(1, "hello"), unread: 1 });
    expect(desk.calls).toEqual([]);
    focus.mockReturnValue(true);
    window.dispatchEvent(new Event("focus"));
    expect(desk.calls).toEqual([["read", 1]]);
  });

  test("characters are counted from 90 % of the limit, and too many are not sent", async () => {
    await open();
    type("x".repeat(7199));
    expect(part("counter").hidden).toBe(true);
    type("x".repeat(7200));
    expect(part("counter").hidden).toBe(false);
    await send("😀".repeat(8001));
    expect([shown(), Array.from(composer().value).length]).toEqual([[], 8001]);
    await send("😀".repeat(8000));
    expect(shown()).toHaveLength(1);
  });

  test("time and status stand on the last line of a group", async () => {
    const own = (seq: number): Message =>
      memoryLine({
        seq,
        message_id: `m-${String(seq)}`,
        uid: `u${String(seq)}`,
        sender: "visitor",
        mine: true,
        date: 60_000,
      });
    await open({
      messages: [own(1), own(2), { ...theirs(3, "t"), date: 60_000 }, { ...theirs(4, "t"), date: 120_000 }],
    });
    const rows = [...document.querySelectorAll<HTMLElement>('[data-test="message"]')];
    expect(rows.map((row) => row.querySelector<HTMLElement>(".meta")?.hidden)).toEqual([
      true,
      false,
      false,
      false,
    ]);
    expect(rows.map((row) => row.querySelector<HTMLElement>(".author")?.hidden)).toEqual([
      true,
      true,
      false,
      true,
    ]);
    expect(rows.map((row) => row.querySelector<HTMLElement>(".day")?.hidden)).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });
});
