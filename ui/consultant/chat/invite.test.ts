// invite, inviteAccept, inviteReject, and invitations in the history.
import { describe, expect, test } from "vitest";
import { memoryInvite, memoryLine } from "../../backend/memory";
import type { Message } from "../../generated/Message";
import { ANNA, everyTest, lines, named, names, page, stage, stands, texts, wishes } from "./page";

everyTest();

const INVITE = memoryInvite("May I help?", { operator: ANNA, date: 5999 });
const INVITED = { state: "invite", invite: INVITE } as const;

function opened(seq: number, by: string): Message {
  const detail = { type: "opened", by, group: null } as const;
  return memoryLine({ seq, kind: "opened", sender: "system", message_id: `m-${String(seq)}`, detail });
}

function invited(seq: number, text = `invitation ${String(seq)}`): Message {
  return memoryInvite(text, { seq, message_id: `m-${String(seq)}`, key: `m-${String(seq)}`, operator: ANNA });
}

describe("invite", () => {
  test("that expires or is withdrawn: only the state goes back", async () => {
    await page({ boot: { present: INVITED } });
    stands({ state: "available", invite: null });
    expect(names()).toEqual(["invite", "statechange"]);
    expect(stage.chat.getState()).toBe("available");
  });
});

describe("inviteAccept", () => {
  test("opens the chat at once; inviteaccept answers and startchat does not", async () => {
    await page({ boot: { present: INVITED } });
    stage.chat.inviteAccept();
    expect(stage.chat.getState()).toBe("chat");
    await Promise.resolve();
    stage.desk.push({
      type: "answer",
      answer: { verb: "startchat", uid: null, success: true, code: null, message: null },
    });
    stage.desk.answer("inviteaccept");
    stands({ state: "chat", invite: null });
    expect(names()).toEqual(["invite", "statechange", "inviteaccept"]);
    expect(wishes()).toEqual([{ type: "invite_accept" }]);
  });

  test("a message alone accepts, and who accepts after that is told that it is accepted", async () => {
    await page({ boot: { present: INVITED } });
    stage.chat.sendChatMessage("yes, please");
    expect(stage.chat.getState()).toBe("invite");
    await Promise.resolve();
    expect(stage.chat.getState()).toBe("chat");
    stands({ state: "chat", invite: null });
    stage.chat.inviteAccept();
    await Promise.resolve();
    expect([named("inviteaccept"), wishes()]).toEqual([[{ success: true }], []]);
  });

  test("without an invitation is refused by Rust, out loud", async () => {
    await page();
    stage.desk.problems.set("want", { code: "no_invite", message: "There is none." });
    stage.chat.inviteAccept();
    await Promise.resolve();
    expect(named("inviteaccept")).toMatchObject([{ success: false, code: "no_invite" }]);
    expect(named("statechange")).toEqual([]);
  });
});

describe("inviteReject", () => {
  test("gives the state back at once; a refusal brings state and invitation again", async () => {
    await page({ boot: { present: INVITED } });
    stage.chat.inviteReject();
    expect(stage.chat.getState()).toBe("available");
    await Promise.resolve();
    stage.desk.answer("invitereject", { success: false, code: "rate", message: "Wait." });
    expect(names()).toEqual(["invite", "statechange", "statechange", "invite", "invitereject"]);
    expect(named("statechange")).toEqual(["available", "invite"]);
  });
});

describe("getHistory and showhistory", () => {
  test("show an invitation that was accepted, as an operator's message, and no other", async () => {
    const boot = {
      messages: [
        invited(1),
        opened(2, "start"),
        invited(3),
        invited(4),
        opened(5, "invite"),
        ...lines(6, 6),
        invited(7),
      ],
    };
    await page({ boot });
    expect(texts(named("showhistory")[0])).toEqual([
      "Chat started",
      "invitation 4",
      "Chat started",
      "line 6",
    ]);
    const shown = named("showhistory")[0] as { sender: string; fx_link: unknown }[];
    expect(shown[1]).toMatchObject({ sender: "operator", source: "Operator", from: "Anna", fx_link: null });
  });

  test("do not show one that was told by invite in this run", async () => {
    await page({ boot: { present: { state: "invite", invite: invited(2) } } });
    stands({ state: "chat", invite: null });
    stage.desk.push({ type: "missed", messages: [invited(2), opened(3, "invite")], unread: 0 });
    expect(named("showhistory").map(texts)).toEqual([["Chat started"]]);
    expect(stage.chat.hasHistory()).toBe(false);
  });

  test("look further back where a page holds nothing but invitations", async () => {
    const archive = [...lines(1, 1), ...Array.from({ length: 25 }, (_, at) => invited(at + 2))];
    await page({ boot: { messages: lines(40, 40), more: true }, archive });
    expect([stage.chat.hasHistory(), texts(stage.chat.getHistory())]).toEqual([true, ["line 1"]]);
    expect([stage.chat.hasHistory(), stage.chat.getHistory()]).toEqual([false, false]);
  });
});
