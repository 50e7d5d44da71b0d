// The smallest form: the seed's own snippets.
import { describe, expect, test } from "vitest";
import { memoryInvite } from "../../backend/memory";
import { ANNA, own, theirs } from "../form-fixtures";
import { comes, open, part, runPacks, sentTexts, settle, stands, wishes } from "./fixtures";

runPacks();

const rows = (): string[] => [...part("log").children].map((row) => `${row.className}:${row.textContent}`);
const isHidden = (): boolean => part("log").closest(".callgear-widget--hidden") !== null;

async function press(selector: string): Promise<void> {
  document.querySelector<HTMLElement>(selector)?.click();
  await settle();
}

async function say(text: string): Promise<void> {
  (part("field") as HTMLInputElement).value = text;
  part("field").dispatchEvent(new Event("input", { bubbles: true }));
  part("field").closest("form")?.requestSubmit();
  await settle();
}

describe("minimal", () => {
  test("startChat on show", async () => {
    await open("minimal");
    expect([isHidden(), wishes()]).toEqual([true, []]);
    await press(".door");
    expect([isHidden(), wishes()]).toEqual([false, [{ type: "start_chat" }]]);
  });

  test("closeChat on beforehide", async () => {
    await open("minimal", { present: { state: "chat", operator: ANNA } });
    expect([isHidden(), wishes()]).toEqual([false, []]);
    await press("header button");
    expect([isHidden(), wishes()]).toEqual([true, [{ type: "close_chat" }]]);
  });

  test("what was said, what is said, and what comes", async () => {
    await open("minimal", { present: { state: "chat", operator: ANNA }, messages: [own(1, "hello")] });
    await say("<b>more</b>");
    await say("  ");
    await comes(theirs(3, "here"));
    expect(rows()).toEqual(["visitor:hello", "visitor:<b>more</b>", "operator:here"]);
    expect(sentTexts()).toEqual([["<b>more</b>", null]]);
  });

  test("an invitation stands on the door; the chat that opens behind it is the one that was offered", async () => {
    await open("minimal");
    await stands({ state: "invite", invite: memoryInvite("May I help?", { operator: ANNA }) });
    expect(document.querySelector(".entry h1")?.textContent).toBe("May I help?");
    await press(".door");
    expect(rows()).toEqual(["operator:May I help?"]);
    // The desk takes it for accepting.
    expect(wishes()).toEqual([{ type: "start_chat" }]);
  });

  test("speaks the page's language", async () => {
    await open("minimal", { locale: "ru" });
    expect(document.querySelector(".door")?.textContent).toContain("Начать чат");
  });
});
