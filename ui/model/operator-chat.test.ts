import { describe, expect, it } from "vitest";
import type { Message } from "../generated/Message";
import { isIn, isUnanswered, waitingInvite, writingTo } from "./operator-chat";
import { ANNA, JULIA, aLine, aRow, ownLine } from "./operator-fixtures";

const event = (seq: number, kind: Message["kind"], more: Partial<Message> = {}) =>
  aLine(seq, { kind, text: "", sender: "system", ...more });

describe("what can be written", () => {
  it("follows the visitor's status", () => {
    const row = aRow("v");
    expect(writingTo(row, false)).toBe("invite");
    expect(writingTo({ ...row, status: "invited" }, false)).toBe("invited");
    expect(writingTo({ ...row, status: "form_shown" }, false)).toBe("form");
    expect(writingTo({ ...row, status: "in_chat", chatting: true }, false)).toBe("chat");
    expect(writingTo({ ...row, connected: false }, false)).toBe("gone");
    expect(writingTo({ ...row, status: "gone", connected: false }, false)).toBe("gone");
    expect(writingTo(undefined, false)).toBe("gone");
  });

  it("is nothing to somebody who is kept out", () => {
    expect(writingTo(aRow("v"), true)).toBe("banned");
  });
});

describe("invite: the one that waits", () => {
  const invited = event(1, "invited", {
    text: "Hello?",
    operator: ANNA,
    detail: { type: "invited", expires: 9_000 },
  });

  it("is the last one, with its words and its end", () => {
    expect(waitingInvite([invited])).toEqual({ text: "Hello?", operator: ANNA, expires: 9_000 });
    expect(waitingInvite([])).toBeNull();
  });

  it.each(["invite_ended", "opened", "closed"] as const)("is none after %s", (kind) => {
    expect(waitingInvite([invited, event(2, kind)])).toBeNull();
    expect(waitingInvite([invited, event(2, kind), { ...invited, seq: 3 }])?.text).toBe("Hello?");
  });
});

describe("operatorjoined, operatorleave: who is in the chat", () => {
  const row = aRow("v", { status: "in_chat", chatting: true, operator: JULIA });
  const opened = event(1, "opened");

  it("is told by the lines, and by the row where they begin later", () => {
    expect(isIn([opened], row, ANNA)).toBe(false);
    expect(isIn([opened, event(2, "joined", { operator: ANNA })], row, ANNA)).toBe(true);
    expect(isIn([aLine(9)], { ...row, operator: ANNA }, ANNA)).toBe(true);
    expect(isIn([opened, event(2, "joined", { operator: ANNA })], { ...row, chatting: false }, ANNA)).toBe(
      false,
    );
    expect(isIn([opened], row, null)).toBe(false);
  });

  it("ends with leaving, also where the row has not heard of it", () => {
    const left = [opened, event(2, "joined", { operator: ANNA }), event(3, "left", { operator: ANNA })];
    expect(isIn(left, { ...row, operator: ANNA }, ANNA)).toBe(false);
    expect(isIn([...left, event(4, "joined", { operator: ANNA })], row, ANNA)).toBe(true);
  });

  it("is nobody who was in an earlier chat, nor whose words wait to go out", () => {
    const earlier = [event(1, "joined", { operator: ANNA }), event(2, "closed"), event(3, "opened")];
    expect(isIn(earlier, row, ANNA)).toBe(false);
    expect(isIn([opened, ownLine("w")], row, ANNA)).toBe(false);
    expect(isIn([opened, ownLine("w", 2)], row, ANNA)).toBe(true);
  });
});

describe("closechat: is somebody waiting for an answer?", () => {
  it("when the visitor wrote last in this chat", () => {
    expect(isUnanswered([event(1, "opened"), aLine(2)])).toBe(true);
    expect(isUnanswered([event(1, "opened"), aLine(2), ownLine("w")])).toBe(false);
    expect(isUnanswered([aLine(1), event(2, "closed"), event(3, "opened")])).toBe(false);
    expect(isUnanswered([])).toBe(false);
  });

  it("a message that the desk sends by itself is no answer", () => {
    expect(isUnanswered([aLine(2), aLine(3, { sender: "system" }), event(4, "joined")])).toBe(true);
  });
});
