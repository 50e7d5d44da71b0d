// §2 of the consultant API: "Texts of the company's own settings may be marked as trusted HTML in pack.json."
import { expect, test } from "vitest";
import { trustOf } from "./trusted";

const SETTINGS = {
  chat: { title: "<b>Help</b>", fields: [{ title: "<i>Name</i>" }], is_visible: true, empty: null },
  title: "<b>Other</b>",
};

test("[D] a text at a path of pack.json's trusted_html is trusted, and no other", () => {
  const isTrusted = trustOf(SETTINGS, ["chat.title", "chat.fields.0.title"]);
  const asked = ["<b>Help</b>", "<i>Name</i>", "<b>Other</b>", "<b>Help</b> ", "<B>Help</B>", "", null, {}];
  expect(asked.map(isTrusted)).toEqual([true, true, false, false, false, false, false, false]);
});

test.each([
  [["chat"]],
  [["chat.nothing.at.all"]],
  [["__proto__"]],
  [["constructor.name"]],
  [["chat.is_visible"]],
  [[""]],
])("%j trusts nothing", (paths) => {
  const isTrusted = trustOf(SETTINGS, paths);
  expect(["Object", "true", "", true, undefined].filter(isTrusted)).toEqual([]);
});

test.each([[null], [undefined], ["text"], [[]]])("settings %j trust nothing", (settings) => {
  expect(trustOf(settings, ["chat.title", "length"])("text")).toBe(false);
});
