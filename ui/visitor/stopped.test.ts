// §9 of the consultant API: a controller can break its own form, never the app.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { visitorTexts } from "../consultant/catalogues";
import { drawFormStopped, wantsDefaultForm, wishCompanyForm, type Stopped } from "./stopped";

const reload = vi.fn();

function draw(locale: "en" | "ru" = "en", stopped: Stopped = {}): { words: string; button: HTMLElement } {
  drawFormStopped(document.body, visitorTexts(locale), stopped, reload);
  const panel = document.querySelector<HTMLElement>("[data-test=form-stopped]");
  const button = document.querySelector<HTMLElement>("[data-test=default-form]");
  if (!panel || !button) throw new Error("nothing is said");
  return { words: panel.textContent, button };
}

beforeEach(() => {
  document.body.replaceChildren();
  document.body.className = "";
  sessionStorage.clear();
  reload.mockClear();
});

afterEach(() => {
  vi.restoreAllMocks();
});

test("the window says that the form stopped and offers the default form, in both languages", () => {
  const { words, button } = draw();
  expect(words).toBe(
    "This form has stopped workingYour messages are kept. You can go on in the default form.Open the default form",
  );
  expect(document.activeElement).toBe(button);
  document.body.replaceChildren();
  expect(draw("ru").button.textContent).toBe("Открыть стандартную форму");
});

test("the button starts a fresh page that asks for the default form", () => {
  expect(wantsDefaultForm()).toBe(false);
  draw().button.click();
  expect([wantsDefaultForm(), reload.mock.calls.length]).toEqual([true, 1]);
});

test("where the default form itself stops, the button tries again", () => {
  draw().button.click();
  document.body.replaceChildren();
  expect(draw().button.textContent).toBe("Try again");
});

test("the sentence that names the file and the line stands under the title", () => {
  const sentence = "A script of the chat form failed (chat.js, line 3): it threw";
  draw("en", { key: "d1", sentence });
  expect(document.querySelector("[data-test=form-stopped-why]")?.textContent).toBe(sentence);
  expect(document.querySelector("h1")?.nextElementSibling?.textContent).toBe(sentence);
});

test("the wish holds for this form alone, until the person takes it back", () => {
  draw("en", { key: "d1" }).button.click();
  expect([wantsDefaultForm("d1"), wantsDefaultForm("d2"), wantsDefaultForm()]).toEqual([true, false, false]);
  wishCompanyForm();
  expect(wantsDefaultForm("d1")).toBe(false);
});

test("whatever the form has drawn, and goes on drawing, is hidden: eyes and keys find the panel and the strip", () => {
  const styles = document.createElement("style");
  styles.textContent = readFileSync(resolve(import.meta.dirname, "page.css"), "utf8");
  const add = (className: string): HTMLElement => {
    const element = document.createElement("div");
    element.className = className;
    document.body.append(element);
    return element;
  };
  const isShown = (element: HTMLElement): boolean => getComputedStyle(element).display !== "none";
  document.body.append(styles);
  const [strip, form] = [add("desk-strip"), add("rack")];
  draw();
  const late = add("popup");
  expect([strip, form, late].map(isShown)).toEqual([true, false, false]);
});

test("it is said once", () => {
  draw();
  draw();
  expect(document.querySelectorAll(".page-stopped")).toHaveLength(1);
});

test("the button works where the browser keeps nothing", () => {
  vi.spyOn(Storage.prototype, "setItem").mockImplementation(() => {
    throw new Error("refused");
  });
  draw().button.click();
  expect(reload).toHaveBeenCalledOnce();
});
