// Who works at the desk, a forgotten password, and the way to the settings of the program itself.
import { describe, expect, it, vi } from "vitest";
import type { OperatorBackend } from "../backend/backend";
import { all, click, nameless, one, settle, show, usePage, write } from "./test-page";

usePage();

type Change = (backend: OperatorBackend) => OperatorBackend;
const withVerbs =
  (verbs: Partial<OperatorBackend>): Change =>
  (backend) => ({ ...backend, ...verbs });

async function people(query = "scene=busy", change?: Change): Promise<void> {
  await show(query, change);
  await click("view-settings");
  await click("part-people");
}

describe("settings: people", () => {
  it("threats 8: an administrator gives a colleague a new password, never oneself here", async () => {
    const setPassword = vi.fn<OperatorBackend["setPassword"]>(async () => Promise.resolve());
    await people("scene=busy", withVerbs({ setPassword }));
    const rows = [...document.querySelectorAll<HTMLElement>("[data-operator]")];
    expect(rows.length).toBeGreaterThan(1);
    expect(all("reset-password")).toHaveLength(rows.length - 1);
    const row = rows.find((candidate) => candidate.querySelector("button"));
    row?.querySelector("button")?.click();
    await settle();
    expect(nameless()).toEqual([]);
    write("short", "new-password");
    await click("new-password-submit");
    expect(one("new-password-note").textContent).toContain("too short");
    expect(setPassword).not.toHaveBeenCalled();
    write("a longer sentence", "new-password");
    await click("new-password-submit");
    await settle();
    expect(setPassword.mock.calls).toEqual([[row?.dataset["operator"], "a longer sentence"]]);
    expect(all("new-password")).toEqual([]);
    expect(one("reset-done").textContent).toContain("signs in with the new password");
  });

  it("says why the desk refused, and keeps what was written", async () => {
    const refused = Object.assign(new Error(""), { code: "forbidden" });
    await people("scene=busy", withVerbs({ setPassword: async () => Promise.reject(refused) }));
    await click("reset-password");
    write("a longer sentence", "new-password");
    await click("new-password-submit");
    await settle();
    expect(one("new-password-problem").textContent.trim()).not.toBe("");
    expect(one<HTMLInputElement>("new-password").value).toBe("a longer sentence");
  });

  it("a colleague sees who works here and can change nobody's password", async () => {
    await people("scene=colleague");
    expect(document.querySelectorAll("[data-operator]").length).toBeGreaterThan(0);
    expect(all("reset-password")).toEqual([]);
  });
});

describe("the settings of the program", () => {
  it("open from the rail and by Ctrl+, also where nobody has signed in", async () => {
    const settings = vi.fn<OperatorBackend["settings"]>(async () => Promise.resolve());
    await show("scene=busy", withVerbs({ settings }));
    await click("program-settings");
    expect(settings).toHaveBeenCalledTimes(1);
    const comma = { key: ",", code: "Comma", ctrlKey: true, bubbles: true, cancelable: true };
    document.body.dispatchEvent(new KeyboardEvent("keydown", comma));
    document.body.dispatchEvent(new KeyboardEvent("keydown", { ...comma, ctrlKey: false }));
    expect(settings).toHaveBeenCalledTimes(2);
  });
});
