import { flushSync, mount, unmount } from "svelte";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { AppBackend } from "../../backend/backend";
import { memoryApp } from "../../backend/memory-app";
import type { AlertSettings } from "../../generated/AlertSettings";
import en from "../../locales/en/desktop.json";
import ru from "../../locales/ru/desktop.json";
import App from "../App.svelte";

let page: Record<string, unknown> | undefined;

const all = <E extends HTMLElement = HTMLElement>(name: string) => [
  ...document.querySelectorAll<E>(`[data-test="${name}"]`),
];
const one = <E extends HTMLElement = HTMLElement>(name: string) => {
  const [element] = all<E>(name);
  if (!element) throw new Error(`there is no ${name}`);
  return element;
};
const settle = async (ms = 320) => {
  await vi.advanceTimersByTimeAsync(ms);
  flushSync();
};
const press = (key: string) => {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true });
  document.activeElement?.dispatchEvent(event);
  flushSync();
};
const refused = Object.assign(new Error("The disk is full."), { code: "disk_full" });

async function show(query = "", verbs: Partial<AppBackend> = {}) {
  const params = new URLSearchParams(`screen=settings&${query}`);
  const backend: AppBackend = { ...memoryApp(params), ...verbs };
  page = mount(App, { target: document.body, props: { backend, boot: await backend.boot() } });
  await vi.dynamicImportSettled();
  // The settings, then what a section asks for.
  await settle();
  await settle();
  return backend;
}

async function turn(section: string): Promise<void> {
  one(`section-${section}`).click();
  await settle();
}

/** Saves of alerts, and whether they are taken. */
const saves = (taken = true) =>
  vi.fn<AppBackend["saveAlerts"]>(async () => (taken ? Promise.resolve() : Promise.reject(refused)));
const saved = (verb: ReturnType<typeof saves>): AlertSettings | undefined => verb.mock.lastCall?.[0];

function choose(name: string, value: string): void {
  const select = one<HTMLSelectElement>(name);
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
  flushSync();
}

/** Everything that one can press or fill in and that has no name. */
function nameless(): string[] {
  const controls = document.querySelectorAll<HTMLElement>("button, input, select, textarea");
  const name = (control: HTMLElement) =>
    control.getAttribute("aria-label") ??
    (control.textContent.trim() || ((control as HTMLInputElement).labels?.[0]?.textContent.trim() ?? ""));
  return [...controls].filter((control) => name(control) === "").map((control) => control.outerHTML);
}

beforeEach(() => {
  vi.useFakeTimers();
  // A morning, so that the quiet hours of the scene are over.
  vi.setSystemTime(new Date(2026, 4, 12, 9, 41));
});

afterEach(async () => {
  if (page) await unmount(page);
  page = undefined;
  vi.useRealTimers();
});

describe("the window of settings", () => {
  it("opens where it was asked for, and walks through its sections by arrows", async () => {
    await show("section=diagnostics&hosting");
    expect(one("section-diagnostics").getAttribute("aria-selected")).toBe("true");
    one("section-diagnostics").focus();
    press("ArrowDown");
    await settle();
    expect(document.activeElement).toBe(one("section-about"));
    one("panel-about");
    press("ArrowDown");
    press("ArrowDown");
    await settle();
    expect(document.activeElement).toBe(one("section-general"));
    press("ArrowDown");
    await settle();
    one("panel-desk");
    const reachable = document.querySelectorAll('[role="tab"][tabindex="0"]');
    expect(reachable).toHaveLength(1);
  });

  it("closes by Escape", async () => {
    const close = vi.fn<AppBackend["close"]>(async () => Promise.resolve());
    await show("", { close });
    press("Escape");
    expect(close).toHaveBeenCalledTimes(1);
  });

  it("says why it cannot be read, and reads it again", async () => {
    const settings = vi.fn<AppBackend["settings"]>(async () => Promise.reject(refused));
    await show("", { settings });
    expect(one("settings-failed").textContent).toContain("The disk is full.");
    one("settings-failed").querySelector("button")?.click();
    await settle();
    expect(settings).toHaveBeenCalledTimes(2);
  });

  it.each(["en", "ru"])("every section has its words and names its controls, in %s", async (lang) => {
    for (const face of ["visitor", "operator"]) {
      const hosting = face === "operator" ? "&hosting" : "";
      await show(`lang=${lang}&face=${face}&quiet&crashes=1${hosting}`);
      for (const tab of document.querySelectorAll<HTMLElement>('[role="tab"]')) {
        tab.click();
        await settle();
        expect(nameless(), tab.id).toEqual([]);
        expect(document.body.textContent, tab.id).not.toMatch(/[^{]\{\w+\}|undefined|NaN/u);
      }
      if (page) await unmount(page);
      page = undefined;
    }
  });

  it("says the same in both languages, key by key", () => {
    expect(Object.keys(ru)).toEqual(Object.keys(en));
  });
});

describe("settings: alerts", () => {
  it("has the kinds that the face has", async () => {
    await show("face=visitor");
    expect(
      [...document.querySelectorAll<HTMLElement>("[data-kind]")].map((row) => row.dataset["kind"]),
    ).toEqual(["invitation", "words", "closed"]);
    expect(all("unanswered")).toEqual([]);
  });

  it("saves each change as it is made, and leaves the others as they are", async () => {
    const saveAlerts = saves();
    await show("", { saveAlerts });
    one("show-waiting").click();
    await settle();
    one("hide-words").click();
    choose("unanswered", "0");
    await settle();
    const alerts = saved(saveAlerts);
    expect(alerts?.kinds[0]).toEqual({ kind: "waiting", show: false, sound: true });
    expect(alerts?.kinds[1]).toEqual({ kind: "words", show: true, sound: true });
    expect(alerts).toMatchObject({ hide_words: true, unanswered_s: 0, grouping: true });
  });

  it("shows how things stand after a change that could not be kept, and says why", async () => {
    await show("", { saveAlerts: saves(false) });
    const toggle = one<HTMLInputElement>("show-waiting");
    toggle.click();
    expect(toggle.checked).toBe(false);
    await settle();
    await settle();
    expect(toggle.checked).toBe(true);
    expect(one("note").textContent).toContain("The disk is full.");
  });

  it("quiet hours begin with a night, say how long they are, and come back as they were", async () => {
    const saveAlerts = saves();
    await show("", { saveAlerts });
    one("quiet").click();
    await settle();
    expect(saved(saveAlerts)?.quiet).toEqual({ from: 1320, to: 480 });
    expect(one("quiet-words").textContent).toContain("over midnight, for 10 hours");
    choose("quiet-from", "540");
    choose("quiet-to", "600");
    await settle();
    expect(saved(saveAlerts)?.quiet).toEqual({ from: 540, to: 600 });
    expect(one("quiet-words").textContent).toContain("for 1 hour");
    expect(one("quiet-words").textContent).toContain("It is quiet now.");
    choose("quiet-to", "540");
    expect(one("quiet-words").textContent).toContain("The whole day");
    one("quiet").click();
    await settle();
    expect(saved(saveAlerts)?.quiet).toBeNull();
    one("quiet").click();
    await settle();
    expect(saved(saveAlerts)?.quiet).toEqual({ from: 540, to: 540 });
  });

  it("tries a kind as it is set, and the volume as the slider stands", async () => {
    const testAlert = vi.fn<AppBackend["testAlert"]>(async () => Promise.resolve());
    const testSound = vi.fn<AppBackend["testSound"]>(async () => Promise.resolve());
    await show("", { testAlert, testSound });
    one("try-request").click();
    await settle();
    expect(testAlert.mock.calls).toEqual([["request"]]);
    expect(testSound).not.toHaveBeenCalled();
    const volume = one<HTMLInputElement>("volume");
    volume.value = "30";
    volume.dispatchEvent(new Event("input", { bubbles: true }));
    one("listen").click();
    await settle();
    expect(testSound.mock.calls).toEqual([["waiting", 30]]);
    one("show-request").click();
    await settle();
    one("try-request").click();
    await settle();
    expect(one("note").textContent).toContain("only the tray counts it");
    expect(testAlert).toHaveBeenCalledTimes(1);
  });
});

describe("settings: general", () => {
  it("says that nothing could be read anew, until it can be", async () => {
    const { settings } = memoryApp(new URLSearchParams("screen=settings"));
    let works = true;
    await show("section=general", {
      settings: async () => (works ? settings() : Promise.reject(refused)),
    });
    for (const now of [false, true]) {
      works = now;
      window.dispatchEvent(new Event("focus"));
      await settle();
      expect(all("note").length).toBe(now ? 0 : 1);
    }
  });

  it("names the desk by its host: a link says nothing to a person", async () => {
    await show("section=general");
    expect(one("desk-address").textContent.trim()).toBe("desk.acme-furniture.example:7717");
  });

  it("shows what is there where that cannot be read", async () => {
    await show("section=general", { readDesk: async () => Promise.reject(refused) });
    expect(one("desk-address").textContent).toContain("deskbell://join?");
  });

  it("starts with the computer and closes as one likes, and goes back where it cannot", async () => {
    const setAutostart = vi.fn<AppBackend["setAutostart"]>(async () => Promise.reject(refused));
    const { settings } = await show("section=general&hosting", { setAutostart });
    expect(document.body.textContent).toContain("The desk ends as well");
    one("closing-ask").click();
    one("autostart").click();
    await settle();
    expect(setAutostart.mock.calls).toEqual([[true]]);
    await settle();
    await settle();
    expect(one<HTMLInputElement>("autostart").checked).toBe(false);
    expect(one<HTMLInputElement>("closing-ask").checked).toBe(true);
    one("note");
    const kept = settings();
    await settle();
    expect(await kept).toMatchObject({ keep_in_tray: "ask", autostart: false });
  });
});

describe("settings: my data", () => {
  it("says what was written and where, and nothing where the person thought better of it", async () => {
    await show("section=data");
    one("export-html").click();
    await settle();
    expect(one("export-done").textContent).toContain("12 conversations");
    expect(one("export-done").textContent).toContain("/home/anna/Documents/conversations.html");
  });

  it("a cancelled dialog says nothing", async () => {
    await show("section=data&cancel");
    one("export-json").click();
    await settle();
    expect(all("export-done")).toEqual([]);
    expect(all("export-problem")).toEqual([]);
  });

  it("takes files along unless one says otherwise, and says where they are and what is missing", async () => {
    const backend = await show("section=data&files=9&away=3");
    const asked = vi.spyOn(backend, "export");
    expect(one("export-with-files").closest("label")?.textContent).toContain("With files (12, 34 MB)");
    one("export-html").click();
    await vi.waitFor(() => expect(one("export-done").textContent).toContain("12 files, 34 MB"));
    expect(one("export-done").textContent).toContain("/home/anna/Documents/conversations files");
    one("export-fetch").click();
    await settle();
    expect(one("export-with-files").closest("label")?.textContent).toContain("With files (9, 25 MB)");
    one("export-html").click();
    await vi.waitFor(() => expect(one("export-done").textContent).toContain("3 files are only named"));
    one("export-with-files").click();
    await settle();
    expect(all("export-fetch")).toEqual([]);
    one("export-json").click();
    await vi.waitFor(() => expect(asked).toHaveBeenCalledTimes(3));
    expect(asked.mock.calls.map(([, files]) => files)).toEqual(["all", "here", "names"]);
  });

  it("fetches nothing where the desk is not reached, and offers no files where there are none", async () => {
    await show("section=data&files=1&away=2&offline");
    expect(all("export-fetch")).toEqual([]);
    expect(document.body.textContent).toContain("2 files (5.7 MB) are at the desk only");
    expect(one("export-with-files").closest("label")?.textContent).toContain("With files (1, 2.8 MB)");
  });

  it("shows how far it is when it takes long, and can be cancelled", async () => {
    await show("section=data&files=100&pace=100");
    one("export-html").click();
    await settle();
    expect(all("export-going"), "what is short needs no bar").toEqual([]);
    await vi.waitFor(() => expect(one("export-going").textContent).toMatch(/\d+ of 100 files/), 3_000);
    one("export-cancel").click();
    await vi.waitFor(() => expect(all("export-going")).toEqual([]), 3_000);
    expect(all("export-done")).toEqual([]);
    expect(one<HTMLButtonElement>("export-html").disabled).toBe(false);
  });

  it("says what goes, above all the desk that runs here", async () => {
    const erase = vi.fn<AppBackend["erase"]>(async () => Promise.resolve());
    await show("section=data&hosting", { erase });
    one("erase-desk");
    expect(all("forget")).toEqual([]);
    one("erase").click();
    one("erase").click();
    expect(erase).toHaveBeenCalledTimes(1);
  });
});

describe("settings: the desk here", () => {
  it("is tested from where it can be found, and shows who is there", async () => {
    await show("hosting&people=6");
    await turn("desk");
    expect(one("connected").textContent).toContain("Olga Smirnova");
    expect(one("connected").textContent).toContain("2 visitors without a name");
    one("reach").click();
    await settle();
    expect(one("reach-list").textContent).toContain("192.168.1.5:7717");
  });

  it("threats 27: a visitor's name is text and nothing else", async () => {
    const connected: AppBackend["connected"] = async () =>
      Promise.resolve([{ name: "<img src=x onerror=alert(1)>", side: "visitor" }]);
    await show("hosting", { connected });
    await turn("desk");
    expect(one("connected").textContent).toContain("<img src=x");
    expect(document.querySelector("img")).toBeNull();
  });
});

describe("settings: diagnostics", () => {
  it("says by word and shape how each part stands; one that hangs keeps no other waiting", async () => {
    const check = vi.fn<AppBackend["check"]>(async (part) =>
      part === "keyring"
        ? new Promise(() => undefined)
        : Promise.resolve({ part, state: part === "tray" ? "warn" : "good", sentence: "s", advice: null }),
    );
    await show("section=diagnostics", { check });
    expect(one("check-tray").dataset["state"]).toBe("warn");
    expect(one("check-tray").textContent).toContain("Limited");
    expect(one("check-connection").textContent).toContain("Works");
    expect(one("check-keyring").dataset["state"]).toBe("busy");
    expect(one("checks-summary").textContent).toBe("Looking…");
  });

  it("counts what needs a look, and a check that fails is one of them", async () => {
    await show("section=diagnostics&checks=good&fail=check");
    expect(one("checks-summary").textContent).toBe("6 parts need a look.");
    expect(one("check-store").textContent).toContain("The disk is full.");
  });

  it("tries alerts and sound by showing and playing them", async () => {
    const testAlert = vi.fn<AppBackend["testAlert"]>(async () => Promise.resolve());
    const testSound = vi.fn<AppBackend["testSound"]>(async () => Promise.resolve());
    await show("section=diagnostics", { testAlert, testSound });
    one("check-notifications-again").click();
    one("check-sound-again").click();
    await settle();
    expect(testAlert).toHaveBeenCalledTimes(1);
    expect(testSound).toHaveBeenCalledTimes(1);
  });

  it("shows a crash report before it goes anywhere, and throws it away", async () => {
    await show("section=diagnostics&crashes=2");
    expect(all("crash")).toHaveLength(2);
    expect(document.querySelector("pre")?.textContent).toContain("panicked at");
    all("crash-discard")[0]?.click();
    await settle(700);
    expect(all("crash")).toHaveLength(1);
  });
});

describe("settings: secrets", () => {
  it("moves the keys from a passphrase to the keyring, and says where the passphrase was wrong", async () => {
    await show("secrets=passphrase");
    await turn("secrets");
    one("to-keyring").click();
    await settle();
    const field = one<HTMLInputElement>("passphrase-now");
    field.value = "not this one";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    one("secrets-submit").click();
    await settle(700);
    expect(one("passphrase-now-problem").textContent).toContain("does not open");
    field.value = "correct horse";
    field.dispatchEvent(new Event("input", { bubbles: true }));
    one("secrets-submit").click();
    await settle(700);
    one("secrets-keyring");
    expect(all("to-keyring")).toEqual([]);
  });

  it("cannot move keys that are not open", async () => {
    await show("secrets=session&fixed");
    await turn("secrets");
    one("secrets-fixed");
    expect(all("to-passphrase")).toEqual([]);
  });
});
