// §4 to §6 of the consultant API, promise by promise: files. A controller such as companies have: an input, the file
// shown where `sendmessage` says so, and what `sendFile` returns looked at by nobody.
import { describe, expect, test, vi } from "vitest";
import { memoryForm, memoryLine } from "../../backend/memory";
import { memoryFile } from "../../backend/memory-files";
import { ANNA, everyTest, named, names, page, stage } from "../chat/page";
import type { ChatMessage } from "../message";

everyTest();

/** The input of the controller, with what a person has chosen in it. */
function chosen(...names: string[]): HTMLInputElement {
  const input = Object.assign(document.createElement("input"), { type: "file" });
  const files = names.map((name) => new File(["12345"], name));
  Object.defineProperty(input, "files", { value: files, configurable: true });
  Object.defineProperty(input, "value", {
    set: () => Object.defineProperty(input, "files", { value: [] }),
    configurable: true,
  });
  return input;
}

async function settled(): Promise<void> {
  await vi.dynamicImportSettled();
  for (let turn = 0; turn < 40; turn += 1) await Promise.resolve();
}

describe("sendFile", () => {
  test("[X] §4 empties the input: the same file can be chosen again, and its change event comes again", async () => {
    await page();
    const input = chosen("a.txt");
    stage.chat.sendFile(input);
    expect(input.files).toHaveLength(0);
    await settled();
    expect(named("sendmessage")).toHaveLength(1);
  });

  test("[X] §4 opens the chat where none is open: startChat() need not be called before", async () => {
    await page();
    stage.chat.sendFile(chosen("a.txt"));
    await settled();
    expect(stage.chat.getState()).toBe("chat");
    expect(named("statechange")).toEqual(["chat"]);
  });

  test("[X] §4 a controller need not look at what it returns: nothing throws, whatever it is given", async () => {
    await page();
    for (const given of [null, undefined, 7, "a", {}, [], document.body]) {
      expect(() => stage.chat.sendFile(given)).not.toThrow();
    }
  });

  test("[X] §5 the own file comes by sendmessage, after the call has returned, once", async () => {
    await page();
    stage.chat.sendFile(chosen("a.txt"));
    expect(names()).toEqual([]);
    await settled();
    const [message, ...others] = named("sendmessage") as ChatMessage[];
    expect(others).toEqual([]);
    expect(message).toMatchObject({ sender: "visitor", source: "Visitor", text: "" });
    expect([message?.fx_link, message?.fx_name, message?.fx_size_info].every(Boolean)).toBe(true);
  });

  test("[X] §5 what is not taken is not announced", async () => {
    await page({
      boot: { form: memoryForm({ files: { enabled: true, max_bytes: 2, types: [], groups: [] } }) },
    });
    stage.chat.sendFile(chosen("a.txt"));
    await settled();
    expect([named("sendmessage"), named("error")]).toEqual([[], [expect.anything()]]);
  });
});

describe("files of others", () => {
  const file = memoryFile({ key: "m-5", name: "bill.pdf", size: 2_048 });
  const line = memoryLine({ seq: 5, message_id: "m-5", operator: ANNA, file });

  test("[X] §5 an operator's file comes by sendmessage with fx_*", async () => {
    await page();
    stage.desk.push({ type: "message", message: line, unread: 1 });
    expect(named("sendmessage")).toMatchObject([
      { sender: "operator", fx_name: "bill.pdf", fx_size_info: "2 KB", operator_info: { name: "Anna" } },
    ]);
  });

  test("[X] §5, §4 showhistory and getHistory() have it too, with fx_*", async () => {
    const older = memoryLine({ ...line, seq: 1, message_id: "m-1", key: "m-1" });
    await page({ boot: { messages: [line], more: true }, archive: [older] });
    expect(named("showhistory")).toMatchObject([[{ fx_name: "bill.pdf" }]]);
    expect(stage.chat.getHistory()).toMatchObject([
      { fx_name: "bill.pdf", fx_link: expect.any(String) as string },
    ]);
  });

  test("[X] §5 words below a file are a message of their own: templates for files have no place for them", async () => {
    const captioned = { ...line, text: "Here it is." };
    const older = memoryLine({ ...captioned, seq: 1, message_id: "m-1", key: "m-1" });
    await page({ boot: { more: true }, archive: [older] });
    stage.desk.push({ type: "message", message: captioned, unread: 1 });
    const told = named("sendmessage") as ChatMessage[];
    expect(told.map((one) => [one.text, Boolean(one.fx_link)])).toEqual([
      ["", true],
      ["Here it is.", false],
    ]);
    expect(new Set(told.map(({ uid }) => uid)).size).toBe(2);
    const history = stage.chat.getHistory() as ChatMessage[];
    expect(history.map(({ text }) => text)).toEqual(["Here it is.", ""]);
  });

  test("[X] §4 printCurrentChat() shows names", async () => {
    await page({ boot: { messages: [memoryLine({ kind: "opened", seq: 4 }), line] } });
    vi.stubGlobal("print", () => undefined);
    stage.chat.printCurrentChat();
    expect(document.querySelector(".desk-print")?.textContent).toContain("File: bill.pdf (2 KB)");
    vi.unstubAllGlobals();
  });
});

describe("settings and constants", () => {
  const rules = { enabled: true, max_bytes: 100, types: ["png", "pdf"], groups: [] };

  test("[X] §3 C.SUPPORTED_FILE_TYPES and getValidFileFormatExtensions() are the site's types", async () => {
    const runtime = await page({ boot: { form: memoryForm({ files: rules }) } });
    const { C, getValidFileFormatExtensions } = runtime.callGear.UI;
    expect(String(C["SUPPORTED_FILE_TYPES"])).toBe(".png,.pdf");
    expect(getValidFileFormatExtensions()).toEqual(["png", "pdf"]);
  });

  test("[X] §3 where the site takes every type, the usual ones are offered: a controller that checks refuses none of them", async () => {
    const runtime = await page();
    expect(runtime.callGear.UI.getValidFileFormatExtensions()).toEqual(
      expect.arrayContaining(["jpg", "png", "pdf", "docx", "zip"]),
    );
  });
});
