// The page raised from outside, and what it tells of what it shows.
import { describe, expect, it } from "vitest";
import type { OperatorBackend } from "../backend/backend";
import type { OperatorUpdate } from "../generated/OperatorUpdate";
import type { Summon } from "../generated/Summon";
import { operatorScene } from "../backend/memory-operator-scenes";
import { click, one, openRow, settle, show, usePage, write } from "./test-page";

usePage();

const ask = (asked: Partial<Summon>): Summon => ({ visitor: null, request: null, compose: false, ...asked });

/** The scene, with a way to tell the page, and what it says is in view. */
async function page(query: string, summon: Summon | null = null) {
  const inView: (string | null)[] = [];
  let tell: (update: OperatorUpdate) => void = () => undefined;
  await show(query, (backend: OperatorBackend) => ({
    ...backend,
    boot: async (listener) => {
      tell = listener;
      return { ...(await backend.boot(listener)), summon };
    },
    inView: async (visitor) => {
      inView.push(visitor);
      return Promise.resolve();
    },
  }));
  const summoned = async (asked: Partial<Summon>): Promise<void> => {
    tell({ type: "summon", summon: ask(asked) });
    await settle(5);
  };
  return { inView, summoned };
}

/** The visitor of a row, by the beginning of its id. */
const visitor = (start: string): string =>
  document.querySelector(`[data-visitor^="${start}"]`)?.getAttribute("data-visitor") ?? "";

const written = (): string => one("composer").getAttribute("aria-label") ?? "";

describe("a workplace raised from outside", () => {
  it("shows the very chat, and puts the keyboard into its composer", async () => {
    const { summoned } = await page("scene=busy");
    const [first, second] = [visitor("ab12"), visitor("7c1e")];
    await openRow("ab12");
    const before = written();
    write("half a sentence");
    await click("view-settings");
    await summoned({ visitor: second, compose: true });
    expect(written()).not.toBe(before);
    expect(document.activeElement).toBe(one("composer"));
    await summoned({ visitor: first });
    expect(one<HTMLTextAreaElement>("composer").value).toBe("half a sentence");
  });

  it("shows the very request, and the conversation that it belongs to", async () => {
    const requests = operatorScene(new URLSearchParams("scene=busy")).boot.requests;
    const asked = requests[1];
    if (asked === undefined) throw new Error("the scene has two requests");
    const { inView } = await page("scene=busy", ask({ request: asked.id }));
    await settle(5);
    expect(document.querySelector('[data-test="request"][aria-current="true"]')).not.toBeNull();
    expect(one("request-detail")).toBeDefined();
    expect(inView.at(-1)).toBe(asked.visitor);
  });

  it("says which conversation somebody sees, and none behind the settings", async () => {
    const { inView, summoned } = await page("scene=busy");
    expect(inView).toEqual([null]);
    await openRow("ab12");
    expect(inView.at(-1)).toBe(visitor("ab12"));
    await click("view-settings");
    expect(inView.at(-1)).toBeNull();
    await summoned({});
    expect(inView.at(-1)).toBeNull();
  });
});
