// invite, inviteAccept, inviteReject, and invitations in the history.
import { describe, expect, test, vi } from "vitest";
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
  test("fires once the state is invite, with the words twice and no file", async () => {
    await page({
      inController: () => stage.chat.on("invite", () => stage.events.push(["state", stage.chat.getState()])),
    });
    stands(INVITED);
    stands({ online: false });
    expect(names()).toEqual(["statechange", "invite", "state", "chatavailabilitychange"]);
    expect(named("state")).toEqual(["invite"]);
    expect(named("invite")[0]).toEqual({
      invite_message: "May I help?",
      text: "May I help?",
      date: 5,
      source: "Operator",
      from: "Anna",
      sender: "operator",
      operator_info: { name: "Anna", avatar: expect.any(String) as string },
      chat_id: null,
      message_id: "invite",
      uid: "invite",
      seq: null,
    });
  });

  test("is an operator's message also where a rule invites", async () => {
    await page();
    stands({ state: "invite", invite: memoryInvite("Hello") });
    expect(named("invite")[0]).toMatchObject({
      sender: "operator",
      operator_info: { name: "" },
      invite_message: "Hello",
    });
  });

  test("fires again after a restart in that state, and is repeated neither by showhistory nor by sendmessage", async () => {
    await page({ boot: { present: INVITED, messages: [...lines(1, 1), invited(2)] } });
    expect(names()).toEqual(["showhistory", "invite"]);
    expect(texts(named("showhistory")[0])).toEqual(["line 1"]);
    stage.desk.push({ type: "message", message: invited(3), unread: 0 });
    expect(named("sendmessage")).toEqual([]);
  });

  test("that expires or is withdrawn: only the state goes back", async () => {
    await page({ boot: { present: INVITED } });
    stands({ state: "available", invite: null });
    expect(names()).toEqual(["invite", "statechange"]);
    expect(stage.chat.getState()).toBe("available");
  });

  test("a second one is told as well", async () => {
    await page({ boot: { present: INVITED } });
    stands({ invite: memoryInvite("Still here?", { message_id: "second", key: "second" }) });
    expect(named("invite").map((message) => (message as Message).text)).toEqual([
      "May I help?",
      "Still here?",
    ]);
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

  test("after sendChatMessage in state invite both make one chat, and the state stays until the task has ended", async () => {
    await page({ boot: { present: INVITED } });
    const states: string[] = [];
    const { status } = stage.chat.sendChatMessage("yes, please");
    states.push(stage.chat.getState());
    stage.chat.inviteAccept();
    states.push(stage.chat.getState());
    await Promise.resolve();
    stage.desk.answer("inviteaccept");
    vi.runAllTimers();
    expect([status, states]).toEqual(["queued", ["invite", "chat"]]);
    expect(names()).toEqual(["invite", "statechange", "messagestatus", "inviteaccept"]);
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
