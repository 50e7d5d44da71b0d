import { describe, expect, it, vi } from "vitest";
import { memoryFile, memoryStaged, memoryTransfer } from "../backend/memory-files";
import type { OperatorFilesBackend } from "../backend/backend";
import { applyUpdate, fromBoot } from "./operator";
import { withMessage, withStatus, opened, opening } from "./operator-conversation";
import { NO_LIST, chatOf, shownFiles, withPage } from "./operator-file-list";
import { FileWork } from "./operator-file-work";
import {
  boundsOf,
  isTakingIn,
  leave,
  left,
  NO_FILES,
  sendable,
  showable,
  stagedFor,
  withoutRefused,
  withRefused,
  withStaged,
} from "./operator-files";
import { aBoot, aConversation, aLine, aSite, ownLine } from "./operator-fixtures";

const ready = memoryStaged({ id: "ready" });
const coming = memoryStaged({ id: "coming", ready: false, taken: 3 });
const bad = memoryStaged({ id: "bad", name: "bad.exe", ready: false, code: "file_type", sentence: "No." });

describe("what is chosen", () => {
  it("is kept by visitor, and an empty list leaves nothing", () => {
    const files = withStaged(withStaged(NO_FILES, "a", [ready]), "b", [coming]);
    expect(stagedFor(files, "a")).toEqual([ready]);
    expect(withStaged(files, "a", []).staged.has("a")).toBe(false);
  });

  it("can be sent when it is ready and nothing is wrong with it", () => {
    const files = withStaged(NO_FILES, "a", [ready, coming, bad]);
    expect(sendable(files, "a")).toEqual(["ready"]);
    expect(isTakingIn(files, "a")).toBe(true);
    expect(isTakingIn(withStaged(NO_FILES, "a", [ready, bad]), "a")).toBe(false);
  });

  it("is not sent twice, and comes back when it was not sent", () => {
    const files = leave(withStaged(NO_FILES, "a", [ready, bad]), ["ready"]);
    expect(stagedFor(files, "a")).toEqual([bad]);
    expect(sendable(files, "a")).toEqual([]);
    expect(sendable(left(files, "a", ["ready"], false), "a")).toEqual(["ready"]);
    expect(stagedFor(left(files, "a", ["ready"], true), "a")).toEqual([bad]);
  });

  it("tells of a refused one once, and forgets it when it was read", () => {
    const refused = { id: "r", name: "bad.exe", problem: { code: "file_type", message: "No." } };
    expect(withRefused(withStaged(NO_FILES, "a", [bad]), "a", refused).refused.size).toBe(0);
    const files = withRefused(NO_FILES, "a", refused);
    expect(files.refused.get("a")).toEqual([refused]);
    expect(withoutRefused(files, "a", "r").refused.size).toBe(0);
  });
});

describe("the rules", () => {
  it("of a group take the place of the site's, and off is off for all", () => {
    const site = aSite();
    const { files } = site.settings.form;
    files.groups = [{ group: 2, enabled: true, max_bytes: 10, types: ["png"] }];
    expect(boundsOf(null, 2)).toBeNull();
    expect(boundsOf(site, 1)?.max_bytes).toBe(26_214_400);
    expect(boundsOf(site, 2)).toMatchObject({ enabled: true, max_bytes: 10, types: ["png"] });
    files.enabled = false;
    expect(boundsOf(site, 2)?.enabled).toBe(false);
  });
});

describe("a file on a line", () => {
  const moving = memoryFile({ key: "u1", transfer: memoryTransfer({ done: 10 }) });
  const start = () =>
    withMessage(opened(opening("a"), aConversation("a", [])), ownLine("u1", null, { file: moving }));

  it("goes on by its uid, and is at rest under the desk's name once the desk has it", () => {
    let state = { ...fromBoot(aBoot()), open: start() };
    const news = { file: { ...moving, transfer: memoryTransfer({ done: 900 }) } };
    state = applyUpdate(state, { type: "file", visitor: "a", news }) as typeof state;
    expect(state.open.messages[0]?.file?.transfer?.done).toBe(900);
    const change = { uid: "u1", status: "sent", seq: 4, message_id: "m4", chat_id: "c", date: 5 } as const;
    const open = withStatus(state.open, { ...change, code: null, sentence: null });
    expect(open.messages[0]?.file).toMatchObject({ key: "m4", transfer: null });
    // Late news of the way there changes nothing any more.
    state = applyUpdate({ ...state, open }, { type: "file", visitor: "a", news }) as typeof state;
    expect(state.open.messages[0]?.file?.transfer).toBeNull();
  });

  it("is left alone by news of another conversation and of files that are not here", () => {
    const state = { ...fromBoot(aBoot()), open: start() };
    expect(applyUpdate(state, { type: "file", visitor: "b", news: { file: moving } })).toBe(state);
    const other = { file: memoryFile({ key: "x" }) };
    expect(applyUpdate(state, { type: "file", visitor: "a", news: other })).toBe(state);
  });

  it("goes on under its key when it comes here", () => {
    const line = aLine(7, { message_id: "m7", file: memoryFile({ key: "m7", here: false }) });
    const state = { ...fromBoot(aBoot()), open: opened(opening("a"), aConversation("a", [line])) };
    const file = memoryFile({ key: "m7", here: false, transfer: memoryTransfer({ up: false, done: 5 }) });
    const next = applyUpdate(state, { type: "file", visitor: "a", news: { file } });
    expect(next.open?.messages[0]?.file?.transfer?.done).toBe(5);
  });
});

it("files are held over the window, and no more", () => {
  const over = applyUpdate(fromBoot(aBoot()), { type: "dragging", over: true });
  expect(over.files.dragging).toBe(true);
  expect(applyUpdate(over, { type: "dragging", over: false }).files.dragging).toBe(false);
});

it("signing out leaves nothing that was chosen", () => {
  const files = withStaged(NO_FILES, "a", [ready]);
  const out = { type: "phase", phase: "sign_in", operator: null, online: false, problem: null } as const;
  expect(applyUpdate({ ...fromBoot(aBoot()), files }, out).files).toBe(NO_FILES);
});

describe("the list of files", () => {
  const file = (seq: number, chat: string, name = `f${String(seq)}.txt`) =>
    aLine(seq, { chat_id: chat, file: memoryFile({ key: `m${String(seq)}`, name }) });
  const pages = withPage(NO_LIST, { lines: [file(9, "c2"), file(5, "c1")], more: true });
  const names = (...args: Parameters<typeof shownFiles>) => shownFiles(...args).map(({ file }) => file?.name);

  it("is newest first, with what the conversation knows newer, and nothing beyond its end", () => {
    const waiting = ownLine("u", null, { file: memoryFile({ key: "u", name: "new.txt" }) });
    const live = [file(2, "c1"), file(9, "c2", "renamed.txt"), aLine(10), file(11, "c2"), waiting];
    expect(names(pages, live, null, "")).toEqual(["new.txt", "f11.txt", "renamed.txt", "f5.txt"]);
    expect(names({ ...pages, more: false }, live, null, "")).toContain("f2.txt");
  });

  it("is searched by name, and is of one chat where asked", () => {
    expect(names(pages, [], null, " F5")).toEqual(["f5.txt"]);
    const ofChat = withPage(NO_LIST, { lines: [file(9, "c2")], more: false });
    expect(names(ofChat, [file(12, "c1"), file(13, "c2")], "c2", "")).toEqual(["f13.txt", "f9.txt"]);
    expect(chatOf([file(9, "c2"), aLine(10)])).toBe("c2");
  });

  it("ends where a page brings nothing new", () => {
    expect(withPage(pages, { lines: [file(9, "c2")], more: true }).more).toBe(false);
  });
});

it("what can be shown large is in the order of the lines", () => {
  const picture = aLine(1, { file: memoryFile({ name: "a.png" }) });
  const archive = aLine(2, { file: memoryFile({ name: "a.zip" }) });
  expect(showable([picture, aLine(3), archive])).toEqual([picture]);
});

describe("what is done with files", () => {
  const hands = () => ({ change: vi.fn(), trouble: vi.fn(), drop: vi.fn() });
  const refusal = { code: "file_limit", message: "Ten at once." };
  const backend = (verbs: Partial<OperatorFilesBackend>) => verbs as OperatorFilesBackend;

  it("one that cannot be taken in says so, and the rest goes on", async () => {
    const begin = vi.fn(async (file: File) =>
      file.name === "b"
        ? Promise.reject(refusal)
        : Promise.resolve({ id: file.name, taken: Promise.resolve() }),
    );
    const own = hands();
    await new FileWork(backend({ begin }), own).stage(
      "a",
      ["a", "b", "c"].map((name) => new File(["x"], name)),
    );
    expect(begin.mock.calls.map(([file]) => file.name)).toEqual(["a", "b", "c"]);
    const [[change]] = own.change.mock.calls as [[(files: typeof NO_FILES) => typeof NO_FILES]];
    expect(change(NO_FILES).refused.get("a")).toMatchObject([{ name: "b", problem: refusal }]);
  });

  it("one that fails while it is taken in says so, and the rest is waited for", async () => {
    const own = hands();
    let end: () => void = () => undefined;
    const last = new Promise<void>((done) => (end = done));
    const begin = async ({ name }: File) =>
      Promise.resolve({ id: name, taken: name === "a" ? Promise.reject(refusal) : last });
    const ended = vi.fn();
    const files = ["a", "b"].map((name) => new File(["x"], name));
    const staged = new FileWork(backend({ begin }), own).stage("v", files).then(ended);
    await vi.waitFor(() => expect(own.change).toHaveBeenCalled());
    const [[change]] = own.change.mock.calls as [[(files: typeof NO_FILES) => typeof NO_FILES]];
    expect(change(NO_FILES).refused.get("v")).toMatchObject([{ name: "a", problem: refusal }]);
    expect(ended).not.toHaveBeenCalled();
    end();
    await staged;
  });

  it("a cancelled one leaves with its message when it goes out, and stays when it comes in", async () => {
    const own = hands();
    const work = new FileWork(backend({ cancel: async () => Promise.resolve() }), own);
    await work.cancel("in", false);
    expect(own.drop).not.toHaveBeenCalled();
    await work.cancel("out", true);
    expect(own.drop).toHaveBeenCalledWith("out");
  });

  it("a refused verb is a trouble, and a refused question an answer", async () => {
    const own = hands();
    const refuse = async () => Promise.reject(refusal);
    const work = new FileWork(backend({ cancel: refuse, open: refuse }), own);
    await work.cancel("k", true);
    expect(own.drop).not.toHaveBeenCalled();
    expect(own.trouble).toHaveBeenCalledWith(refusal);
    expect(await work.open("k")).toEqual({ problem: refusal });
  });
});
