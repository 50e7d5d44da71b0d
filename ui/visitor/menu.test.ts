// The page's own menu above whatever form runs.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { MemoryVisitor, memoryBoot } from "../backend/memory";
import { textsOf } from "../consultant/texts";
import en from "../locales/en/visitor.json";
import { drawMenu } from "./menu";

const one = (name: string) => document.querySelector<HTMLElement>(`[data-test="${name}"]`);
const list = () => document.querySelector<HTMLElement>(".desk-menu__list");
const press = (key: string, more: KeyboardEventInit = {}) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });
  (document.activeElement ?? document.body).dispatchEvent(event);
};

describe("the page's own menu", () => {
  const settings = vi.fn(async () => Promise.resolve());
  const file = vi.fn();

  beforeEach(() => {
    file.mockClear();
    settings.mockClear();
    const backend = Object.assign(new MemoryVisitor(memoryBoot()), { settings });
    drawMenu(document.body, backend, "en", textsOf("en", en), file);
  });

  afterEach(() => {
    document.body.replaceChildren();
  });

  it("opens the settings, and is gone", () => {
    one("menu-open")?.click();
    expect(list()?.hidden).toBe(false);
    one("settings-open")?.click();
    expect(settings).toHaveBeenCalledTimes(1);
    expect(list()?.hidden).toBe(true);
  });

  it("is walked through by arrows, and Escape gives the focus back", () => {
    one("menu-open")?.click();
    expect(document.activeElement).toBe(one("file-open-dialog"));
    press("ArrowDown");
    expect(document.activeElement).toBe(one("devices-open"));
    press("ArrowDown");
    expect(document.activeElement).toBe(one("settings-open"));
    press("ArrowDown");
    expect(document.activeElement).toBe(one("file-open-dialog"));
    press("ArrowUp");
    expect(document.activeElement).toBe(one("settings-open"));
    press("Escape");
    expect(list()?.hidden).toBe(true);
    expect(document.activeElement).toBe(one("menu-open"));
  });

  it("lets the person choose a file, by Ctrl+O too", () => {
    one("menu-open")?.click();
    one("file-open-dialog")?.click();
    expect(file).toHaveBeenCalledTimes(1);
    file.mockClear();
    press("o", { ctrlKey: true, code: "KeyO" });
    expect(file).toHaveBeenCalled();
    expect(list()?.hidden).toBe(true);
  });

  it("closes when something else is pressed", () => {
    one("menu-open")?.click();
    document.body.dispatchEvent(new Event("pointerdown", { bubbles: true }));
    expect(list()?.hidden).toBe(true);
  });
});

it("Ctrl+, opens the settings without the menu", () => {
  const settings = vi.fn(async () => Promise.resolve());
  drawMenu(
    document.body,
    Object.assign(new MemoryVisitor(memoryBoot()), { settings }),
    "en",
    textsOf("en", en),
    () => undefined,
  );
  press(",", { ctrlKey: true });
  press(",");
  expect(settings).toHaveBeenCalledTimes(1);
});
