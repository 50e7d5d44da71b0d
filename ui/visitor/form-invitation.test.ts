// The default form: invitations.
import { describe, expect, test, vi } from "vitest";
import { memoryInvite } from "../backend/memory";
import {
  ANNA,
  click,
  composer,
  desk,
  key,
  open,
  part,
  played,
  runInPage,
  seen,
  send,
  settle,
  shown,
  stands,
  wishes,
  words,
} from "./form-fixtures";

runInPage();

const invite = memoryInvite("May I help?", { operator: ANNA, seq: 1 });

describe("invite", () => {
  test("is a card with the operator, the words and two answers, alone where nothing was said yet", async () => {
    await open();
    stands({ state: "invite", invite });
    expect(words("invite").split(/\s*\n\s*/)).toEqual([
      "A",
      "Anna",
      "Invites you to a chat",
      "May I help?",
      "Accept",
      "Not now",
    ]);
    expect(part("empty").hidden).toBe(true);
    const card = part("invite");
    const named = card.getAttribute("aria-labelledby") ?? "";
    expect([card.getAttribute("role"), document.getElementById(named)?.textContent]).toEqual([
      "dialog",
      "Anna",
    ]);
    expect(part("tray").getAttribute("aria-live")).toBe("polite");
  });

  test("a rule's invitation comes from the company, under its bell", async () => {
    await open();
    stands({ state: "invite", invite: memoryInvite("Hello!") });
    expect(words("invite")).toContain("Support");
    expect(part("invite").querySelector(".face--person")).toBeNull();
  });

  test("is there again after a restart, and does not take the focus from who writes", async () => {
    await open({ present: { state: "invite", invite } });
    expect(seen("invite")).not.toBeNull();
    expect(document.activeElement).toBe(composer());
  });

  test("inviteaccept: the words become the first line of the chat, and the card goes", async () => {
    await open();
    stands({ state: "invite", invite });
    await click("invite-accept");
    expect(wishes()).toEqual([{ type: "invite_accept" }]);
    expect([seen("invite"), shown()]).toEqual([null, ["operator::May I help?"]]);
    expect(document.activeElement).toBe(composer());
  });

  test("inviteaccept: what the desk refuses leaves no line, and says why", async () => {
    await open();
    stands({ state: "invite", invite });
    await click("invite-accept");
    stands({ state: "available", invite: null });
    desk.answer("inviteaccept", { success: false, code: "gone", message: "It is too late." });
    await settle();
    expect([shown(), words("notice")]).toEqual([[], "It is too late."]);
  });

  test("inviteaccept: that the terms come first is no fault; they are asked for on the screen", async () => {
    await open();
    stands({ state: "invite", invite });
    await click("invite-accept");
    desk.answer("inviteaccept", { success: false, code: "consent", message: "Terms first." });
    await settle();
    expect([seen("invite"), part("notice").hidden]).toEqual([expect.anything(), true]);
  });

  test("a message answers an invitation too, and stands under it", async () => {
    await open();
    stands({ state: "invite", invite });
    await send("Yes, please");
    expect(shown()).toEqual(["operator::May I help?", "visitor:queued:Yes, please"]);
    expect(seen("invite")).toBeNull();
  });

  test.each(["invite-reject", "Escape"])("invitereject: by %s", async (way) => {
    await open();
    stands({ state: "invite", invite });
    if (way === "Escape") {
      part("invite-accept").focus();
      key("Escape");
      await settle();
    } else await click(way);
    expect(wishes()).toEqual([{ type: "invite_reject" }]);
    expect([seen("invite"), part("empty").hidden, shown()]).toEqual([null, false, []]);
  });

  test("goes when its time is over or it is withdrawn", async () => {
    await open();
    stands({ state: "invite", invite });
    stands({ state: "available", invite: null });
    expect([seen("invite"), shown()]).toEqual([null, []]);
    stands({
      state: "invite",
      invite: { ...invite, key: "second", message_id: "second", text: "Still here?" },
    });
    expect(words("invite")).toContain("Still here?");
  });

  test("threats 27: an invitation's words are text", async () => {
    await open();
    const evil = "<img src=x onerror=alert(1)>";
    stands({ state: "invite", invite: { ...invite, text: evil, operator: { ...ANNA, name: evil } } });
    expect(part("invite").querySelector("img")).toBeNull();
    expect(words("invite")).toContain(evil);
  });

  test("rings where nobody looks", async () => {
    vi.spyOn(document, "hasFocus").mockReturnValue(false);
    await open();
    stands({ state: "invite", invite });
    expect(played).toEqual(["bell.wav"]);
  });
});
