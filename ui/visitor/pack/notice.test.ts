// The notice above a company's form.
import { beforeEach, expect, test, vi } from "vitest";
import { visitorTexts } from "../../consultant/catalogues";
import { NoticePlace, type Notice } from "./notice";

const act = vi.fn();
const NOTICE: Notice = { key: "d1", words: "It has no network.", action: { test: "go", words: "Go", act } };

function said(locale: "en" | "ru", ...notices: Notice[]): NoticePlace {
  const place = new NoticePlace(visitorTexts(locale));
  document.body.replaceChildren(place.element);
  for (const notice of notices) place.say(notice);
  return place;
}

const words = (): string[] =>
  [...document.querySelectorAll(".desk-strip__words")].map((one) => one.textContent);
const press = (name: string): void => document.querySelector<HTMLElement>(`[data-test=${name}]`)?.click();

beforeEach(() => {
  sessionStorage.clear();
  act.mockClear();
});

test("it is one line in a status region that was there before, with a button for what can be done", () => {
  const { element } = said("en");
  expect([element.getAttribute("role"), element.childElementCount]).toEqual(["status", 0]);
  said("en", NOTICE, { ...NOTICE, key: "other", words: "Another." });
  expect(words()).toEqual(["It has no network."]);
  press("go");
  expect(act).toHaveBeenCalledOnce();
});

test("once closed, it is not said again in this window; another one is", () => {
  said("en", NOTICE);
  press("pack-notice-close");
  expect(words()).toEqual([]);
  said("en", NOTICE);
  expect(words()).toEqual([]);
  said("en", { ...NOTICE, key: "d2" });
  expect(words()).toHaveLength(1);
});

test("its buttons are reached by the keyboard and have names, in both languages", () => {
  for (const [locale, name] of [
    ["en", "Close this notice"],
    ["ru", visitorTexts("ru").t("strip.dismiss")],
  ] as const) {
    said(locale, NOTICE);
    const buttons = [...document.querySelectorAll("button")];
    expect(buttons.map((one) => [one.type, one.tabIndex])).toEqual([
      ["button", 0],
      ["button", 0],
    ]);
    expect(buttons.at(-1)?.getAttribute("aria-label")).toBe(name);
  }
});

test("where nothing can be done there is only the way to close it", () => {
  said("en", { key: "d1", words: "It ended." });
  expect(document.querySelectorAll("button")).toHaveLength(1);
});
