// §2 and §8 of the consultant API, promise by promise: settings that controllers may read without looking.
import { describe, expect, test } from "vitest";
import { memoryForm } from "../../backend/memory";
import type { FormSettings } from "../../generated/FormSettings";
import { visitorTexts } from "../catalogues";
import { safeOtherSettings, safeSettings } from "../settings";
import { withGroups, withSite } from "../site";

type Form = Record<string, unknown>;

const chatOf = (chat: unknown): Form => safeSettings({ chat })["chat"] as Form;

describe("settings", () => {
  test.each([[null], [undefined], ["text"], [[]], [7], [{ chat: null, offline_message: "x", common: [] }]])(
    "[X] §8 with %j as settings, every part that the API names is there",
    (given) => {
      expect(safeSettings(given)).toEqual({
        common: { banner_color: "" },
        chat: expect.objectContaining({ is_visible: true, fields: [], allowed_groups: [] }) as unknown,
        offline_message: expect.objectContaining({ fields: [], allowed_groups: [] }) as unknown,
      });
    },
  );

  test.each([[null], [[]], [undefined], ["1"]])(
    "[X] §2 is_groups_enabled is off when allowed_groups is %j, in both forms",
    (allowed_groups) => {
      const given = { is_groups_enabled: true, allowed_groups };
      const { chat, offline_message } = safeSettings({ chat: given, offline_message: given });
      for (const form of [chat, offline_message]) {
        expect(form).toMatchObject({ is_groups_enabled: false, allowed_groups: [] });
      }
    },
  );

  test("is_groups_enabled stays on where there are groups", () => {
    const allowed_groups = [{ id: 1, name: "Sales" }];
    expect(chatOf({ is_groups_enabled: true, allowed_groups })).toMatchObject({
      is_groups_enabled: true,
      allowed_groups,
    });
    expect(chatOf({ is_groups_enabled: false, allowed_groups })["is_groups_enabled"]).toBe(false);
  });

  test.each([
    ["left", "top", "left", "top"],
    ["right", "middle", "right", "middle"],
    ["<b>", "nowhere", "right", "bottom"],
    [7, null, "right", "bottom"],
  ])(
    "[X] §2 h_position is left|right, v_position top|middle|bottom: %j and %j become %s and %s",
    (h_position, v_position, h, v) => {
      expect(chatOf({ h_position, v_position })).toMatchObject({ h_position: h, v_position: v });
    },
  );

  test("retention always has its messages; what is no object in a list is left out", () => {
    expect(chatOf({ retention: null })["retention"]).toMatchObject({ messages: [] });
    const messages = [{ timeout: 5, text: "One moment" }];
    expect(chatOf({ retention: { messages: [...messages, null, 3] } })["retention"]).toMatchObject({
      messages,
    });
    expect(chatOf({ fields: [null, { name: "phone" }, "email"] })["fields"]).toEqual([{ name: "phone" }]);
  });

  test("an offline form that the company says nothing of is not shown; what it says stays", () => {
    expect(safeSettings({})["offline_message"]).toMatchObject({ is_visible: false });
    expect(safeSettings({ offline_message: {} })["offline_message"]).toMatchObject({ is_visible: true });
    expect(safeSettings({ own: 1, chat: { title: "Help", widget_link_url: "/x" } })).toMatchObject({
      own: 1,
      chat: { title: "Help", widget_link_url: "/x" },
    });
  });

  test("[X] §4 a file's button is not offered while isReadyForFileTransfer() would say no", () => {
    const own = { chat: { is_file_transfer: true } };
    const said = (form: FormSettings | null, group: number | null = null): unknown =>
      (safeSettings(withSite(own, form, visitorTexts("en"), group))["chat"] as Form)["is_file_transfer"];
    const rules = { enabled: true, max_bytes: 1, types: [] };
    const files = { ...rules, groups: [{ ...rules, group: 2, enabled: false }] };
    expect(said(memoryForm({ files }))).toBe(true);
    expect(said(memoryForm({ files }), 2)).toBe(false);
    expect(said(memoryForm({ files: { ...files, enabled: false } }), 1)).toBe(false);
    expect(said(null)).toBe(false);
  });

  test("the company's object is not written into", () => {
    const given = { chat: { allowed_groups: null } };
    safeSettings(given);
    expect(given).toEqual({ chat: { allowed_groups: null } });
  });
});

describe("what the consultant's templates and controllers read", () => {
  const NAMES = `common.banner_color chat.title chat.group_title chat.is_visible chat.is_groups_enabled
    chat.allowed_groups chat.fields chat.is_file_transfer chat.is_consultant_operator_rating chat.h_position
    chat.v_position chat.is_animation_enabled chat.message_audio_file chat.retention.messages
    chat.retention.is_alternate_communication_way_enabled chat.retention.alternate_communication_way_timeout
    chat.retention.alternate_communication_way offline_message.title offline_message.fields
    offline_message.is_groups_enabled offline_message.group_title offline_message.allowed_groups
    offline_message.is_visible offline_message.h_position offline_message.v_position
    offline_message.is_animation_enabled`.split(/\s+/);

  test.each(NAMES)("[X] §8 settings.%s is there, whatever a company has left out", (path) => {
    const at = (settings: unknown): unknown =>
      path.split(".").reduce<unknown>((value, key) => (value as Form)[key], settings);
    expect(at(safeSettings({ chat: {}, offline_message: {} }))).toBeDefined();
    expect(at(safeSettings(null))).toBeDefined();
  });

  test.each(["banner_branding_text", "banner_branding_url", "widget_link_text", "widget_link_url"])(
    "[X] §8 %s is optional in both: it stays what a company says, null as well",
    (name) => {
      const settings = safeSettings({ chat: { [name]: "x" }, offline_message: { [name]: null } });
      expect([settings["chat"], settings["offline_message"]]).toMatchObject([
        { [name]: "x" },
        { [name]: null },
      ]);
      expect(chatOf({})[name]).toBeUndefined();
    },
  );

  test("[X] §8 fields and allowed_groups that are null are lists, and what is null in a text stays", () => {
    expect(chatOf({ fields: null, allowed_groups: null, group_title: null })).toMatchObject({
      fields: [],
      allowed_groups: [],
      group_title: null,
    });
  });

  test.each([
    ["43A400", "1f4b43"],
    ["#43A400", "#1f4b43"],
    ["", "#1f4b43"],
    [null, "#1f4b43"],
  ])("[X] §8 common.banner_color: the site's, written as the pack's own (%j) is", (own, color) => {
    const form = memoryForm({ banner_color: "#1f4b43" });
    const { common } = withSite({ common: { banner_color: own } }, form, visitorTexts("en"));
    expect(common).toEqual({ banner_color: color });
  });
});

describe("what the other controllers read", () => {
  const GROUPS = [{ id: 1, name: "Sales" }];

  test.each(["sitephone", "call_generator", "offline_message_generator", "personal_form"])(
    "[X] §2 %s: is_groups_enabled is off when allowed_groups is empty or null",
    (name) => {
      for (const allowed_groups of [null, [], undefined]) {
        const given = { is_groups_enabled: true, allowed_groups };
        expect(safeOtherSettings(name, given)).toMatchObject({
          is_groups_enabled: false,
          allowed_groups: [],
        });
      }
    },
  );

  test("[X] §2 sitephone's positions are among the known ones; a lead form's stay what they are", () => {
    const given = { h_position: "center", v_position: "middle" };
    expect(safeOtherSettings("sitephone", given)).toMatchObject({
      h_position: "right",
      v_position: "middle",
    });
    expect(safeOtherSettings("personal_form", given)).toMatchObject(given);
  });

  test("[X] §8 fields: null, delayed_call_times and what else a company says stay, in a copy", () => {
    const given = {
      id: 5217,
      fields: null,
      delayed_call_times: false,
      banner_color: "FFD441",
      group_title: 0,
    };
    const settings = safeOtherSettings("offline_message_generator", given);
    expect(settings).toMatchObject(given);
    expect(settings).not.toBe(given);
  });

  test("nobody has to read a captcha", () => {
    expect(safeOtherSettings("sitephone", { is_captcha_enabled: true })["is_captcha_enabled"]).toBe(false);
  });

  test("[X] §8 the groups are the desk's, where the company lets visitors choose one", () => {
    const own = { is_groups_enabled: true, allowed_groups: [{ id: 15846, name: "Old" }] };
    expect(withGroups(own, memoryForm({ groups: GROUPS }))).toEqual({ ...own, allowed_groups: GROUPS });
    expect(safeOtherSettings("sitephone", withGroups(own, memoryForm()))).toMatchObject({
      is_groups_enabled: false,
    });
    expect(withGroups(own, null)).toEqual(own);
  });
});
