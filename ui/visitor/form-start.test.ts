// The default form before the first message: groups and the visitor's card.
import { describe, expect, test } from "vitest";
import { memoryForm } from "../backend/memory";
import {
  click,
  composer,
  desk,
  fill,
  key,
  open,
  part,
  runInPage,
  seen,
  send,
  SITE,
  shown,
  stands,
  submit,
  type,
  wishes,
  words,
} from "./form-fixtures";

runInPage();

const CARD = memoryForm({
  fields: [
    { name: "name", title: "What shall we call you?", is_required: true },
    { name: "email", title: "", is_required: true },
    { name: "phone", title: "", is_required: false },
  ],
});
const group = (id: number): HTMLInputElement => part(`group-${String(id)}`) as HTMLInputElement;

describe("the choice of a group", () => {
  test("sendChatMessage waits for it, and goes to the group that was chosen", async () => {
    await open({ form: SITE });
    await send("hello");
    expect([shown(), words("start-quote"), composer().value]).toEqual([[], "hello", "hello"]);
    group(2).click();
    await submit("consultant_start");
    expect(desk.calls.find(([verb]) => verb === "send")).toEqual(["send", "hello", 2]);
    expect([shown(), composer().value, seen("consultant_start")]).toEqual([
      ["visitor:queued:hello"],
      "",
      null,
    ]);
  });

  test("is asked for once a chat", async () => {
    await open({ form: SITE });
    await send("one");
    group(1).click();
    await submit("consultant_start");
    await send("two");
    expect(shown()).toEqual(["visitor:queued:one", "visitor:queued:two"]);
    stands({ state: "chat" });
    desk.push({
      type: "status",
      change: {
        uid: "uid-1",
        status: "sent",
        seq: 1,
        message_id: "m",
        chat_id: "c",
        date: 1,
        code: null,
        sentence: null,
      },
    });
    stands({ state: "available" });
    await send("three");
    expect(seen("consultant_start")).not.toBeNull();
  });

  test("without a choice nothing is sent, and it is said", async () => {
    await open({ form: SITE });
    await send("hello");
    await submit("consultant_start");
    expect([shown(), part("consultant_start").textContent.includes("Please choose one")]).toEqual([[], true]);
    expect(document.activeElement).toBe(group(1));
  });

  test("isChatAvailable: a group where nobody is, is greyed with a word", async () => {
    await open({ form: SITE, present: { groups_online: [2] } });
    await send("hello");
    expect([group(1).disabled, group(2).disabled]).toEqual([true, false]);
    expect(group(1).parentElement?.textContent).toContain("Nobody here now");
    expect(group(2).parentElement?.querySelector<HTMLElement>(".pick__state")?.hidden).toBe(true);
  });

  test("while nobody is anywhere, all can be chosen: the message waits", async () => {
    await open({ form: SITE, present: { online: false } });
    await send("hello");
    expect([group(1).disabled, group(2).disabled]).toEqual([false, false]);
  });

  test("going back gives the words back, with the focus", async () => {
    await open({ form: SITE });
    await send("hello");
    part("sheet-back").focus();
    key("Escape");
    expect([seen("consultant_start"), composer().value]).toEqual([null, "hello"]);
    expect(document.activeElement).toBe(composer());
  });

  test("can be made before, and is shown and changed above the composer", async () => {
    await open({ form: SITE });
    await click("menu");
    await click("menu-group");
    group(1).click();
    await submit("consultant_start");
    expect(words("group")).toBe("To: Sales");
    await send("hello");
    expect(desk.calls.find(([verb]) => verb === "send")).toEqual(["send", "hello", 1]);
    expect(part("group").hidden).toBe(true);
  });

  test("a chat that is open is not asked for one, nor a site with a single group", async () => {
    await open({ form: SITE, present: { state: "chat" } });
    await send("hello");
    expect(shown()).toEqual(["visitor:queued:hello"]);
    await open({ form: { ...SITE, groups: SITE.groups.slice(0, 1) } });
    await send("hello");
    expect(desk.calls.find(([verb]) => verb === "send")).toEqual(["send", "hello", 1]);
  });
});

describe("getRequiredInfo", () => {
  test("the fields that the card lacks are asked for, with marks and the site's titles", async () => {
    await open({ form: CARD, present: { card: { name: "Ada", emails: [], phones: [] } } });
    await send("hello");
    expect(seen("consultant_start-name")).toBeNull();
    expect(seen("consultant_start-phone")).toBeNull();
    expect(seen("consultant_start-email")?.getAttribute("aria-required")).toBe("true");
  });

  test("setVisitorCard, then the message that was typed", async () => {
    await open({ form: CARD });
    await send("hello");
    fill("consultant_start-name", "Ada");
    fill("consultant_start-email", "ada@example.com");
    await submit("consultant_start");
    expect(desk.calls.filter(([verb]) => verb !== "typing")).toEqual([
      ["want", { type: "card", name: "Ada", emails: ["ada@example.com"], phones: [] }],
      ["send", "hello", null],
    ]);
    expect([shown(), composer().value]).toEqual([["visitor:queued:hello"], ""]);
  });

  test("what is wrong is said at its field, and nothing is sent", async () => {
    await open({ form: CARD });
    await send("hello");
    fill("consultant_start-email", "ada@");
    await submit("consultant_start");
    const wrong = (name: string): string | undefined => {
      const field = part(`consultant_start-${name}`);
      return document.getElementById(field.getAttribute("aria-describedby") ?? "")?.textContent;
    };
    expect([wrong("name"), wrong("email")]).toEqual([
      "Please fill this in",
      "This does not look like an e-mail address",
    ]);
    expect(part("consultant_start-name").getAttribute("aria-invalid")).toBe("true");
    expect(document.activeElement).toBe(part("consultant_start-name"));
    expect([wishes(), shown(), composer().value]).toEqual([[], [], "hello"]);
    fill("consultant_start-email", "ada@example.com");
    expect(wrong("email")).toBe("");
  });

  test("what the desk does not take is said in the sheet, and everything stays", async () => {
    await open({ form: CARD });
    await send("hello");
    fill("consultant_start-name", "Ada");
    fill("consultant_start-email", "ada@example.com");
    desk.problems.set("want", { code: "disk_full", message: "The disk is full." });
    await submit("consultant_start");
    expect(seen("sheet-notice")?.textContent).toBe("The disk is full.");
    expect((part("consultant_start-name") as HTMLInputElement).value).toBe("Ada");
    expect([shown(), composer().value]).toEqual([[], "hello"]);
    await submit("consultant_start");
    expect(shown()).toEqual(["visitor:queued:hello"]);
  });

  test("groups and fields stand in one sheet", async () => {
    await open({ form: { ...CARD, groups: SITE.groups } });
    await send("hello");
    group(2).click();
    fill("consultant_start-name", "Ada");
    fill("consultant_start-email", "ada@example.com");
    await submit("consultant_start");
    expect(desk.calls.find(([verb]) => verb === "send")).toEqual(["send", "hello", 2]);
  });
});

describe("the card in the menu", () => {
  test("shows what is known, and setVisitorCard saves what is changed", async () => {
    await open({ present: { card: { name: "Ada", emails: ["ada@example.com"], phones: [] } } });
    await click("menu");
    await click("menu-card");
    expect((part("consultant_card-email") as HTMLInputElement).value).toBe("ada@example.com");
    fill("consultant_card-name", "Ada Lovelace");
    await submit("consultant_card");
    expect(wishes()).toEqual([
      { type: "card", name: "Ada Lovelace", emails: ["ada@example.com"], phones: [] },
    ]);
    expect(words("sheet-done")).toContain("Saved");
    await click("sheet-done-back");
    expect(seen("consultant_card")).toBeNull();
  });

  test("what was being written is still there after it", async () => {
    await open();
    type("half a sent");
    await click("menu");
    await click("menu-card");
    await click("sheet-back");
    expect(composer().value).toBe("half a sent");
  });
});
