// The site's settings: laid over the pack's before controllers run, and what happens when they change.
import { describe, expect, test, vi } from "vitest";
import { MemoryVisitor, memoryBoot, memoryForm } from "../../backend/memory";
import type { FormSettings } from "../../generated/FormSettings";
import type { PackWindow } from "../global";
import { bootRuntime } from "../runtime";
import { withSite } from "../site";
import { visitorTexts } from "../catalogues";
import { everyTest, page, stage, stands } from "./page";

everyTest();

const TEXTS = visitorTexts("en");
const PACK = {
  common: { banner_color: "#111111", more: 1 },
  chat: {
    title: "Pack",
    group_title: "Which?",
    fields: [{ name: "name", title: "Your name", is_required: false, own: true }],
    retention: { messages: [{ timeout: 5, text: "pack" }] },
  },
  offline_message: { title: "Leave a message" },
  texts: { en: {} },
};
const SITE: FormSettings = memoryForm({
  title: "Site",
  banner_color: "#abcdef",
  group_title: "Whom?",
  groups: [{ id: 1, name: "Sales" }],
  fields: [
    { name: "name", title: "", is_required: true },
    { name: "phone", title: "", is_required: false },
  ],
  offline_fields: [{ name: "email", title: "Mail", is_required: true }],
  rating: false,
  retention: { messages: [{ after_s: 30, text: "site" }], way: "sitephone", way_after_s: 60 },
});

describe("settings", () => {
  test("the site's stand over the pack's", () => {
    expect(withSite(PACK, SITE, TEXTS)).toEqual({
      common: { banner_color: "#abcdef", more: 1 },
      chat: {
        title: "Site",
        group_title: "Whom?",
        allowed_groups: [{ id: 1, name: "Sales" }],
        is_groups_enabled: true,
        fields: [
          { name: "name", title: "Your name", is_required: true, own: true },
          { name: "phone", title: "Phone", is_required: false },
        ],
        is_consultant_operator_rating: false,
        is_mail: true,
        is_file_transfer: true,
        retention: {
          messages: [{ timeout: 30, text: "site" }],
          is_alternate_communication_way_enabled: true,
          alternate_communication_way_timeout: 60,
          alternate_communication_way: "sitephone",
        },
      },
      offline_message: {
        title: "Leave a message",
        group_title: "Whom?",
        allowed_groups: [{ id: 1, name: "Sales" }],
        is_groups_enabled: true,
        fields: [{ name: "email", title: "Mail", is_required: true }],
      },
      texts: { en: {} },
    });
  });

  test("what the site leaves empty stays the pack's; groups are the desk's word", () => {
    const made = withSite(PACK, memoryForm(), TEXTS) as typeof PACK;
    expect(made.common).toEqual(PACK.common);
    expect(made.chat).toMatchObject({ title: "Pack", group_title: "Which?", fields: PACK.chat.fields });
    expect(made.chat).toMatchObject({ allowed_groups: [], is_groups_enabled: false });
    // A desk that was never reached takes no files.
    const chat = { ...PACK.chat, is_file_transfer: false };
    expect(withSite(PACK, null, TEXTS)).toEqual({ ...PACK, chat });
  });
});

test("what a site cannot name stays where it names other fields: the message of the offline form", () => {
  const fields = [{ name: "email" }, { name: "message", title: "Your question", is_required: true }];
  const made = withSite({ offline_message: { fields } }, SITE, TEXTS);
  expect(made["offline_message"]).toMatchObject({
    fields: [
      { name: "email", title: "Mail", is_required: true },
      { name: "message", title: "Your question", is_required: true },
    ],
  });
});

describe("a change of the settings", () => {
  /** How often the page would have begun anew. */
  async function changed(before: () => void, form: FormSettings = SITE): Promise<number> {
    const runtime = await page({ settings: PACK });
    const stale = vi.fn();
    runtime.onStale(stale);
    before();
    stage.desk.push({ type: "form", form });
    return stale.mock.calls.length;
  }

  function field(html: string): HTMLInputElement {
    document.body.innerHTML = html;
    return document.body.firstElementChild as HTMLInputElement;
  }

  test("begins anew when nobody is busy", async () => {
    expect(await changed(() => field('<input value="as it was"><p>words</p>'))).toBe(1);
  });

  test("does not where controllers see no difference", async () => {
    const consent = { version: 1, text: "t", url: "" };
    expect(await changed(() => undefined, memoryForm({ consent }))).toBe(0);
  });

  test.each([
    ["something is typed", (): void => void (field("<input>").value = "words")],
    ["something is written", (): void => void field("<div contenteditable>words</div>")],
    ["a chat is open", (): void => stands({ state: "chat" })],
    ["a message is on its way", (): void => void stage.chat.sendChatMessage("words")],
  ])("waits for the next start while %s", async (_, before) => {
    expect(await changed(before)).toBe(0);
  });
});

describe("the very first start", () => {
  test("waits for the site's settings, and no longer than 700 ms", async () => {
    const desk = new MemoryVisitor(memoryBoot({ form: null }));
    const runtime = await bootRuntime(desk, {} as PackWindow);
    const settled = vi.fn();
    void runtime.settled().then(settled);
    await vi.advanceTimersByTimeAsync(699);
    expect(settled).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    expect(settled).toHaveBeenCalledOnce();
  });

  test("goes on as soon as they are there, and controllers get them", async () => {
    const desk = new MemoryVisitor(memoryBoot({ form: null }));
    const target: PackWindow = {};
    const runtime = await bootRuntime(desk, target);
    let title: unknown = null;
    target.CallGear?.UI.registerViewController("consultant", (settings: typeof PACK) => {
      title = settings.chat.title;
    });
    setTimeout(() => desk.push({ type: "form", form: SITE }), 100);
    const settled = runtime.settled();
    await vi.advanceTimersByTimeAsync(100);
    await settled;
    runtime.start({ settings: PACK, templates: {} });
    expect(title).toBe("Site");
  });
});

describe("a desk that sends no mail", () => {
  const feedback = async (mail: boolean): Promise<unknown> => {
    const desk = new MemoryVisitor(memoryBoot({ form: memoryForm({ mail }) }));
    const target: PackWindow = {};
    const runtime = await bootRuntime(desk, target);
    let said: unknown = null;
    target.CallGear?.UI.registerViewController("consultant", () => {
      const { email } = runtime.callGear.UI.C["MESSAGES_SETTINGS"] as { email: { feedbackText: string } };
      said = email.feedbackText;
    });
    runtime.start({ settings: PACK, templates: {} });
    return said;
  };

  test("[X] controllers that show C's feedback after whatever answer do not say that the letter is on its way", async () => {
    expect(await feedback(true)).toBe(TEXTS.t("c.mail_feedback"));
    expect(await feedback(false)).toBe(TEXTS.t("c.mail_none"));
  });
});
