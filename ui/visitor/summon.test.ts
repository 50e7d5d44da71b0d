// The page raised from outside: the chat unfolded, the keyboard where the person is to write, and nothing said.
import { beforeEach, describe, expect, test, vi } from "vitest";
import { memoryBoot } from "../backend/memory";
import type { VisitorBackend } from "../backend/backend";
import type { Summon } from "../generated/Summon";
import type { VisitorUpdate } from "../generated/VisitorUpdate";
import { click, composer, open, part, runInPage, seen, wishes } from "./form-fixtures";
import { Summons } from "./summon";

runInPage();

let tell: (update: VisitorUpdate) => void;
let passed: string[];
let summons: Summons;

/** The page's backend, asked to show the chat before it has booted where `summon` says so. */
async function follow(summon: Summon | null = null): Promise<void> {
  summons = new Summons();
  passed = [];
  const backend = {
    boot: (listener: (update: VisitorUpdate) => void) => {
      tell = listener;
      return Promise.resolve({ ...memoryBoot({}), summon });
    },
  } as VisitorBackend;
  summons.follow(backend);
  await backend.boot((update) => passed.push(update.type));
}

const ask = (compose: boolean): Summon => ({ visitor: null, request: null, compose });

beforeEach(() => {
  Element.prototype.checkVisibility = () => true;
});

describe("a page raised from outside", () => {
  test("unfolds the default form and puts the keyboard into its composer", async () => {
    await open();
    await click("fold");
    await follow();
    summons.open();
    tell({ type: "summon", summon: ask(false) });
    expect(seen("composer")).not.toBeNull();
    part("fold").focus();
    tell({ type: "summon", summon: ask(true) });
    expect(document.activeElement).toBe(composer());
    expect(passed).toEqual([]);
    expect(wishes()).toEqual([]);
  });

  test("answers what was asked for before the form was up, once it is", async () => {
    await follow(ask(true));
    await open();
    await click("fold");
    expect(seen("composer")).toBeNull();
    summons.open();
    expect(document.activeElement).toBe(composer());
    part("fold").focus();
    summons.open();
    expect(document.activeElement).toBe(part("fold"));
  });

  test("puts the keyboard into a company's form, at the first field that can be seen", async () => {
    document.body.innerHTML =
      '<input type="checkbox"><input type="text" disabled><textarea id="words"></textarea>';
    vi.stubGlobal("ChatForm", {});
    await follow();
    summons.open();
    tell({ type: "summon", summon: ask(false) });
    expect(document.activeElement).toBe(document.body);
    tell({ type: "summon", summon: ask(true) });
    expect(document.activeElement?.id).toBe("words");
    tell({ type: "pack" });
    expect(passed).toEqual(["pack"]);
  });

  test("runs on where a form throws", async () => {
    const said = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const unfold = (): never => {
      throw new Error("a form's own");
    };
    const sheets = { isOpen: () => false };
    vi.stubGlobal("ChatForm", { desk: { label: { unfold }, sheets, refs: { composer: document.body } } });
    await follow();
    summons.open();
    tell({ type: "summon", summon: ask(true) });
    expect(said).toHaveBeenCalledOnce();
  });
});
