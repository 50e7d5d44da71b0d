// The small parts of the runtime: observer, command queue, settings, formats, messages, strip.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MemoryVisitor, memoryBoot, memoryChange, memoryLine } from "../backend/memory";
import type { VisitorBoot } from "../generated/VisitorBoot";
import { getContrastColor, toDateString, toTimeString } from "./formats";
import type { CommandQueue } from "./queue";
import type { PackWindow } from "./global";
import { toChatMessage } from "./message";
import { Board } from "./observer";
import { takeOver } from "./queue";
import { bootRuntime, type Runtime } from "./runtime";
import { drawStrip } from "./strip";
import { visitorTexts } from "./catalogues";

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  document.body.replaceChildren();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("createObserver", () => {
  test("one page-wide board: a later reducer wins, in key order, synchronously, and sub does not call back at once", () => {
    const board = new Board();
    const one = board.createObserver((action: unknown) => ({ a: action, b: 1 }));
    const two = board.createObserver(() => ({ b: 2, c: 3 }));
    const states: unknown[] = [];
    two.sub((state: unknown) => states.push(state));
    expect(states).toEqual([]);
    one.pub("x");
    expect(states).toEqual([{ a: "x", b: 2, c: 3 }]);
    expect(Object.keys(states[0] as object)).toEqual(["a", "b", "c"]);
  });

  test("it may nest, and one that throws stops nobody", () => {
    const board = new Board();
    const observer = board.createObserver((action: unknown) => ({ action }));
    board.createObserver(() => {
      throw new Error("a mistake");
    });
    const seen: unknown[] = [];
    observer.sub((state: { action: unknown }) => {
      if (state.action === "outer") observer.pub("inner");
      seen.push(state.action);
    });
    observer.sub(() => {
      throw new Error("a mistake");
    });
    observer.sub((state: { action: unknown }) => seen.push(`last ${String(state.action)}`));
    observer.pub("outer");
    expect(seen).toEqual(["inner", "last inner", "outer", "last outer"]);
  });
});

describe("__cs", () => {
  test("commands given before the runtime has loaded are carried out, later ones at once", () => {
    const calls: unknown[][] = [];
    const commands = new Map([["note", (...args: unknown[]) => void calls.push(args)]]);
    const queue: CommandQueue = takeOver([["note", 1, 2]], commands);
    queue.push(["note", 3], ["unknown"], "no command", ["note"]);
    expect(calls).toEqual([[1, 2], [3], []]);
    expect(console.error).toHaveBeenCalledTimes(2);
  });

  test("CallGear and Comagic are the same, and so are the base classes", async () => {
    const target: PackWindow = { __cs: [["registerViewController", "consultant", (): void => void ran()]] };
    const ran = vi.fn();
    const runtime = await bootRuntime(new MemoryVisitor(), target);
    runtime.start({ settings: {}, templates: {} });
    expect(ran).toHaveBeenCalledOnce();
    expect(target.CallGear).toBe(target.Comagic);
    expect(target.CallGearWidget).toBe(target.ComagicWidget);
  });
});

describe("formats", () => {
  test("times, dates and what reads better on a colour", () => {
    const date = new Date(2026, 1, 3, 9, 5);
    expect([toTimeString(date), toDateString(date)]).toEqual(["9:05", "03.02.2026"]);
    expect([toTimeString("no date"), toDateString(undefined)]).toEqual(["", ""]);
    expect(["#1F4B43", "#fff", "#E5B45B", "none"].map(getContrastColor)).toEqual([
      "#ffffff",
      "#000000",
      "#000000",
      "#000000",
    ]);
  });
});

describe("the message object", () => {
  const system = (fields: object, locale: "en" | "ru" = "en"): string =>
    toChatMessage(memoryLine({ sender: "system", ...fields }), "sent", visitorTexts(locale)).text;

  test("says what happened to the chat in the person's language", () => {
    expect(system({ kind: "opened" })).toBe("Chat started");
    expect(system({ kind: "joined", operator: { id: "1", name: "Anna", position: "" } })).toBe(
      "Anna joined the chat",
    );
    expect(system({ kind: "left" }, "ru")).toBe("Оператор вышел из чата");
    expect(system({ kind: "closed", reason: "closed_by_timeout" })).toMatch(/nobody wrote/);
    expect(system({ kind: "closed", reason: "something_new" })).toBe("Chat ended");
  });

  test("of the system carries no file and no status", () => {
    const message = toChatMessage(
      memoryLine({ kind: "opened", sender: "system" }),
      "sent",
      visitorTexts("en"),
    );
    expect([message.source, message.from, "fx_link" in message, "status" in message]).toEqual([
      "System",
      "System",
      false,
      false,
    ]);
  });
});

describe("the strip", () => {
  let desk: MemoryVisitor;

  async function strip(boot: Partial<VisitorBoot>): Promise<Runtime> {
    desk = new MemoryVisitor(memoryBoot(boot));
    const runtime = await bootRuntime(desk, {});
    vi.useFakeTimers();
    drawStrip(document.body, runtime.session);
    runtime.start({ settings: {}, templates: {} });
    return runtime;
  }
  const words = (): string => document.querySelector("[data-test=strip]")?.textContent ?? "none";

  test("is not there while all is well", async () => {
    await strip({});
    expect(document.querySelector("[data-test=strip]")).toBeNull();
  });

  test("connecting is silent for a moment; offline is said at once", async () => {
    const connection = { phase: "connecting", since: 0, code: null, sentence: null } as const;
    await strip({ connection });
    expect(words()).toBe("none");
    vi.advanceTimersByTime(2000);
    expect(words()).toBe("Connecting…");
    desk.push({ type: "connection", connection: { ...connection, phase: "offline" } });
    expect(words()).toBe("No connection: your messages are kept and go out by themselves");
    desk.push({
      type: "connection",
      connection: { ...connection, phase: "stopped", sentence: "Another key." },
    });
    expect(words()).toContain("Another key.");
    desk.push({ type: "connection", connection: { ...connection, phase: "online" } });
    expect(words()).toBe("none");
  });

  test("a wrong address is said in place of the calm words", async () => {
    const connection = { phase: "offline", since: 0, code: "not_a_desk", sentence: "No desk." } as const;
    await strip({ connection });
    expect(words()).toBe("No desk.");
    desk.push({ type: "connection", connection: { ...connection, code: "unreachable" } });
    expect(words()).toBe("No connection: your messages are kept and go out by themselves");
  });

  test("a line that has stopped can be tried again, one that goes on by itself cannot", async () => {
    const connection = { phase: "stopped", since: 0, code: "replaced", sentence: "Another window." } as const;
    await strip({ connection });
    const again = (): HTMLElement | null => document.querySelector("[data-test=reconnect]");
    expect(again()?.textContent).toBe("Try again");
    again()?.click();
    expect(desk.calls).toEqual([["reconnect"]]);
    desk.push({ type: "connection", connection: { ...connection, phase: "offline" } });
    expect(again()).toBeNull();
  });

  test("an unsent message can be sent again or discarded, whatever form is drawn", async () => {
    const one = memoryLine({
      uid: "1",
      key: "1",
      text: "first",
      sender: "visitor",
      mine: true,
      status: "failed",
    });
    const two = { ...one, uid: "2", key: "2", text: "<b>second</b>", status: "held" as const };
    await strip({ messages: [one, two] });
    expect(words()).toContain("Not sent: “first” and 1 more message");
    document.querySelector<HTMLElement>("[data-test=resend]")?.click();
    desk.push({ type: "status", change: memoryChange("1", { status: "queued" }) });
    expect(words()).toContain("Waited too long and was not sent: “<b>second</b>”");
    document.querySelector<HTMLElement>("[data-test=discard]")?.click();
    await vi.waitFor(() => expect(words()).toBe("none"));
    expect(desk.calls).toEqual([
      ["resend", "1"],
      ["discard", "2"],
    ]);
  });

  test("says when nothing is kept, until it is closed", async () => {
    await strip({ session_only: true });
    expect(words()).toContain("nothing is kept");
    document.querySelector<HTMLElement>("[data-test=dismiss]")?.click();
    expect(words()).toBe("none");
  });
});
