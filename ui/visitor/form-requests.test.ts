// The default form: messages left while nobody is there, calls, retention, and the lead forms.
import { describe, expect, test, vi } from "vitest";
import { memoryForm } from "../backend/memory";
import type { LeadForm } from "../generated/LeadForm";
import {
  callGear,
  click,
  desk,
  fill,
  key,
  open,
  own,
  part,
  runInPage,
  seen,
  settle,
  SITE,
  stands,
  submit,
  theirs,
  wishes,
  words,
} from "./form-fixtures";

runInPage();

const offline = "consultant_offline_message";
const value = (name: string): string => (part(name) as HTMLInputElement).value;

describe("while nobody is there", () => {
  test("an empty form offers a message and a call; somebody comes, and the questions are back", async () => {
    await open({ present: { online: false } });
    expect(words("empty")).toContain("We are away right now");
    expect([seen("away-offline"), seen("away-call")]).not.toContain(null);
    stands({ online: true });
    expect(words("empty")).toContain("How can we help?");
  });

  test("under a conversation the offer stands in the tray, not while a chat is open or the line is down", async () => {
    await open({ messages: [own(1, "hello")], present: { online: false } });
    expect(seen("away")).not.toBeNull();
    stands({ state: "chat" });
    expect(seen("away")).toBeNull();
    stands({ state: "available" });
    desk.push({ type: "connection", connection: { phase: "offline", since: 0, code: null, sentence: null } });
    expect(seen("away")).toBeNull();
  });
});

describe("sendofflinerequest", () => {
  async function openForm(): Promise<void> {
    await open({ present: { online: false, card: { name: "Ada", emails: [], phones: [] } } });
    await click("away-offline");
  }

  test("sendRequest gets what was filled in, what is known is there already", async () => {
    await openForm();
    expect(value(`${offline}-name`)).toBe("Ada");
    fill(`${offline}-message`, "Where is it?");
    fill(`${offline}-email`, "ada@example.com");
    await submit(offline);
    const request = {
      type: "offline",
      name: "Ada",
      email: "ada@example.com",
      phone: "",
      text: "Where is it?",
      group: null,
    };
    expect(wishes()).toEqual([request]);
    desk.answer("sendofflinerequest");
    expect(words("sheet-done")).toContain("Message received");
    await click("sheet-done-back");
    expect(seen(offline)).toBeNull();
  });

  test("nothing leaves while a field is wrong", async () => {
    await openForm();
    fill(`${offline}-email`, "ada");
    await submit(offline);
    expect(wishes()).toEqual([]);
    expect(part(offline).querySelectorAll(".line__wrong:not([hidden])")).toHaveLength(2);
    expect(document.activeElement).toBe(part(`${offline}-message`));
  });

  test("a refusal stands in the sheet, and what was typed stays", async () => {
    await openForm();
    fill(`${offline}-message`, "Where is it?");
    fill(`${offline}-email`, "ada@example.com");
    await submit(offline);
    expect(part(offline).querySelector<HTMLButtonElement>('[data-test="sheet-submit"]')?.disabled).toBe(true);
    desk.answer("sendofflinerequest", { success: false, code: "rate", message: "Too many < 3." });
    expect(seen("sheet-notice")?.textContent).toBe("Too many < 3.");
    expect([value(`${offline}-message`), value(`${offline}-email`)]).toEqual([
      "Where is it?",
      "ada@example.com",
    ]);
    await submit(offline);
    expect(wishes()).toHaveLength(2);
  });

  test("a refusal that comes when the sheet is closed is not lost, and neither are the words", async () => {
    await openForm();
    fill(`${offline}-message`, "Where is it?");
    fill(`${offline}-email`, "ada@example.com");
    await submit(offline);
    await click("sheet-back");
    desk.answer("sendofflinerequest", { success: false, code: "rate", message: "Wait a moment." });
    expect(words("notice")).toBe("Wait a moment.");
    await click("away-offline");
    expect(value(`${offline}-message`)).toBe("Where is it?");
  });

  test("without a connection it says that it is kept", async () => {
    const connection = { phase: "offline", since: 0, code: null, sentence: null } as const;
    await open({ connection });
    callGear.openSiteRequestPanel();
    fill(`${offline}-message`, "Where is it?");
    fill(`${offline}-email`, "ada@example.com");
    await submit(offline);
    expect(words("sheet-done")).toContain("Kept for later");
  });

  test("the site's fields and groups", async () => {
    const form = {
      ...SITE,
      offline_fields: [{ name: "phone", title: "Mobile", is_required: true }],
    } as const;
    await open({ form: { ...form, offline_fields: [...form.offline_fields] }, present: { online: false } });
    await click("away-offline");
    expect([seen(`${offline}-name`), seen(`${offline}-email`)]).toEqual([null, null]);
    fill(`${offline}-message`, "Call me");
    fill(`${offline}-phone`, "+79123456789");
    fill(`${offline}-group`, "2");
    await submit(offline);
    expect(wishes()).toMatchObject([{ type: "offline", group: 2, name: "" }]);
  });

  test("openChatWindow opens it while nobody is there", async () => {
    await open({ present: { online: false } });
    callGear.openChatWindow();
    expect(seen(offline)).not.toBeNull();
    part(`${offline}-message`).focus();
    key("Escape");
    expect(seen(offline)).toBeNull();
  });

  test("a long message is counted near its limit", async () => {
    await openForm();
    fill(`${offline}-message`, "x".repeat(7200));
    expect(part(offline).querySelector<HTMLElement>(".line__count")?.textContent).toBe(
      "7,200 of 8,000 characters",
    );
  });
});

describe("sitephonecall", () => {
  const at = (hours: number, minutes = 0): void => {
    vi.useFakeTimers();
    vi.setSystemTime(new Date(2026, 4, 11, hours, minutes));
  };
  async function openForm(): Promise<void> {
    await open({ form: SITE });
    await click("menu");
    await click("menu-call");
    fill("consultant_sitephone-phone", "+79123456789");
  }

  test("as soon as possible, by anybody", async () => {
    await openForm();
    await submit("consultant_sitephone");
    expect(wishes()).toMatchObject([{ type: "callback", group: null, at: null }]);
    desk.answer("sitephonecall");
    expect(words("sheet-done")).toContain("Call requested");
  });

  test("today at a time that is still ahead", async () => {
    at(19, 20);
    await openForm();
    fill("call-day", "today");
    const times = [...(part("call-time") as HTMLSelectElement).options].map((option) => option.text);
    expect(times).toEqual(["20:00"]);
    fill("consultant_sitephone-group", "1");
    await submit("consultant_sitephone");
    expect(wishes()).toMatchObject([{ group: 1, at: new Date(2026, 4, 11, 20).getTime() }]);
  });

  test("tomorrow, where today is over", async () => {
    at(21);
    await openForm();
    const [, today] = (part("call-day") as HTMLSelectElement).options;
    expect(today?.disabled).toBe(true);
    fill("call-day", "tomorrow");
    await submit("consultant_sitephone");
    expect(wishes()).toMatchObject([{ at: new Date(2026, 4, 12, 9).getTime() }]);
  });

  test("a number that lacks digits is not sent", async () => {
    await openForm();
    fill("consultant_sitephone-phone", "+7 91");
    await submit("consultant_sitephone");
    expect(wishes()).toEqual([]);
    expect(words("consultant_sitephone")).toContain("Some digits are missing");
  });
});

describe("showchatretentionaction", () => {
  const waiting = { state: "chat" } as const;
  const talk = [own(1, "Is anybody there?")];

  test("sitephone: the button ends the chat, then the call form is there", async () => {
    await open({ messages: talk, present: waiting });
    stands({ retention: "sitephone" });
    expect(words("retention")).toContain("We can call you back instead.");
    await click("retention-act");
    expect(wishes()).toEqual([{ type: "close_chat" }]);
    expect([seen("retention"), seen("consultant_sitephone") !== null]).toEqual([null, true]);
  });

  test("offline_message: the offline form; chat: the choice of a group", async () => {
    await open({ messages: talk, present: { ...waiting, retention: "offline_message" } });
    await click("retention-act");
    expect(seen(offline)).not.toBeNull();
    await open({ form: SITE, messages: talk, present: { ...waiting, retention: "chat" } });
    await click("retention-act");
    expect(seen("consultant_start")).not.toBeNull();
    expect(seen("start-quote")).toBeNull();
  });

  test("an operator's answer stops it", async () => {
    await open({ messages: talk, present: { ...waiting, retention: "sitephone" } });
    expect(seen("retention")).not.toBeNull();
    desk.push({ type: "message", message: theirs(2, "Here I am"), unread: 1 });
    expect(seen("retention")).toBeNull();
  });
});

describe("lead forms", () => {
  const show = (lead: LeadForm): void => stands({ state: "lead", lead });

  test.each([
    ["call_generator", "Shall we call you?"],
    ["offline_message_generator", "Do you have a question?"],
    ["personal_form", "Shall we stay in touch?"],
  ] as const)("%s is shown when the desk says so, at each showing anew", async (lead, title) => {
    await open();
    show(lead);
    expect(words(lead)).toContain(title);
    stands({ state: "available", lead: null });
    expect(seen(lead)).toBeNull();
    show(lead);
    expect(document.querySelectorAll(`[data-test="${lead}"]`)).toHaveLength(1);
    expect(wishes()).toEqual([]);
  });

  test("leadsubmit: what was filled in, then the answer", async () => {
    await open();
    show("personal_form");
    fill("personal_form-name", "Ada");
    fill("personal_form-email", "ada@example.com");
    await submit("personal_form");
    expect(wishes()).toMatchObject([
      { type: "submit_lead", form: "personal_form", fields: { name: "Ada", email: "ada@example.com" } },
    ]);
    stands({ state: "available", lead: null });
    desk.answer("leadsubmit");
    expect(words("sheet-done")).toContain("Message received");
    await click("sheet-done-back");
    expect([seen("personal_form"), wishes().length]).toEqual([null, 1]);
  });

  test("leadcancel: going back declines, once", async () => {
    await open();
    show("call_generator");
    await click("sheet-back");
    expect(wishes()).toEqual([{ type: "cancel_lead" }]);
    stands({ state: "available", lead: null });
    desk.answer("leadcancel");
    await settle();
    expect([seen("call_generator"), wishes().length]).toEqual([null, 1]);
  });

  test("a refusal leaves the form as it was", async () => {
    await open({ form: memoryForm() });
    show("call_generator");
    fill("call_generator-phone", "+79123456789");
    await submit("call_generator");
    desk.answer("leadsubmit", { success: false, code: "rate", message: "Wait a moment." });
    expect(seen("sheet-notice")?.textContent).toBe("Wait a moment.");
    expect(value("call_generator-phone")).not.toBe("");
  });
});
