// The bookshop's other forms: offline message, call back, lead forms, and the phone's layout.
import { describe, expect, test, vi } from "vitest";
import { memoryForm } from "../../backend/memory";
import type { LeadForm } from "../../generated/LeadForm";
import {
  callGear,
  click,
  desk,
  fill,
  isSeen,
  open,
  part,
  parts,
  runPacks,
  settle,
  stands,
  wishes,
} from "./fixtures";

runPacks();

const groups = [
  { id: 1, name: "Novels" },
  { id: 2, name: "Maps" },
];

/** The option with this text is chosen in a select's twin. */
function choose(select: string, text: string): void {
  const twin = document.querySelector(`[aria-label="${select}"] + .comagic-c-select`);
  const option = [...(twin?.querySelectorAll<HTMLElement>('[role="option"]') ?? [])].find((one) =>
    one.textContent.includes(text),
  );
  option?.click();
}

describe("offline form", () => {
  test("sends what is filled in, the group chosen in a styled select, and goes after the answer", async () => {
    await open("classic", { form: memoryForm({ groups, group_title: "Shelf" }), present: { online: false } });
    await click("label-offline");
    await click("offline-submit");
    expect([wishes(), part("offline-email").classList.contains("comagic-js-field--not-valid")]).toEqual([
      [],
      true,
    ]);
    fill("offline-email", "maria@example.com");
    fill("offline-message", "Is the atlas there?");
    await click("offline-submit");
    expect(wishes()).toEqual([]);
    choose("Shelf", "Maps");
    await click("offline-submit");
    expect(wishes()).toEqual([
      {
        type: "offline",
        name: "",
        email: "maria@example.com",
        phone: "",
        text: "Is the atlas there?",
        group: 2,
      },
    ]);
    desk.answer("sendofflinerequest");
    await settle();
    expect(part("offline").classList).toContain("hb-js-show-feedback--success");
    await settle(3000);
    expect([isSeen("offline"), isSeen("label-offline")]).toEqual([false, true]);
  });

  test("a refusal is said, and what was filled in stays", async () => {
    await open("classic", { present: { online: false } });
    await click("label-offline");
    fill("offline-email", "maria@example.com");
    fill("offline-message", "Is the atlas there?");
    await click("offline-submit");
    desk.answer("sendofflinerequest", { success: false, code: "rate", message: "Please wait a minute." });
    await settle();
    expect(part("offline-feedback").textContent).toContain("Please wait a minute.");
    await settle(3000);
    expect([isSeen("offline"), part("offline-message").textContent]).toEqual([true, "Is the atlas there?"]);
  });

  test("keeps its field for the message where the site asks for contacts of its own", async () => {
    const form = memoryForm({ offline_fields: [{ name: "phone", title: "", is_required: true }] });
    await open("classic", { form, present: { online: false } });
    expect(["name", "email", "phone", "message"].map((name) => parts(`offline-${name}`).length)).toEqual([
      0, 0, 1, 1,
    ]);
  });
});

describe("sitephone", () => {
  const button = (): HTMLButtonElement => part("call") as HTMLButtonElement;

  test("asks for a call now: the fields for later are disabled and give nothing", async () => {
    await open("classic");
    await click("label-phone");
    fill("phone", "+1 555 010 4477");
    await click("call");
    expect([wishes(), button().disabled]).toEqual([
      [{ type: "callback", name: "", phone: "15550104477", group: null, at: null }],
      true,
    ]);
    desk.answer("sitephonecall");
    await settle();
    expect([part("sitephone").classList.contains("sp-js-feedback--success"), button().disabled]).toEqual([
      true,
      false,
    ]);
    await settle(3000);
    expect(isSeen("label-phone")).toBe(true);
  });

  test("delayed call times: the hours follow the day, and the chosen moment is asked for", async () => {
    vi.setSystemTime(new Date(2026, 4, 4, 15, 30));
    await open("classic");
    await click("label-phone");
    fill("phone", "+1 555 010 4477");
    await click("later");
    await click("call");
    expect(wishes()).toEqual([]);
    choose("Day", "05.05.2026");
    await settle();
    choose("Time", "11:00");
    await click("call");
    expect(wishes()).toMatchObject([{ type: "callback", at: new Date(2026, 4, 5, 11).getTime() }]);
  });

  test("back to a call now, nothing of the chosen time is left", async () => {
    await open("classic");
    await click("label-phone");
    fill("phone", "+1 555 010 4477");
    await click("later");
    (part("day") as HTMLSelectElement).selectedIndex = 1;
    part("day").dispatchEvent(new Event("change", { bubbles: true }));
    await click("now");
    await click("call");
    expect(wishes()).toMatchObject([{ type: "callback", at: null }]);
  });
});

describe("lead forms", () => {
  const leads: [LeadForm, string, string, Record<string, string>][] = [
    ["call_generator", "call-generator", "cg", { phone: "15550104477" }],
    ["offline_message_generator", "offline-generator", "og", { email: "m@example.com", message: "Hello" }],
    ["personal_form", "personal-form", "pf", { name: "Maria", email: "m@example.com" }],
  ];

  test.each(leads)("%s: validated, submitted, thanked", async (lead, form, prefix, values) => {
    await open("classic");
    await stands({ state: "lead", lead });
    expect(isSeen(form)).toBe(true);
    await click(`${prefix}-submit`);
    expect(wishes()).toEqual([]);
    for (const [name, value] of Object.entries(values)) fill(`${prefix}-${name}`, value);
    if (lead === "personal_form") (part("pf-agree") as HTMLInputElement).checked = true;
    await click(`${prefix}-submit`);
    expect(wishes()).toMatchObject([{ type: "submit_lead", form: lead, fields: values }]);
    desk.answer("leadsubmit");
    await settle();
    expect(part(`${prefix}-done`).textContent).not.toBe("");
    await click(`${prefix}-close`);
    expect([parts(form).length, wishes().length]).toEqual([0, 1]);
  });

  test.each(leads)(
    "%s: closed, it is declined once, and comes again at the next showing",
    async (lead, form, prefix) => {
      await open("classic", { locale: "ru" });
      await stands({ state: "lead", lead });
      await click(`${prefix}-close`);
      expect([wishes(), parts(form).length]).toEqual([[{ type: "cancel_lead" }], 0]);
      await stands({ state: "available", lead: null });
      await stands({ state: "lead", lead });
      expect(part(form).textContent).toMatch(/[а-я]/);
    },
  );

  test.each(leads)("%s: leadhide takes it away", async (lead, form) => {
    await open("classic");
    await stands({ state: "lead", lead });
    await stands({ state: "available", lead: null });
    expect([parts(form).length, wishes()]).toEqual([0, []]);
  });
});

describe("the phone's layout", () => {
  test("Mobile: forms fill the screen, the label is sized by its width and comes back after ui:actionend", async () => {
    await open("classic", { device: "mobile" });
    const bubble = part("label-chat").parentElement as HTMLElement;
    expect([bubble.style.width, bubble.style.right, bubble.style.bottom]).toEqual(["17vw", "6vw", "6vw"]);
    expect(callGear.getDeviceType()).toBe("mobile");
    await click("label-chat");
    expect([callGear.UI.Mobile.isFullSizeMode(), isSeen("label-chat"), isSeen("chat")]).toEqual([
      true,
      false,
      true,
    ]);
    await click("close");
    expect([callGear.UI.Mobile.isFullSizeMode(), isSeen("label-chat")]).toEqual([false, true]);
  });
});
