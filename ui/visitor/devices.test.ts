// The panel of the visitor's devices: linking by a code, the list, and taking away.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MemoryVisitor } from "../backend/memory";
import en from "../locales/en/devices.json";
import { openDevices } from "./devices";

const NOW = Date.UTC(2026, 10, 22, 12);
const DAY = 86_400_000;

let backend: MemoryVisitor;

function part(name: string): HTMLElement {
  const element = document.querySelector<HTMLElement>(`[data-test="${name}"]`);
  if (!element) throw new Error(`there is no ${name}`);
  return element;
}

function all(name: string): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(`[data-test="${name}"]`)];
}

async function turn(): Promise<void> {
  for (let at = 0; at < 8; at += 1) await Promise.resolve();
}

async function open(): Promise<void> {
  openDevices(backend, "en");
  await turn();
}

async function enter(code: string): Promise<void> {
  (part("enter-code") as HTMLInputElement).value = code;
  part("enter-code").closest("form")?.requestSubmit();
  await turn();
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  // jsdom has no dialogs.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true;
  };
  HTMLDialogElement.prototype.close = function () {
    this.open = false;
    this.dispatchEvent(new Event("close"));
  };
  backend = new MemoryVisitor();
  backend.told.devices = [
    { device_id: "old", this: false, linked: NOW - 90 * DAY, seen: NOW - 3 * DAY, connected: false },
    { device_id: "me", this: true, linked: NOW - 40 * DAY, seen: NOW, connected: true },
  ];
  backend.told.code = { code: "ABCDEFGHJKLM", expires: NOW + 600_000 };
});

afterEach(() => {
  document.querySelector("dialog")?.close();
  document.body.replaceChildren();
  vi.useRealTimers();
});

describe("the list", () => {
  test("names this device first, and says since when and whether the others are there", async () => {
    await open();
    const words = all("device").map((row) => row.querySelector(".devices__words")?.textContent);
    expect(words).toEqual([
      "This deviceconnected now · since October 13, 2026",
      "Another devicelast here 3 days ago · since August 24, 2026",
    ]);
    expect(all("take")).toHaveLength(1);
  });

  test("a device is taken away after one question", async () => {
    await open();
    part("take").click();
    expect(document.activeElement).toBe(part("keep"));
    part("take-sure").click();
    part("take-sure").click();
    await turn();
    expect(backend.calls.filter(([verb]) => verb === "revoke")).toEqual([["revoke", "old"]]);
    expect([all("device").length, part("devices-said").textContent]).toEqual([1, en.taken]);
    expect(document.activeElement).toBe(part("devices"));
  });

  test("keeping it asks nobody and gives the focus back", async () => {
    await open();
    part("take").click();
    part("keep").click();
    expect([backend.calls, document.activeElement]).toEqual([[["devices"]], part("take")]);
  });

  test("what went wrong is said in Rust's words, and can be tried again", async () => {
    backend.problems.set("devices", { code: "offline", message: "No connection." });
    await open();
    expect(part("devices").textContent).toContain("No connection.");
    part("again").click();
    await turn();
    expect(all("device")).toHaveLength(2);
    backend.problems.set("revoke", { code: "offline", message: "No connection." });
    part("take").click();
    part("take-sure").click();
    await turn();
    expect([part("devices-said").textContent, all("take-sure")[0]?.textContent]).toEqual([
      "No connection.",
      en.take,
    ]);
  });

  test("looks again while it is open, and no more after that", async () => {
    await open();
    await vi.advanceTimersByTimeAsync(5000);
    expect(backend.calls).toHaveLength(2);
    part("devices-close").click();
    await vi.advanceTimersByTimeAsync(60_000);
    expect([backend.calls.length, document.querySelector("dialog")]).toEqual([2, null]);
  });
});

describe("a code for another device", () => {
  test("is shown in groups with the time that is left, and is gone when it is too old", async () => {
    await open();
    part("make-code").click();
    await turn();
    expect([part("link-code").textContent, part("link-left").textContent]).toEqual([
      "ABCD EFGH JKLM",
      "Good for 10:00 more, and only once",
    ]);
    await vi.advanceTimersByTimeAsync(9000);
    expect(part("link-left").textContent).toContain("9:51");
    await vi.advanceTimersByTimeAsync(600_000);
    expect([all("link-code"), part("link-left").textContent]).toEqual([[], en.old]);
    expect(part("make-code").textContent).toBe(en.make_new);
  });

  test("that cannot be made says why", async () => {
    await open();
    backend.problems.set("linkCode", { code: "offline", message: "No connection." });
    part("make-code").click();
    await turn();
    expect([all("link-code"), part("devices-said").textContent]).toEqual([[], "No connection."]);
  });
});

describe("a code from another device", () => {
  test("is sent as it is meant, once, and the warning stands above the button", async () => {
    await open();
    expect(part("enter").textContent).toContain(en.enter_warning);
    await enter(" abcd-efgh jklm ");
    expect(backend.calls.at(-1)).toEqual(["link", "ABCDEFGHJKLM"]);
    expect(part("devices-said").textContent).toBe(en.entered);
  });

  test("nothing is not sent; a wrong one is said and stays to be mended", async () => {
    await open();
    await enter("  ");
    expect([part("devices-said").textContent, backend.calls]).toEqual([en.enter_empty, [["devices"]]]);
    backend.problems.set("link", { code: "bad_code", message: "Wrong." });
    await enter("ABCD");
    expect(part("devices-said").textContent).toBe("Wrong.");
    expect([(part("enter-code") as HTMLInputElement).value, document.activeElement]).toEqual([
      "ABCD",
      part("enter-code"),
    ]);
  });
});
