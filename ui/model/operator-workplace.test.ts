import { beforeEach, describe, expect, it, vi, type Mock } from "vitest";
import type { OperatorBackend } from "../backend/backend";
import type { Conversation } from "../generated/Conversation";
import type { Message } from "../generated/Message";
import type { OperatorUpdate } from "../generated/OperatorUpdate";
import { aBoot, aConversation, aLine, aPerson, aRow, ownLine } from "./operator-fixtures";
import { countChars, Workplace } from "./operator-workplace";

type Verbs = Omit<OperatorBackend, "files">;
type Fake = { [Verb in keyof Verbs]: Mock<Verbs[Verb]> } & Pick<OperatorBackend, "files">;

let backend: Fake;
let tell: (update: OperatorUpdate) => void;
let now: number;
let workplace: Workplace;

const done = async () => Promise.resolve();
const settle = () => new Promise((next) => setTimeout(next));
const refused = { code: "storage", message: "The disk is full." };
const texts = () => workplace.state.open?.messages.map(({ text }) => text);

/** A promise that the test answers. */
function asked<T>() {
  let answer: (value: T) => void = () => undefined;
  const promise = new Promise<T>((resolve) => (answer = resolve));
  return { promise, answer };
}

beforeEach(async () => {
  now = 0;
  const answers: Verbs = {
    boot: async (listener) => {
      tell = listener;
      return Promise.resolve(aBoot([aRow("a", { chatting: true }), aRow("b", { chatting: true })]));
    },
    setup: done,
    signIn: done,
    signOut: done,
    setOnline: done,
    open: async (visitor) => Promise.resolve(aConversation(visitor, [aLine(11), aLine(12)], true)),
    history: async (_visitor, before) => Promise.resolve({ messages: [aLine(before - 1)], more: false }),
    send: async (_visitor, text) => Promise.resolve(ownLine(text)),
    closeChat: done,
    want: done,
    person: async (visitor) => Promise.resolve(aPerson(visitor)),
    saveSite: done,
    setGroups: done,
    testMail: done,
    setPassword: done,
    typing: done,
    read: done,
    inView: done,
    resend: done,
    discard: done,
    reconnect: done,
    settings: done,
  };
  backend = Object.fromEntries(
    Object.entries(answers).map(([verb, answer]) => [verb, vi.fn(answer as () => Promise<never>)]),
  ) as unknown as Fake;
  workplace = await Workplace.start(backend, () => now);
});

describe("opening", () => {
  it("shows whose conversation it is at once, and its lines when they come", async () => {
    const opening = workplace.open("a");
    expect(workplace.state.open).toMatchObject({ visitor: "a", loaded: false });
    await opening;
    expect(texts()).toEqual(["Line 11", "Line 12"]);
  });

  it("shows the last one asked for, whichever answer comes last", async () => {
    const slow = asked<Conversation>();
    backend.open.mockReturnValueOnce(slow.promise);
    const first = workplace.open("a");
    await workplace.open("b");
    slow.answer(aConversation("a", [aLine(1)]));
    await first;
    expect(workplace.state.open?.visitor).toBe("b");
    expect(texts()).toEqual(["Line 11", "Line 12"]);
  });

  it("of one visitor twice shows the answer to the later question, whichever comes last", async () => {
    const slow = asked<Conversation>();
    backend.open.mockReturnValueOnce(slow.promise);
    const first = workplace.open("a");
    await workplace.open("a");
    slow.answer(aConversation("a", [aLine(1)]));
    await first;
    expect(texts()).toEqual(["Line 11", "Line 12"]);
  });

  it("says why it could not be opened", async () => {
    backend.open.mockRejectedValueOnce(refused);
    await workplace.open("a");
    expect(workplace.state.open).toMatchObject({ loaded: false, problem: refused });
  });

  it("loses nothing that is told before its answer has come, which may be older", async () => {
    const answer = asked<Conversation>();
    backend.open.mockReturnValueOnce(answer.promise);
    const opening = workplace.open("a");
    tell({ type: "message", visitor: "a", message: aLine(13) });
    tell({ type: "message", visitor: "a", message: ownLine("w1", null, { status: "queued" }) });
    tell({ type: "receipts", visitor: "a", receipts: { delivered: 13, read: 12 } });
    tell({ type: "typing", visitor: "a", text: "Good mor" });
    answer.answer({ ...aConversation("a", [aLine(12)]), typing: "G", receipts: { delivered: 12, read: 0 } });
    await opening;
    expect(texts()).toEqual(["Line 12", "Line 13", "w1"]);
    expect(workplace.state.open).toMatchObject({
      typing: "Good mor",
      receipts: { delivered: 13, read: 12 },
      since: null,
    });
  });

  it("keeps no words that ceased to be typed before its answer has come", async () => {
    const answer = asked<Conversation>();
    backend.open.mockReturnValueOnce(answer.promise);
    const opening = workplace.open("a");
    tell({ type: "typing", visitor: "a", text: null });
    answer.answer({ ...aConversation("a", [aLine(12)]), typing: "Good mor" });
    await opening;
    expect(workplace.state.open?.typing).toBeNull();
  });

  it("again forgets what was told before that", async () => {
    await workplace.open("a");
    tell({ type: "typing", visitor: "a", text: "Good mor" });
    backend.open.mockResolvedValueOnce(aConversation("a", [aLine(20)]));
    await workplace.open("a");
    expect(workplace.state.open?.typing).toBeNull();
    expect(texts()).toEqual(["Line 20"]);
  });

  it("is done again when the desk says that the lines changed, for the open one alone", async () => {
    await workplace.open("a");
    backend.open.mockResolvedValueOnce(aConversation("a", [aLine(20)]));
    tell({ type: "changed", visitor: "b" });
    tell({ type: "changed", visitor: "a" });
    await settle();
    expect(backend.open).toHaveBeenCalledTimes(2);
    expect(texts()).toEqual(["Line 20"]);
  });
});

describe("older lines", () => {
  it("come from before the first, once", async () => {
    await workplace.open("a");
    const both = [workplace.older(), workplace.older()];
    await Promise.all(both);
    expect(backend.history.mock.calls).toEqual([["a", 11]]);
    expect(texts()).toEqual(["Line 10", "Line 11", "Line 12"]);
    await workplace.older();
    expect(backend.history).toHaveBeenCalledTimes(1);
  });

  it("that come to this device later are fetched, also where there was no line at all", async () => {
    backend.open.mockResolvedValueOnce(aConversation("a", []));
    await workplace.open("a");
    await workplace.older();
    expect(backend.history).not.toHaveBeenCalled();
    backend.history.mockResolvedValueOnce({ messages: [aLine(2), aLine(1)], more: false });
    tell({ type: "older", visitor: "b" });
    tell({ type: "older", visitor: "a" });
    await workplace.older();
    expect(texts()).toEqual(["Line 1", "Line 2"]);
    await workplace.older();
    expect(backend.history).toHaveBeenCalledTimes(1);
  });

  it("I7: of a conversation that was replaced meanwhile are not put before the new lines", async () => {
    await workplace.open("a");
    const slow = asked<{ messages: Message[]; more: boolean }>();
    backend.history.mockReturnValueOnce(slow.promise);
    const older = workplace.older();
    backend.open.mockResolvedValueOnce(aConversation("a", [aLine(90)]));
    tell({ type: "changed", visitor: "a" });
    await settle();
    slow.answer({ messages: [aLine(10)], more: true });
    await older;
    expect(texts()).toEqual(["Line 90"]);
  });
});

describe("writing", () => {
  it("keeps a draft for each visitor while the operator goes to and fro", async () => {
    await workplace.open("a");
    workplace.write("a", "to a");
    await workplace.open("b");
    workplace.write("b", "to b");
    expect([workplace.draft("a"), workplace.draft("b"), workplace.draft("c")]).toEqual(["to a", "to b", ""]);
  });

  it("C1: shows a message when it is stored, and the draft is taken at once", async () => {
    await workplace.open("a");
    const slow = asked<Message>();
    backend.send.mockReturnValueOnce(slow.promise);
    workplace.write("a", "hello");
    const sending = workplace.send("a");
    expect([workplace.draft("a"), texts()?.length]).toEqual(["", 2]);
    slow.answer(ownLine("hello"));
    await sending;
    expect(workplace.state.open?.messages.at(-1)).toMatchObject({ text: "hello", status: "queued" });
  });

  it("I5: hands messages over one after another, in the order in which they were written", async () => {
    await workplace.open("a");
    const slow = asked<Message>();
    backend.send.mockReturnValueOnce(slow.promise);
    workplace.write("a", "one");
    const first = workplace.send("a");
    workplace.write("a", "two");
    const second = workplace.send("a");
    await settle();
    expect(backend.send).toHaveBeenCalledTimes(1);
    slow.answer(ownLine("one"));
    await Promise.all([first, second]);
    expect(texts()?.slice(2)).toEqual(["one", "two"]);
  });

  it("I1: gives the words back when they could not be stored, before what was written since", async () => {
    await workplace.open("a");
    const slow = asked<Message>();
    backend.send.mockReturnValueOnce(
      slow.promise.then(async () => Promise.reject(refused as unknown as Error)),
    );
    workplace.write("a", "lost?");
    const sending = workplace.send("a");
    workplace.write("a", "next");
    slow.answer(ownLine("unused"));
    await sending;
    expect(workplace.draft("a")).toBe("lost?\nnext");
    expect(workplace.state.open?.problem).toEqual(refused);
    await workplace.send("a");
    expect(workplace.state.open?.problem).toBeNull();
  });

  it("sends neither nothing nor too much, counted in characters", async () => {
    await workplace.open("a");
    for (const text of ["", " \n ", "x".repeat(8_001)]) {
      workplace.write("a", text);
      await workplace.send("a");
    }
    expect(backend.send).not.toHaveBeenCalled();
    expect(countChars("a🔔")).toBe(2);
    workplace.write("a", "🔔".repeat(8_000));
    await workplace.send("a");
    expect(backend.send).toHaveBeenCalledTimes(1);
  });

  it("tells the visitor that the operator types, and that it is over when the operator leaves or sends", async () => {
    await workplace.open("a");
    workplace.write("a", "h");
    now = 1_000;
    workplace.write("a", "he");
    await workplace.open("b");
    workplace.write("b", "x");
    await workplace.send("b");
    expect(backend.typing.mock.calls).toEqual([
      ["a", true],
      ["a", false],
      ["b", true],
      ["b", false],
    ]);
  });
});

describe("marks", () => {
  it("are said once and only forwards, and again when the desk did not hear them", async () => {
    workplace.seen("a", 5);
    workplace.seen("a", 5);
    workplace.seen("a", 4);
    expect(backend.read.mock.calls).toEqual([["a", 5]]);
    backend.read.mockRejectedValueOnce(refused);
    workplace.seen("a", 6);
    await settle();
    expect(workplace.state.troubles).toEqual([]);
    workplace.seen("a", 6);
    expect(backend.read.mock.calls).toEqual([
      ["a", 5],
      ["a", 6],
      ["a", 6],
    ]);
  });
});

describe("the rest", () => {
  it("discards a message only when it is gone from the store", async () => {
    backend.open.mockResolvedValueOnce(aConversation("a", [ownLine("w1", null, { status: "failed" })]));
    await workplace.open("a");
    backend.discard.mockRejectedValueOnce(refused);
    await workplace.discard("w1");
    expect(texts()).toEqual(["w1"]);
    expect(workplace.state.troubles).toEqual([refused]);
    await workplace.discard("w1");
    expect(texts()).toEqual([]);
  });

  it("says why signing in failed, and forgets it at the next try", async () => {
    backend.signIn.mockRejectedValueOnce(refused);
    await workplace.signIn("anna", "wrong");
    expect(workplace.state.refusal).toEqual(refused);
    const slow = asked<undefined>();
    backend.signIn.mockReturnValueOnce(slow.promise);
    const trying = workplace.signIn("anna", "right");
    expect(workplace.state.refusal).toBeNull();
    slow.answer(undefined);
    await trying;
  });

  it("forgets drafts when the operator is signed out", async () => {
    await workplace.open("a");
    workplace.write("a", "private");
    tell({ type: "phase", phase: "sign_in", operator: null, online: false, problem: null });
    expect(workplace.draft("a")).toBe("");
  });

  it("goes online or away when the desk agreed", async () => {
    await workplace.setOnline(false);
    expect(workplace.state.online).toBe(false);
    backend.setOnline.mockRejectedValueOnce(refused);
    await workplace.setOnline(true);
    expect(workplace.state.online).toBe(false);
  });

  it("applies updates that overtake the boot after it, in order", async () => {
    backend.boot.mockImplementationOnce(async (listener) => {
      listener({ type: "rows", whole: false, rows: [aRow("z")], gone: ["a"], total: 2 });
      return Promise.resolve(aBoot([aRow("a"), aRow("b")]));
    });
    const started = await Workplace.start(backend);
    expect([...started.state.rows.keys()]).toEqual(["b", "z"]);
  });
});
