// sendFile, isReadyForFileTransfer, controlFile and fileprogress.
import { describe, expect, test, vi } from "vitest";
import { memoryChange, memoryForm } from "../../backend/memory";
import { memoryFile, memoryTransfer } from "../../backend/memory-files";
import { memoryLine } from "../../backend/memory";
import type { FileRules } from "../../generated/FileRules";
import type { ChatMessage } from "../message";
import { everyTest, named, names, page, stage, stands, wishes } from "./page";

everyTest();

const RULES: FileRules = { enabled: true, max_bytes: 1_000, types: [], groups: [] };

function aFile(name = "plan.pdf", bytes = 10): File {
  return new File(["x".repeat(bytes)], name, { type: "application/pdf" });
}

/** As a person leaves it who has chosen these. */
function anInput(...files: File[]): HTMLInputElement {
  const input = Object.assign(document.createElement("input"), { type: "file" });
  Object.defineProperty(input, "files", { value: files, configurable: true });
  const emptied = vi.fn();
  Object.defineProperty(input, "value", { set: emptied, get: () => "C:\\fakepath\\plan.pdf" });
  return Object.assign(input, { emptied });
}

/** What was sent has been taken in, or refused. */
async function settled(): Promise<void> {
  await vi.dynamicImportSettled();
  for (let turn = 0; turn < 40; turn += 1) await Promise.resolve();
}

const own = (): ChatMessage[] => named("sendmessage") as ChatMessage[];
const verbs = (): unknown[] => stage.desk.files.calls.map(([verb]) => verb);

describe("sendFile", () => {
  test("gives the message at once, and tells of it under the same uid when it is on the disk", async () => {
    await page();
    const made = stage.chat.sendFile(aFile());
    expect(made).toMatchObject({
      sender: "visitor",
      status: "queued",
      fx_name: "plan.pdf",
      fx_size_info: "10 B",
    });
    expect(names()).toEqual([]);
    await settled();
    expect(own()).toEqual([
      expect.objectContaining({
        uid: made.uid,
        sender: "visitor",
        fx_link: "desk://localhost/file/uid-1/plan.pdf",
        fx_name: "plan.pdf",
        fx_size_info: "10 B",
      }),
    ]);
    expect(names().slice(0, 2)).toEqual(["sendmessage", "statechange"]);
    expect(stage.chat.getState()).toBe("chat");
  });

  test("sends each file of an input, in their order, and empties it", async () => {
    await page();
    const input = anInput(aFile("a.pdf"), aFile("b.pdf"));
    const made = stage.chat.sendFile(input);
    expect((input as unknown as { emptied: () => void }).emptied).toHaveBeenCalledExactlyOnceWith("");
    await settled();
    expect(own().map(({ fx_name }) => fx_name)).toEqual(["a.pdf", "b.pdf"]);
    expect(made.uid).toBe(own()[0]?.uid);
    // Together: whichever the desk has first, they stand in this order there, too.
    const sends = stage.desk.files.calls.filter(([verb]) => verb === "send");
    expect(sends).toEqual([["send", ["staged-1", "staged-2"], "", null]]);
  });

  test("keeps their order where a later one is taken in faster", async () => {
    await page();
    const begin = stage.desk.files.begin.bind(stage.desk.files);
    let end: () => void = () => undefined;
    const slow = new Promise<void>((done) => (end = done));
    stage.desk.files.begin = async (file) => {
      const { id, taken } = await begin(file);
      return { id, taken: file.name === "slow.pdf" ? taken.then(() => slow) : taken };
    };
    stage.chat.sendFile(aFile("slow.pdf"));
    stage.chat.sendFile(aFile("fast.pdf"));
    await settled();
    expect(own()).toEqual([]);
    end();
    await settled();
    expect(own().map(({ fx_name }) => fx_name)).toEqual(["slow.pdf", "fast.pdf"]);
  });

  test("what the disk or Rust has against one of them stops none of the others", async () => {
    await page();
    const { files } = stage.desk;
    const send = files.send.bind(files);
    vi.spyOn(files, "send").mockImplementation(async (ids, caption, group) => {
      if (ids.includes("staged-2")) throw { code: "file_type", message: "Not of this type." };
      return send(ids, caption, group);
    });
    stage.chat.sendFile(anInput(aFile("a.pdf"), aFile("b.pdf"), aFile("c.pdf")));
    await settled();
    expect(own().map(({ fx_name }) => fx_name)).toEqual(["a.pdf", "c.pdf"]);
    expect(named("error")).toEqual([{ code: "file_type", message: "Not of this type." }]);
  });

  test("takes a Blob, too", async () => {
    await page();
    stage.chat.sendFile(new Blob(["x"], { type: "image/png" }));
    await settled();
    expect(own()).toHaveLength(1);
  });

  test("what is not taken says why under its uid, and stops none behind it", async () => {
    await page({ boot: { form: memoryForm({ files: { ...RULES, types: ["pdf"] } }) } });
    const names = ["empty.pdf", "big.pdf", "tune.mp3", "plan.pdf"];
    const sizes = [0, 1_001, 5, 5];
    stage.chat.sendFile(anInput(...names.map((name, at) => aFile(name, sizes[at]))));
    await settled();
    expect(named("error")).toEqual([
      { code: "file_empty", message: "This file is empty." },
      { code: "file_too_large", message: "This file is too large. The limit is 1,000 B." },
      { code: "file_type", message: "Files of this type are not taken here. These are: pdf." },
    ]);
    expect(named("messagestatus").slice(0, 3)).toMatchObject([
      { status: "failed", code: "file_empty" },
      { status: "failed", code: "file_too_large" },
      { status: "failed", code: "file_type" },
    ]);
    expect(own().map(({ fx_name }) => fx_name)).toEqual(["plan.pdf"]);
  });

  test("what Rust refuses is told with its sentence; nothing of it stays", async () => {
    await page();
    stage.desk.files.problems.set("stage", { code: "file_no_space", message: "The disk is full." });
    const made = stage.chat.sendFile(aFile());
    await settled();
    expect(named("error")).toEqual([{ code: "file_no_space", message: "The disk is full." }]);
    expect(named("messagestatus")).toMatchObject([
      { uid: made.uid, status: "failed", code: "file_no_space" },
    ]);
    expect([own(), stage.chat.getState()]).toEqual([[], "available"]);
  });

  test.each([
    [undefined, "invalid"],
    ["plan.pdf", "invalid"],
    [document.createElement("input"), "invalid"],
    [anInput(), "file_none"],
  ])("%o is refused with the code %s", async (given, code) => {
    await page();
    expect(stage.chat.sendFile(given)).toMatchObject({ status: "failed" });
    await settled();
    expect(named("error")).toMatchObject([{ code }]);
    expect(verbs()).toEqual([]);
  });

  test("where the site takes none, the input stays as it is", async () => {
    await page({ boot: { form: memoryForm({ files: { ...RULES, enabled: false } }) } });
    const input = anInput(aFile());
    expect(stage.chat.sendFile(input)).toMatchObject({ sender: "visitor", status: "failed" });
    await settled();
    expect(named("error")).toMatchObject([{ code: "file_off" }]);
    expect((input as unknown as { emptied: () => void }).emptied).not.toHaveBeenCalled();
  });

  test("accepts an invitation that waits", async () => {
    await page({ boot: { present: { state: "invite", invite: memoryLine({ kind: "invited", key: "i" }) } } });
    stage.chat.sendFile(aFile());
    await settled();
    expect(stage.chat.getState()).toBe("chat");
    stands({ state: "chat", invite: null });
    stage.chat.inviteAccept();
    await settled();
    expect(named("inviteaccept")).toMatchObject([{ success: true }]);
    expect(wishes()).toEqual([]);
  });

  test("waits until the visitor has agreed to the site's terms", async () => {
    const consent = { version: 1, text: "Terms", url: "" };
    await page({ boot: { form: memoryForm({ consent }) } });
    const made = stage.chat.sendFile(aFile());
    await settled();
    expect([named("messagestatus"), verbs()]).toEqual([
      [{ uid: made.uid, message_id: null, seq: null, status: "queued" }],
      [],
    ]);
    stage.runtime.session.agree();
    await settled();
    expect(own()).toMatchObject([{ uid: made.uid }]);
  });

  test("is given back where the visitor does not agree", async () => {
    await page({ boot: { form: memoryForm({ consent: { version: 1, text: "Terms", url: "" } }) } });
    const { uid } = stage.chat.sendFile(aFile());
    await settled();
    stage.runtime.session.decline();
    expect(named("messagestatus").at(-1)).toMatchObject({ uid, status: "failed", code: "consent" });
    expect(verbs()).toEqual([]);
  });

  test("no panel shows what goes out by itself", async () => {
    const { session } = await page();
    const seen: string[][] = [];
    const sending = await session.files.load();
    stage.chat.sendFile(aFile());
    for (let turn = 0; turn < 40; turn += 1) {
      seen.push(sending.visible(stage.desk.files.stagedOf()).map(({ name }) => name));
      await Promise.resolve();
    }
    expect(seen.flat()).toEqual([]);
    await stage.desk.files.stage(aFile("dropped.pdf"));
    expect(sending.visible(stage.desk.files.stagedOf())).toMatchObject([{ name: "dropped.pdf" }]);
  });
});

describe("isReadyForFileTransfer", () => {
  const without = { group: 2, enabled: false, max_bytes: 1, types: [] };

  test.each([
    [memoryForm({ files: RULES }), null, true],
    [memoryForm({ files: { ...RULES, enabled: false } }), null, false],
    [memoryForm({ files: { ...RULES, groups: [without] } }), 2, false],
    [memoryForm({ files: { ...RULES, groups: [without] } }), 1, true],
    [null, null, false],
  ])("follows the site's rules for the chat's group", async (form, group, isReady) => {
    await page({ boot: { form, present: { group } } });
    expect(stage.chat.isReadyForFileTransfer()).toBe(isReady);
  });
});

describe("on the way", () => {
  async function sending(): Promise<string> {
    await page();
    const { uid } = stage.chat.sendFile(aFile("plan.pdf", 100));
    await settled();
    stage.events.length = 0;
    return uid;
  }

  test("fileprogress tells how far it is, to the end", async () => {
    const uid = await sending();
    stage.desk.files.carry("uid-1", 40);
    stage.desk.files.carry("uid-1", 60);
    expect(named("fileprogress")).toEqual([
      { uid, sent: 40, total: 100, state: "running", speed: 40, left: 2 },
      { uid, sent: 100, total: 100, state: "running", speed: null, left: null },
    ]);
  });

  test("what comes to this device is no progress of an own file", async () => {
    const file = memoryFile({ key: "m-1", here: false });
    await page({ boot: { messages: [memoryLine({ seq: 1, message_id: "m-1", file })] } });
    const transfer = memoryTransfer({ up: false, done: 5 });
    stage.desk.push({ type: "file", news: { file: { ...file, transfer } } });
    expect(named("fileprogress")).toEqual([]);
  });

  test("messagestatus goes by the uid that sendFile gave", async () => {
    const uid = await sending();
    stage.desk.push({ type: "status", change: memoryChange("uid-1", { seq: 1, message_id: "m-1" }) });
    expect(named("messagestatus")).toEqual([{ uid, message_id: "m-1", seq: 1, status: "sent" }]);
  });

  test("controlFile stops it, lets it go on, and thinks better of it", async () => {
    const uid = await sending();
    stage.chat.controlFile(uid, "pause");
    stage.chat.controlFile(uid, "resume");
    stage.chat.controlFile(uid, "cancel");
    await settled();
    expect(verbs().slice(-3)).toEqual(["pause", "resume", "cancel"]);
    expect(named("messagestatus")).toMatchObject([{ uid, status: "failed", code: "discarded" }]);
    expect(stage.runtime.session.mirror.lines.all).toEqual([]);
  });

  test("one that failed begins again, or is dropped", async () => {
    const uid = await sending();
    const failed = { status: "failed", code: "file_quota", sentence: "Too much today." } as const;
    stage.desk.push({ type: "status", change: memoryChange("uid-1", failed) });
    stage.chat.controlFile(uid, "resume");
    stage.chat.controlFile(uid, "cancel");
    await settled();
    expect(stage.desk.calls.slice(-2)).toEqual([
      ["resend", "uid-1"],
      ["discard", "uid-1"],
    ]);
  });

  test.each([
    ["nobody", "pause"],
    [null, "cancel"],
  ])("%j is no file of this window", async (uid, deed) => {
    await sending();
    stage.chat.controlFile(uid, deed);
    await settled();
    expect(named("error")).toMatchObject([{ code: "invalid" }]);
  });
});
