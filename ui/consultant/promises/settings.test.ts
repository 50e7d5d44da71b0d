// §2 and §8 of the consultant API: settings that controllers may read without looking.
import { describe, expect, test } from "vitest";
import { safeSettings } from "../settings";

type Form = Record<string, unknown>;

const chatOf = (chat: unknown): Form => safeSettings({ chat })["chat"] as Form;

describe("settings", () => {
  test.each([[null], [undefined], ["text"], [[]], [7], [{ chat: null, offline_message: "x", common: [] }]])(
    "%j: every part that the API names is there",
    (given) => {
      expect(safeSettings(given)).toEqual({
        common: { banner_color: "" },
        chat: expect.objectContaining({ is_visible: true, fields: [], allowed_groups: [] }) as unknown,
        offline_message: expect.objectContaining({ fields: [], allowed_groups: [] }) as unknown,
      });
    },
  );

  test.each([[null], [[]], [undefined], ["1"]])(
    "is_groups_enabled is off when allowed_groups is %j",
    (allowed_groups) => {
      expect(chatOf({ is_groups_enabled: true, allowed_groups })["is_groups_enabled"]).toBe(false);
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
  ])("h_position %j and v_position %j become %s and %s", (h_position, v_position, h, v) => {
    expect(chatOf({ h_position, v_position })).toMatchObject({ h_position: h, v_position: v });
  });

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

  test("the company's object is not written into", () => {
    const given = { chat: { allowed_groups: null } };
    safeSettings(given);
    expect(given).toEqual({ chat: { allowed_groups: null } });
  });
});
