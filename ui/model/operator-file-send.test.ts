// Files among the words: one order for both, nothing lost and nothing sent twice.
import { expect, it, vi } from "vitest";
import type { OperatorBackend } from "../backend/backend";
import { memoryFile, memoryStaged } from "../backend/memory-files";
import type { Message } from "../generated/Message";
import type { OperatorUpdate } from "../generated/OperatorUpdate";
import { stagedFor } from "./operator-files";
import { aBoot, aConversation, aPerson, aRow, ownLine } from "./operator-fixtures";
import { Workplace } from "./operator-workplace";

const withFile = (uid: string) => ownLine(uid, null, { text: "", file: memoryFile({ key: uid }) });

async function workplaceWith(send: (ids: string[], caption: string) => Promise<Message[]>) {
  let tell: (update: OperatorUpdate) => void = () => undefined;
  const sendFiles = vi.fn(send);
  const sendWords = vi.fn(async (_visitor: string, text: string) => Promise.resolve(ownLine(text)));
  const backend = {
    files: { send: sendFiles, cancel: async () => Promise.resolve() },
    send: sendWords,
    boot: async (listener: typeof tell) => {
      tell = listener;
      return Promise.resolve(aBoot([aRow("a", { chatting: true })]));
    },
    open: async (visitor: string) => Promise.resolve(aConversation(visitor, [])),
    person: async (visitor: string) => Promise.resolve(aPerson(visitor)),
    typing: async () => Promise.resolve(),
  } as unknown as OperatorBackend;
  const workplace = await Workplace.start(backend);
  await workplace.open("a");
  const stage = (...files: ReturnType<typeof memoryStaged>[]) =>
    tell({ type: "staged", visitor: "a", files });
  const keys = () => workplace.state.open?.messages.map(({ key }) => key);
  return { workplace, stage, sendFiles, sendWords, keys };
}

const staged = (id: string, more = {}) => memoryStaged({ id, ...more });

it("I5: files go with the words as their caption, in the order in which all of it was written", async () => {
  let answer: (lines: Message[]) => void = () => undefined;
  const slow = new Promise<Message[]>((resolve) => (answer = resolve));
  const { workplace, stage, sendFiles, sendWords, keys } = await workplaceWith(async () => slow);
  stage(staged("1"), staged("2"));
  workplace.write("a", "Both are here");
  const files = workplace.send("a");
  expect(stagedFor(workplace.state.files, "a")).toEqual([]);
  workplace.write("a", "after");
  const words = workplace.send("a");
  await Promise.resolve();
  expect(sendFiles).toHaveBeenCalledExactlyOnceWith(["1", "2"], "Both are here", null, "a");
  expect(sendWords).not.toHaveBeenCalled();
  answer([withFile("u1"), withFile("u2")]);
  await Promise.all([files, words]);
  expect(keys()).toEqual(["u1", "u2", "after"]);
  expect(workplace.state.files.staged.size).toBe(0);
});

it("I1: words and files come back when they could not be stored", async () => {
  const full = { code: "file_no_space", message: "The disk is full." };
  const { workplace, stage } = await workplaceWith(async () => Promise.reject(full as unknown as Error));
  stage(staged("1"));
  workplace.write("a", "Here it is");
  await workplace.send("a");
  expect(workplace.draft("a")).toBe("Here it is");
  expect(stagedFor(workplace.state.files, "a")).toHaveLength(1);
  expect(workplace.state.open?.problem).toEqual(full);
});

it("nothing goes while a file is taken in, and one that cannot go stays behind", async () => {
  const { workplace, stage, sendFiles, sendWords } = await workplaceWith(async () =>
    Promise.resolve([withFile("u")]),
  );
  stage(staged("1"), staged("2", { ready: false, taken: 1 }));
  workplace.write("a", "words");
  await workplace.send("a");
  expect([sendFiles.mock.calls.length, sendWords.mock.calls.length]).toEqual([0, 0]);
  stage(staged("1"), staged("2", { ready: false, code: "file_type", sentence: "No." }));
  await workplace.send("a");
  expect(sendFiles).toHaveBeenCalledExactlyOnceWith(["1"], "words", null, "a");
  expect(stagedFor(workplace.state.files, "a").map(({ id }) => id)).toEqual(["2"]);
  workplace.write("a", "more words");
  await workplace.send("a");
  expect(sendWords).toHaveBeenCalledTimes(1);
});

it("a file that is taken back leaves the log with its message", async () => {
  const { workplace, stage, keys } = await workplaceWith(async () => Promise.resolve([withFile("u")]));
  stage(staged("1"));
  await workplace.send("a");
  expect(keys()).toEqual(["u"]);
  await workplace.files.cancel("u", true);
  expect(keys()).toEqual([]);
});
