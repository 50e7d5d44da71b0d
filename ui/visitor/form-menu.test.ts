// The default form: the menu and what it leads to, sound, and the one place for what went wrong.
import { describe, expect, test, vi } from "vitest";
import { memoryForm } from "../backend/memory";
import {
  ANNA,
  click,
  composer,
  desk,
  fill,
  key,
  open,
  own,
  part,
  played,
  runInPage,
  seen,
  settle,
  submit,
  theirs,
  type,
  wishes,
  words,
} from "./form-fixtures";

runInPage();

const talk = [own(1, "hello"), theirs(2, "hello!")];
const items = (): string[] =>
  [...document.querySelectorAll<HTMLElement>('[role="menu"] button')].map(
    (item) => item.dataset["test"] ?? "",
  );

describe("the menu", () => {
  test("holds what can be done now", async () => {
    await open();
    await click("menu");
    expect(items()).toEqual(["menu-offline", "menu-call", "menu-card", "menu-sound"]);
    await open({ messages: talk, present: { rating: { chat_id: "c", mark: 5 } } });
    await click("menu");
    expect(items()).toEqual(
      ["offline", "call", "card", "rate", "mail", "print", "sound"].map((name) => `menu-${name}`),
    );
    await open({ messages: talk, form: memoryForm({ mail: false }) });
    await click("menu");
    expect(items()).not.toContain("menu-mail");
  });

  test("ends the chat as the head does: it is asked once more", async () => {
    await open({ present: { state: "chat" } });
    await click("menu");
    await click("menu-end");
    expect([seen("end-chat-confirm") !== null, wishes()]).toEqual([true, []]);
    await click("end-chat-confirm");
    expect(wishes()).toEqual([{ type: "close_chat" }]);
  });

  test("is worked by keys: arrows go round, Escape closes and goes back to its button", async () => {
    await open();
    part("menu").focus();
    key("ArrowDown");
    expect(document.activeElement).toBe(part("menu-offline"));
    key("ArrowUp");
    expect(document.activeElement).toBe(part("menu-sound"));
    key("ArrowDown");
    key("ArrowDown");
    expect(document.activeElement).toBe(part("menu-call"));
    key("End");
    expect(document.activeElement).toBe(part("menu-sound"));
    key("Escape");
    expect([items().length > 0 && seen("menu-call"), document.activeElement]).toEqual([null, part("menu")]);
    expect(part("menu").getAttribute("aria-expanded")).toBe("false");
  });

  test("closes when somebody presses elsewhere", async () => {
    await open();
    await click("menu");
    document.body.dispatchEvent(new MouseEvent("pointerdown", { bubbles: true }));
    expect(seen("menu-call")).toBeNull();
  });
});

describe("sendchatbymail", () => {
  async function ask(address: string): Promise<void> {
    await open({ messages: talk });
    await click("menu");
    await click("menu-mail");
    fill("consultant_mail-email", address);
    await submit("consultant_mail");
  }

  test("sends it, and says to whom", async () => {
    await ask("ada@example.com");
    expect(wishes()).toMatchObject([{ type: "transcript", email: "ada@example.com" }]);
    desk.answer("sendchatbymail");
    expect(words("sheet-done")).toContain("The conversation is on its way");
    expect(words("sheet-done")).toContain("ada@example.com");
  });

  test("kept: it goes out by itself", async () => {
    await ask("ada@example.com");
    desk.answer("sendchatbymail", { code: "queued" });
    expect(words("sheet-done")).toContain("Kept for later");
    expect(words("sheet-done")).toContain("goes out by itself");
  });

  test("a refusal stands in the sheet with the address", async () => {
    await ask("ada@example.com");
    desk.answer("sendchatbymail", {
      success: false,
      code: "mail_refused",
      message: "The mailbox is unknown.",
    });
    expect(seen("sheet-notice")?.textContent).toBe("The mailbox is unknown.");
    expect((part("consultant_mail-email") as HTMLInputElement).value).toBe("ada@example.com");
  });

  test("an answer that comes when the sheet is closed is not lost", async () => {
    await ask("ada@example.com");
    await click("sheet-back");
    desk.answer("sendchatbymail", {
      success: false,
      code: "mail_refused",
      message: "The mailbox is unknown.",
    });
    expect(words("notice")).toBe("The mailbox is unknown.");
  });
});

test("printCurrentChat is called from the menu", async () => {
  const print = vi.fn();
  vi.stubGlobal("print", print);
  await open({ messages: talk });
  await click("menu");
  await click("menu-print");
  expect(print).toHaveBeenCalledOnce();
});

describe("message_audio_file", () => {
  const hear = (): void => desk.push({ type: "message", message: theirs(3, "hello?"), unread: 1 });

  test("sounds for an operator's message where nobody looks", async () => {
    const focus = vi.spyOn(document, "hasFocus").mockReturnValue(true);
    await open({ messages: talk });
    hear();
    expect(played).toEqual([]);
    focus.mockReturnValue(false);
    desk.push({ type: "message", message: theirs(4, "still there?"), unread: 2 });
    expect(played).toEqual(["bell.wav"]);
  });

  test("is switched off for good in the menu", async () => {
    await open({ messages: talk });
    await click("menu");
    expect(part("menu-sound").getAttribute("aria-checked")).toBe("true");
    await click("menu-sound");
    await open({ messages: talk });
    hear();
    expect(played).toEqual([]);
    await click("menu");
    expect(part("menu-sound").getAttribute("aria-checked")).toBe("false");
  });

  test("a pack without a sound has no switch", async () => {
    await open({ messages: talk }, [], { message_audio_file: "" });
    await click("menu");
    expect(items()).not.toContain("menu-sound");
  });
});

describe("sheets", () => {
  test("what comes under a sheet counts as unread, and the sheet says so", async () => {
    vi.spyOn(document, "hasFocus").mockReturnValue(true);
    await open({ messages: talk, present: { state: "chat", operator: ANNA } });
    await click("menu");
    await click("menu-card");
    desk.push({ type: "message", message: theirs(3, "one"), unread: 1 });
    expect([words("sheet-unread"), desk.calls.some(([verb]) => verb === "read")]).toEqual([
      "1 new message",
      false,
    ]);
    await click("sheet-unread");
    expect(desk.calls.at(-1)).toEqual(["read", 3]);
  });

  test("what lies beneath cannot be reached", async () => {
    await open();
    await click("menu");
    await click("menu-card");
    const under = document.querySelector<HTMLElement>(".under");
    expect(under?.inert).toBe(true);
    await click("sheet-back");
    expect(under?.inert).toBe(false);
  });

  test("there is one at a time", async () => {
    await open();
    for (const name of ["menu-card", "menu-call"]) {
      await click("menu");
      await click(name);
    }
    expect([seen("consultant_card"), seen("consultant_sitephone") !== null]).toEqual([null, true]);
  });
});

describe("error", () => {
  test("stands in one place until the visitor goes on or closes it", async () => {
    await open();
    desk.push({ type: "error", code: "odd", message: "Something odd." });
    expect(seen("notice")?.textContent).toBe("Something odd.");
    await click("notice-close");
    expect(seen("notice")).toBeNull();
    desk.push({ type: "error", code: "odd", message: "Something odd." });
    type("go on");
    expect(seen("notice")).toBeNull();
  });
});

describe("the composer", () => {
  test("an Enter that ends a composition sends nothing", async () => {
    await open();
    type("にほん");
    const event = new KeyboardEvent("keydown", { key: "Enter", isComposing: true, cancelable: true });
    composer().dispatchEvent(event);
    await settle();
    expect([event.defaultPrevented, composer().value]).toEqual([false, "にほん"]);
  });

  test("an emoji goes where the caret is", async () => {
    await open();
    type("ab");
    composer().setSelectionRange(1, 1);
    await click("emoji");
    (document.activeElement as HTMLElement).click();
    expect(composer().value).toBe("a😀b");
  });
});

test("banner_color: the text on it turns to what reads better", async () => {
  const style = async (color: string): Promise<string[]> => {
    await open({ form: memoryForm({ banner_color: color }) });
    const root = document.querySelector<HTMLElement>(".chat");
    return ["--own", "--on-own"].map((name) => root?.style.getPropertyValue(name) ?? "");
  };
  expect(await style("#ffe600")).toEqual(["#ffe600", "#000000"]);
  expect(await style("#7a2e8e")).toEqual(["#7a2e8e", "#ffffff"]);
  expect(await style("")).toEqual(["", ""]);
});
