// Files in the default form: the button beside the composer, and cards in the log.
import { describe, expect, test, vi } from "vitest";
import { memoryChange, memoryForm, memoryLine } from "../backend/memory";
import { memoryFile } from "../backend/memory-files";
import type { Message } from "../generated/Message";
import {
  ANNA,
  click,
  desk,
  open,
  part,
  runInPage,
  seen,
  session,
  settle,
  SITE,
  submit,
  words,
} from "./form-fixtures";

runInPage();

const NO_FILES = memoryForm({ files: { enabled: false, max_bytes: 1, types: [], groups: [] } });

/** A person chooses these. */
async function choose(...names: string[]): Promise<void> {
  const input = part("file") as HTMLInputElement;
  const files = names.map((name) => new File(["12345"], name));
  Object.defineProperty(input, "files", { value: files, configurable: true });
  input.dispatchEvent(new Event("change"));
  await taken();
}

async function taken(): Promise<void> {
  await vi.dynamicImportSettled();
  for (let turn = 0; turn < 40; turn += 1) await Promise.resolve();
}

const cards = (): string[] =>
  [...document.querySelectorAll(".file")].map((card) => card.textContent.replace(/\s+/g, " ").trim());

function theirs(name: string, fields: Partial<Message> = {}): Message {
  return memoryLine({
    seq: 1,
    message_id: "m-1",
    key: "m-1",
    operator: ANNA,
    file: memoryFile({ key: "m-1", name }),
    ...fields,
  });
}

describe("the button", () => {
  test("is there where the site takes files", async () => {
    await open();
    expect(part("attach").getAttribute("aria-label")).toBe("Attach a file");
    expect(seen("attach")).not.toBeNull();
    await open({ form: NO_FILES });
    expect(seen("attach")).toBeNull();
  });

  test("sends what is chosen, each file in a card of its own", async () => {
    await open();
    await choose("a.pdf", "b.txt");
    expect(cards()).toEqual(["a.pdfWaiting · 0 %", "b.txtWaiting · 0 %"]);
    expect(desk.files.calls.filter(([verb]) => verb === "send")).toHaveLength(2);
  });

  test("first asks what the site must know, and sends then", async () => {
    await open({ form: { ...SITE, fields: [{ name: "name", title: "", is_required: true }] } });
    await choose("a.pdf");
    expect([seen("consultant_start") !== null, cards()]).toEqual([true, []]);
    expect(words("start-quote")).toBe("a.pdf");
    const field = document.querySelector<HTMLInputElement>('[c-name="name"]');
    if (field) field.value = "Max";
    document.querySelector<HTMLInputElement>('[data-test="group-1"]')?.click();
    await submit("consultant_start");
    await taken();
    expect(desk.files.calls.map(([verb, ...given]) => [verb, given.at(-1)])).toEqual([
      ["stage", "a.pdf"],
      ["send", 1],
    ]);
  });
});

describe("a card", () => {
  test("shows how far an own file is, and lets it be stopped, go on and be dropped", async () => {
    await open();
    await choose("a.pdf");
    desk.files.carry("uid-1", 2);
    expect(cards()).toEqual(["a.pdf40 % · 2 B/s · 2 s left"]);
    await click("file-pause");
    await taken();
    expect(cards()).toEqual(["a.pdfPaused · 40 %"]);
    await click("file-resume");
    await taken();
    await click("file-cancel");
    await taken();
    expect([cards(), session.mirror.lines.all]).toEqual([[], []]);
  });

  test("is at rest when the desk has it", async () => {
    await open();
    await choose("a.pdf");
    desk.files.carry("uid-1", 5);
    desk.push({ type: "status", change: memoryChange("uid-1", { seq: 1, message_id: "m-1" }) });
    await settle();
    expect(cards()).toEqual(["a.pdf5 B"]);
    expect(part("file-cancel").parentElement?.hidden).toBe(true);
  });

  test("of what failed offers to try again", async () => {
    await open();
    await choose("a.pdf");
    const failed = { status: "failed", code: "file_quota", sentence: "Too much today." } as const;
    desk.push({ type: "status", change: memoryChange("uid-1", failed) });
    await settle();
    await click("file-resume");
    await taken();
    expect(desk.calls.at(-1)).toEqual(["resend", "uid-1"]);
  });

  test("of an operator's file leads to it, with the words below; nothing of a name is HTML", async () => {
    await open({ messages: [theirs("<b>plan</b>.pdf", { text: "Please sign." })] });
    expect(cards()).toEqual(["<b>plan</b>.pdf1.2 KB"]);
    expect(part("file-link")).toHaveProperty("href", "desk://localhost/file/m-1/%3Cb%3Eplan%3C%2Fb%3E.pdf");
    expect(document.querySelector(".bubble")?.textContent).toMatch(/Please sign\.$/);
    expect(document.querySelectorAll('[data-test="message"]')).toHaveLength(1);
  });

  test("a picture is shown once it is here", async () => {
    await open({ messages: [theirs("kettle.png")] });
    const picture = document.querySelector<HTMLImageElement>(".file__picture");
    expect(picture?.hidden).toBe(true);
    picture?.dispatchEvent(new Event("load"));
    expect(picture?.hidden).toBe(false);
  });

  test("the label of the folded form names a file that came", async () => {
    await open();
    await click("fold");
    desk.push({ type: "message", message: theirs("plan.pdf"), unread: 1 });
    await settle();
    expect(words("label-words")).toBe("plan.pdf");
  });
});
