import { flushSync, mount, unmount } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { KeysBackend } from "../../backend/backend";
import { memoryApp } from "../../backend/memory-app";
import type { AppBoot } from "../../generated/AppBoot";
import type { SecretsQuestion } from "../../generated/SecretsQuestion";
import App from "../App.svelte";

let page: Record<string, unknown> | undefined;

const find = <E extends HTMLElement = HTMLElement>(name: string) =>
  document.querySelector<E>(`[data-test="${name}"]`);
const one = <E extends HTMLElement = HTMLElement>(name: string) => {
  const element = find<E>(name);
  if (!element) throw new Error(`there is no ${name}`);
  return element;
};
const never = () => new Promise<void>(() => undefined);
const refused = (message: string) => async () =>
  Promise.reject(Object.assign(new Error(message), { code: "x" }));

function show(boot: Partial<AppBoot>, verbs: Partial<KeysBackend> = {}) {
  const memory = memoryApp(new URLSearchParams());
  const whole: AppBoot = {
    screen: "secrets",
    locale: "en",
    problem: null,
    section: null,
    secrets: null,
    anew: false,
    asked: null,
    company: null,
    ...boot,
  };
  const keys = {
    unlock: vi.fn(verbs.unlock ?? never),
    choose: vi.fn(verbs.choose ?? never),
    sessionOnly: vi.fn(verbs.sessionOnly ?? never),
    again: vi.fn(verbs.again ?? never),
    beginAnew: vi.fn(verbs.beginAnew ?? never),
  };
  page = mount(App, { target: document.body, props: { backend: { ...memory, keys }, boot: whole } });
  flushSync();
  return keys;
}

function ask(question: Partial<SecretsQuestion>, verbs: Partial<KeysBackend> = {}) {
  return show({ secrets: { why: "sealed", history: false, desk: false, ...question } }, verbs);
}

function write(name: string, text: string): HTMLInputElement {
  const field = one<HTMLInputElement>(name);
  field.value = text;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  flushSync();
  return field;
}

function press(name: string): void {
  one(name).click();
  flushSync();
}

afterEach(async () => {
  if (page) await unmount(page);
  page = undefined;
});

describe("a profile whose keys are sealed", () => {
  it("takes the passphrase as it was meant, unseen, and stays busy until its window is replaced", () => {
    const keys = ask({ history: true });
    expect(one<HTMLInputElement>("passphrase").type).toBe("password");
    expect(document.activeElement).toBe(one("passphrase"));
    write("passphrase", " cafe\u0301 in the rain ").form?.requestSubmit();
    flushSync();
    expect(keys.unlock.mock.calls).toEqual([[" café in the rain "]]);
    expect(one<HTMLButtonElement>("unlock").disabled).toBe(true);
  });

  it("says that it was wrong, selects it, and asks for one where there is none", async () => {
    const keys = ask({}, { unlock: refused("Not this one.") });
    press("unlock");
    expect(one("passphrase-problem").textContent).toContain("Please type your passphrase");
    expect(keys.unlock).not.toHaveBeenCalled();
    write("passphrase", "wrong one").form?.requestSubmit();
    await vi.waitFor(() => expect(one("passphrase-problem").textContent).toContain("Not this one."));
    expect(one<HTMLInputElement>("passphrase").selectionEnd).toBe("wrong one".length);
    expect(one<HTMLButtonElement>("unlock").disabled).toBe(false);
    write("passphrase", "another");
    expect(find("passphrase-problem")).toBeNull();
  });

  it("shows what is typed for whoever wants to see it", () => {
    ask({});
    press("passphrase-show");
    expect(one<HTMLInputElement>("passphrase").type).toBe("text");
  });

  it("lets whoever has forgotten it begin anew, after saying what becomes of a desk", () => {
    const keys = ask({ history: true, desk: true });
    press("forgotten");
    expect(document.body.textContent).toContain("The desk inside this program goes with it");
    expect(find("session-only"), "a desk does not run without its key").toBeNull();
    expect(keys.beginAnew).not.toHaveBeenCalled();
    press("anew-back");
    press("forgotten");
    press("anew-confirm");
    expect(keys.beginAnew).toHaveBeenCalledTimes(1);
  });
});

describe("a profile that nothing guards yet", () => {
  it("takes a passphrase that was written twice, and hints at how good it is", () => {
    const keys = ask({ why: "absent" });
    const first = write("passphrase-new", "short");
    first.form?.requestSubmit();
    flushSync();
    expect(one("passphrase-new-problem").textContent).toContain("At least 8 characters");
    write("passphrase-new", "river tomato nine cloud");
    expect(document.body.textContent).toContain("Hard to guess");
    write("passphrase-again", "river tomato nine clod").form?.requestSubmit();
    flushSync();
    expect(one("passphrase-again-problem").textContent).toContain("not the same");
    expect(keys.choose).not.toHaveBeenCalled();
    write("passphrase-again", "river tomato nine cloud").form?.requestSubmit();
    flushSync();
    expect(keys.choose.mock.calls).toEqual([["river tomato nine cloud"]]);
    expect(one<HTMLButtonElement>("passphrase-take").disabled).toBe(true);
  });

  it("keeps what was typed where it cannot be kept", async () => {
    ask({ why: "denied" }, { choose: refused("The disk is full.") });
    write("passphrase-new", "river tomato nine cloud");
    write("passphrase-again", "river tomato nine cloud").form?.requestSubmit();
    await vi.waitFor(() => expect(one("passphrase-new-problem").textContent).toContain("The disk is full."));
    expect(one<HTMLInputElement>("passphrase-again").value).toBe("river tomato nine cloud");
  });

  it("goes on for this session, or asks the keyring again", () => {
    const keys = ask({ why: "absent" });
    press("keyring-again");
    expect(keys.again).toHaveBeenCalledTimes(1);
    expect(one<HTMLButtonElement>("session-only").disabled, "one answer at a time").toBe(true);
  });

  it("says why the keyring was asked in vain", async () => {
    ask({ why: "denied" }, { again: refused("Still starting.") });
    press("keyring-again");
    await vi.waitFor(() => expect(one("keyring-problem").textContent).toContain("Still starting."));
  });
});

describe("a keyring that does not open", () => {
  it("says that the system asks, tries again, and says why that failed", async () => {
    const keys = ask({ why: "locked", history: true }, { again: refused("Still starting.") });
    expect(one("keyring-locked").textContent).toContain("The keyring is locked");
    expect(document.body.textContent).toContain("opens with a key in it");
    press("keyring-again");
    await vi.waitFor(() => expect(one("keyring-problem").textContent).toContain("Still starting."));
    expect(keys.again).toHaveBeenCalledTimes(1);
  });

  it("offers a passphrase only where no history needs the keyring", () => {
    ask({ why: "locked" });
    press("keyring-passphrase");
    one("passphrase-new");
    press("keyring-back");
    one("keyring-locked");
    expect(document.activeElement).toBe(one("keyring-passphrase"));
    expect(find("anew")).toBeNull();
  });

  it.each(["locked", "absent", "denied", "missing"] as const)(
    "leads on with a history whose keyring is %s",
    (why) => {
      const keys = ask({ why, history: true });
      one(`keyring-${why}`);
      expect(find("keyring-passphrase")).toBeNull();
      expect(document.body.textContent).toContain("Leaves the history as it is");
      press("anew");
      press("anew-confirm");
      expect(keys.beginAnew).toHaveBeenCalledTimes(1);
    },
  );

  it("leaves alone what it cannot read", () => {
    const keys = ask({ why: "missing" });
    expect(document.body.textContent).toContain("It stays as it is");
    press("session-only");
    expect(keys.sessionOnly).toHaveBeenCalledTimes(1);
  });
});

describe("a problem with what is on the disk", () => {
  const problem = { code: "store_newer", message: "Newer." };

  it("has a way on where there is one", async () => {
    const keys = show(
      { screen: "problem", problem, anew: true },
      { beginAnew: refused("The disk refused.") },
    );
    press("anew");
    expect(document.body.textContent).toContain("nothing is lost");
    press("anew-confirm");
    await vi.waitFor(() => expect(one("anew-problem").textContent).toContain("The disk refused."));
    expect(keys.beginAnew).toHaveBeenCalledTimes(1);
  });

  it("has none where there is none", () => {
    show({ screen: "problem", problem });
    expect(find("anew")).toBeNull();
  });
});
