import { describe, expect, it } from "vitest";
import { applyUpdate, fromBoot, isLocal, withOpen } from "./operator";
import { opened, opening } from "./operator-conversation";
import { aBoot, aConversation, aLine, ANNA, aRow } from "./operator-fixtures";

const ready = () => fromBoot(aBoot([aRow("a"), aRow("b")]));

function withConversation(visitor: string) {
  const state = { ...ready(), open: opening(visitor) };
  return withOpen(state, visitor, (open) => opened(open, aConversation(visitor, [aLine(1)])));
}

describe("the mirror", () => {
  it("takes changed and new rows and drops those that left", () => {
    const state = applyUpdate(ready(), {
      type: "rows",
      whole: false,
      rows: [aRow("b", { unread: 2 }), aRow("c")],
      gone: ["a"],
      total: 9,
    });
    expect([...state.rows.keys()]).toEqual(["b", "c"]);
    expect(state.rows.get("b")?.unread).toBe(2);
    expect(state.total).toBe(9);
  });

  it("forgets all rows when the list comes whole", () => {
    const state = applyUpdate(ready(), { type: "rows", whole: true, rows: [aRow("z")], gone: [], total: 1 });
    expect([...state.rows.keys()]).toEqual(["z"]);
  });

  it("leaves nothing of the desk on the screen when the operator is signed out, and says why", () => {
    const problem = { code: "bad_token", message: "You were signed out elsewhere." };
    const state = applyUpdate(withConversation("a"), {
      type: "phase",
      phase: "sign_in",
      operator: null,
      online: false,
      problem,
    });
    expect(state).toMatchObject({ phase: "sign_in", open: null, total: 0, refusal: problem });
    expect(state.rows.size).toBe(0);
  });

  it("signs in without losing rows that came first", () => {
    const state = applyUpdate(ready(), {
      type: "phase",
      phase: "ready",
      operator: ANNA,
      online: true,
      problem: null,
    });
    expect(state.rows.size).toBe(2);
  });

  it("puts a line into the open conversation and into no other", () => {
    const state = withConversation("a");
    const message = aLine(2);
    expect(applyUpdate(state, { type: "message", visitor: "b", message })).toBe(state);
    const next = applyUpdate(state, { type: "message", visitor: "a", message });
    expect(next.open?.messages.map(({ seq }) => seq)).toEqual([1, 2]);
  });

  it("follows receipts, typing and statuses of the open conversation", () => {
    let state = withConversation("a");
    state = applyUpdate(state, { type: "typing", visitor: "a", text: "I would" });
    state = applyUpdate(state, { type: "receipts", visitor: "a", receipts: { delivered: 1, read: 0 } });
    expect(state.open).toMatchObject({ typing: "I would", receipts: { delivered: 1, read: 0 } });
    state = applyUpdate(state, { type: "typing", visitor: "a", text: null });
    expect(state.open?.typing).toBeNull();
  });

  it("shows nobody typing over a line that is gone, on either end", () => {
    const typing = applyUpdate(withConversation("a"), { type: "typing", visitor: "a", text: "I would" });
    const connection = { phase: "offline", since: 0, code: "lost", sentence: null } as const;
    expect(applyUpdate(typing, { type: "connection", connection }).open?.typing).toBeNull();
    const gone = (visitor: string) =>
      applyUpdate(typing, {
        type: "rows",
        whole: false,
        rows: [aRow(visitor, { connected: false })],
        gone: [],
        total: 2,
      });
    expect([gone("a").open?.typing, gone("b").open?.typing]).toEqual([null, "I would"]);
  });

  it("keeps one trouble of a code and at most three", () => {
    const trouble = (code: string, message: string) => ({
      type: "error" as const,
      problem: { code, message },
    });
    let state = ready();
    for (const code of ["a", "b", "a", "c", "d"]) state = applyUpdate(state, trouble(code, `${code} again`));
    expect(state.troubles.map(({ code }) => code)).toEqual(["a", "c", "d"]);
  });

  it("knows an address that only its own computer reaches", () => {
    expect(["127.0.0.1:7717", "localhost:7717", "[::1]:7717", "::1"].map(isLocal)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(["192.168.1.20:7717", "desk.example:7717", "localhost.example", "[::12]:1"].map(isLocal)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });
});
