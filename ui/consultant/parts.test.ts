// The small parts of the runtime: command queue, messages, strip.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MemoryVisitor, memoryBoot, memoryChange, memoryLine } from "../backend/memory";
import { memoryFile, memoryTransfer } from "../backend/memory-files";
import type { VisitorBoot } from "../generated/VisitorBoot";
import type { CommandQueue } from "./queue";
import { toChatMessage } from "./message";
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

describe("__cs", () => {
  test("commands given before the runtime has loaded are carried out, later ones at once", () => {
    const calls: unknown[][] = [];
    const commands = new Map([["note", (...args: unknown[]) => void calls.push(args)]]);
    const queue: CommandQueue = takeOver([["note", 1, 2]], commands);
    queue.push(["note", 3], ["unknown"], "no command", ["note"]);
    expect(calls).toEqual([[1, 2], [3], []]);
    expect(console.error).toHaveBeenCalledTimes(2);
  });
});

/** Nothing here is a file. */
const NOWHERE = { link: () => "", preview: () => "" };

describe("the message object", () => {
  const system = (fields: object, locale: "en" | "ru" = "en"): string =>
    toChatMessage(memoryLine({ sender: "system", ...fields }), "sent", visitorTexts(locale), NOWHERE).text;

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
      NOWHERE,
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
    expect(words()).toContain("On hold, not sent: “<b>second</b>”");
    document.querySelector<HTMLElement>("[data-test=discard]")?.click();
    await vi.waitFor(() => expect(words()).toBe("none"));
    expect(desk.calls).toEqual([
      ["resend", "1"],
      ["discard", "2"],
    ]);
  });

  test("why a file was not sent is said also when the window has just been opened", async () => {
    const transfer = memoryTransfer({ state: "failed", code: "file_type", sentence: "Not of this type." });
    const file = memoryFile({ name: "a.exe", transfer });
    const line = memoryLine({ uid: "1", key: "1", sender: "visitor", mine: true, status: "failed", file });
    await strip({ messages: [{ ...line, text: "" }] });
    expect(words()).toContain("Not sent: “a.exe”. Not of this type.");
  });

  test("says when nothing is kept, until it is closed", async () => {
    await strip({ session_only: true });
    expect(words()).toContain("nothing is kept");
    document.querySelector<HTMLElement>("[data-test=dismiss]")?.click();
    expect(words()).toBe("none");
  });
});
