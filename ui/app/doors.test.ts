// The first start's screens and the question about a link: what they fill in, what they ask, and what they leave alone.
import { flushSync, mount, unmount } from "svelte";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { AppBackend } from "../backend/backend";
import { memoryApp } from "../backend/memory-app";
import type { AppBoot } from "../generated/AppBoot";
import type { Asked } from "../generated/Asked";
import type { Company } from "../generated/Company";
import type { DeskPlace } from "../generated/DeskPlace";
import App from "./App.svelte";
import { wearColors, wordsOn } from "./company";

const LINK = `deskbell://join?host=desk.example:7717&pin=${"0f".repeat(32)}&site=shop`;
const PLACE: DeskPlace = { link: LINK, address: "desk.example:7717", site: "shop", proof: "key" };
const ASKED: Asked = { desk: PLACE, problem: null, now: null, may_leave: true };
const COMPANY: Company = { name: "Lamp House", desk: PLACE, straight: true, colors: null, problem: null };
const refused = { code: "found_nobody", message: "Nobody answers." } as unknown as Error;

let page: Record<string, unknown> | undefined;
afterEach(async () => {
  if (page) await unmount(page);
  page = undefined;
});

const find = <E extends HTMLElement = HTMLElement>(name: string) =>
  document.querySelector<E>(`[data-test="${name}"]`);
const one = <E extends HTMLElement = HTMLElement>(name: string) => {
  const element = find<E>(name);
  if (!element) throw new Error(`there is no ${name}`);
  return element;
};

async function show(boot: Partial<AppBoot>, verbs: Partial<AppBackend> = {}) {
  const app = memoryApp(new URLSearchParams());
  const whole: AppBoot = { ...(await app.boot()), screen: "join_visitor", ...boot };
  const backend = {
    ...app,
    join: vi.fn(verbs.join ?? (() => new Promise<void>(() => undefined))),
    readDesk: vi.fn(verbs.readDesk ?? (async () => Promise.resolve(PLACE))),
    answerLink: vi.fn(verbs.answerLink ?? (async () => Promise.resolve())),
  };
  page = mount(App, { target: document.body, props: { backend, boot: whole } });
  flushSync();
  return backend;
}

describe("a first start", () => {
  it("says where an address leads before anything is done about it", async () => {
    const backend = await show({});
    const field = one<HTMLInputElement>("join-address");
    field.value = LINK;
    field.dispatchEvent(new Event("input", { bubbles: true }));
    await vi.waitFor(() => expect(one("desk-address").textContent).toBe("desk.example:7717"));
    expect(one("desk-place").textContent).toContain("Site shop");
    expect(one("desk-place").textContent).toContain("Known by the key in the link");
    expect(backend.join).not.toHaveBeenCalled();
  });

  it("shows the place of the newest text alone", async () => {
    const answers: ((place: DeskPlace) => void)[] = [];
    await show({}, { readDesk: async () => new Promise((done) => answers.push(done)) });
    const field = one<HTMLInputElement>("join-address");
    for (const text of ["one", "two"]) {
      field.value = text;
      field.dispatchEvent(new Event("input", { bubbles: true }));
      flushSync();
    }
    answers[1]?.({ ...PLACE, address: "two:7717" });
    answers[0]?.({ ...PLACE, address: "one:7717" });
    await vi.waitFor(() => expect(one("desk-address").textContent).toBe("two:7717"));
  });

  it("by a link fills the form in, takes no key, and waits (threats 31)", async () => {
    const backend = await show({ asked: ASKED });
    expect(one<HTMLInputElement>("join-address").value).toBe(LINK);
    expect(document.activeElement).toBe(document.body);
    expect(backend.join).not.toHaveBeenCalled();
    one("join-submit").click();
    expect(backend.join.mock.calls).toEqual([[LINK]]);
  });

  it("by a link fills an operator's form in, too", async () => {
    await show({ screen: "join_operator", asked: ASKED });
    expect(one<HTMLInputElement>("join-address").value).toBe(LINK);
    expect(document.activeElement).toBe(document.body);
  });

  it("says what is wrong with a link and with the company's file, and goes on", async () => {
    const problem = { code: "link_parts", message: "No such parts." };
    const damaged = { code: "site_file_json", message: "Damaged." };
    await show({
      asked: { ...ASKED, desk: null, problem },
      company: { ...COMPANY, desk: null, straight: false, problem: damaged },
    });
    const said = [...document.querySelectorAll("[data-test=door-problem]")].map((line) =>
      line.textContent.trim(),
    );
    expect(said).toEqual(["No such parts.", "Damaged."]);
    expect(one<HTMLInputElement>("join-address").value).toBe("");
  });

  it("goes where the company says, shows where that is, and leaves a way on", async () => {
    const backend = await show({ company: COMPANY }, { join: async () => Promise.reject(refused) });
    expect(one("desk-address").textContent).toBe("desk.example:7717");
    expect(document.body.textContent).toContain("Going to Lamp House");
    await vi.waitFor(() => expect(one("join-problem").textContent).toContain("Nobody answers."));
    expect(document.body.textContent).toContain("Lamp House could not be reached");
    one("straight-again").click();
    await vi.waitFor(() => expect(backend.join).toHaveBeenCalledTimes(2));
    await vi.waitFor(() => one("straight-other").click());
    flushSync();
    expect(one<HTMLInputElement>("join-address").value).toBe("");
  });

  it("asks where the company's desk is not known by its key, and where a link was opened", async () => {
    const backend = await show({ company: { ...COMPANY, straight: false } });
    expect(one<HTMLInputElement>("join-address").value).toBe(LINK);
    expect(document.body.textContent).toContain("Lamp House says where its desk is.");
    if (page) await unmount(page);
    const other = await show({
      company: COMPANY,
      asked: { ...ASKED, desk: { ...PLACE, link: "deskbell://x" } },
    });
    expect(one<HTMLInputElement>("join-address").value).toBe("deskbell://x");
    expect([backend.join.mock.calls, other.join.mock.calls]).toEqual([[], []]);
  });
});

describe("a link beside a session", () => {
  const here: DeskPlace = { ...PLACE, address: "here.example:7717", site: null };

  it("is a question with three answers, and the key that is pressed by accident stays", async () => {
    const backend = await show({ screen: "asked", asked: { ...ASKED, now: here } });
    expect(one("asked").textContent).toContain("Now you are at here.example:7717.");
    expect(document.activeElement).toBe(one("asked-stay"));
    for (const name of ["beside", "leave", "stay"] as const) {
      one(`asked-${name}`).click();
      await vi.waitFor(() => expect(backend.answerLink).toHaveBeenLastCalledWith(name, LINK));
      if (page) await unmount(page);
      page = mount(App, {
        target: document.body,
        props: {
          backend,
          boot: { ...(await backend.boot()), screen: "asked", asked: { ...ASKED, now: here } },
        },
      });
      flushSync();
    }
    window.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
    expect(backend.answerLink.mock.calls.map(([answer]) => answer)).toEqual([
      "beside",
      "leave",
      "stay",
      "stay",
    ]);
  });

  it("does not lead a desk away that others are connected to", async () => {
    await show({ screen: "asked", asked: { ...ASKED, now: here, may_leave: false } });
    expect(find("asked-leave")).toBeNull();
    one("asked-beside");
  });

  it("says why it was not followed, and asks again", async () => {
    await show(
      { screen: "asked", asked: { ...ASKED, now: here } },
      { answerLink: async () => Promise.reject(refused) },
    );
    one("asked-leave").click();
    await vi.waitFor(() => expect(one("asked-refused").textContent).toContain("Nobody answers."));
    expect(one<HTMLButtonElement>("asked-leave").disabled).toBe(false);
  });

  it("that cannot be used is one sentence", async () => {
    const problem = { code: "link_long", message: "Too long." };
    await show({ screen: "asked", asked: { ...ASKED, desk: null, problem, now: here } });
    expect(one("asked-problem").textContent).toBe("Too long.");
    expect(find("asked-beside")).toBeNull();
  });
});

describe("a company's colours", () => {
  it("have words on them that can be read", () => {
    expect([wordsOn("#0a5fb4"), wordsOn("#ffd000"), wordsOn("#000000")]).toEqual([
      "#ffffff",
      "#000000",
      "#ffffff",
    ]);
    const root = document.createElement("div");
    wearColors({ ...COMPANY, colors: ["#0a5fb4", "#ffd000"] }, root);
    expect(root.style.getPropertyValue("--on-own")).toBe("light-dark(#ffffff, #000000)");
    wearColors(null, root);
  });
});
