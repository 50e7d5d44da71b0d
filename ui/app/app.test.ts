import { flushSync, mount, unmount } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { AppBackend } from "../backend/backend";
import { memoryApp } from "../backend/memory-app";
import type { AppBoot } from "../generated/AppBoot";
import App from "./App.svelte";

let page: Record<string, unknown> | undefined;

const one = <E extends HTMLElement = HTMLElement>(name: string) => {
  const element = document.querySelector<E>(`[data-test="${name}"]`);
  if (!element) throw new Error(`there is no ${name}`);
  return element;
};
const done = async () => Promise.resolve();
const never = () => new Promise<void>(() => undefined);
const refused = { code: "unreachable", message: "Nobody answers." } as unknown as Error;

function show(boot: Partial<AppBoot>, verbs: Partial<AppBackend> = {}) {
  const whole: AppBoot = {
    screen: "join_visitor",
    locale: "en",
    problem: null,
    section: null,
    secrets: null,
    anew: false,
    asked: null,
    company: null,
    ...boot,
  };
  const backend = {
    ...memoryApp(new URLSearchParams()),
    boot: vi.fn(async () => Promise.resolve(whole)),
    join: vi.fn(verbs.join ?? done),
    host: vi.fn(verbs.host ?? done),
    quit: vi.fn(done),
  };
  page = mount(App, { target: document.body, props: { backend, boot: whole } });
  flushSync();
  return backend;
}

function join(address: string): void {
  const field = one<HTMLInputElement>("join-address");
  field.value = address;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.form?.requestSubmit();
  flushSync();
}

afterEach(async () => {
  if (page) await unmount(page);
  page = undefined;
});

describe("the app's own page", () => {
  it("takes a link, trimmed, and stays busy until its window is replaced", () => {
    const backend = show({}, { join: never });
    join("  desk.example:7717 ");
    expect(backend.join.mock.calls).toEqual([["desk.example:7717"]]);
    expect(one<HTMLButtonElement>("join-submit").disabled).toBe(true);
  });

  it("says why it could not join, keeps what was written and lets the person try again", async () => {
    show({}, { join: async () => Promise.reject(refused) });
    join("desk.exmple");
    await vi.waitFor(() => expect(one("join-problem").textContent).toContain("Nobody answers."));
    expect(one<HTMLInputElement>("join-address").value).toBe("desk.exmple");
    expect(one<HTMLButtonElement>("join-submit").disabled).toBe(false);
  });

  it("says what to paste when nothing was", () => {
    const backend = show({});
    join(" ");
    expect(one("join-problem").textContent).toContain("deskbell://join?");
    expect(backend.join).not.toHaveBeenCalled();
  });

  it("lets an operator start a desk here, or says why not", async () => {
    const backend = show({ screen: "join_operator" }, { host: async () => Promise.reject(refused) });
    one("host-submit").click();
    await vi.waitFor(() => expect(one("host-problem").textContent).toContain("Nobody answers."));
    expect(backend.host).toHaveBeenCalledTimes(1);
    one("join-address");
  });

  it("shows a problem with its code, in the person's language, and quits", () => {
    const problem = { code: "store_newer", message: "Данные новее программы." };
    const backend = show({ screen: "problem", locale: "ru", problem });
    expect(one("problem").textContent).toBe("Данные новее программы.");
    expect(one("problem-code").textContent).toBe("Код: store_newer");
    one("quit").click();
    expect(backend.quit).toHaveBeenCalledTimes(1);
  });
});
