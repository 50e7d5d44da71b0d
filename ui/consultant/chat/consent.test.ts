// The site's terms: the runtime's own step before the first message. Packs know nothing of it.
import { describe, expect, test } from "vitest";
import { memoryChange, memoryForm, memoryLine } from "../../backend/memory";
import { drawStrip } from "../strip";
import { everyTest, named, names, page, stage, stands, wishes, type PageOptions } from "./page";

everyTest();

const CONSENT = { version: 3, text: "We keep <b>this</b>.", url: "https://example.test/terms" };

async function asking(options: PageOptions = {}): Promise<void> {
  const boot = { ...options.boot, form: memoryForm({ consent: CONSENT }) };
  const { session } = await page({ ...options, boot });
  stage.desk.lacksConsent = true;
  drawStrip(document.body, session);
}

function step(): HTMLElement | null {
  return document.querySelector('[data-test="consent"]');
}

async function press(name: "agree" | "decline"): Promise<void> {
  document.querySelector<HTMLElement>(`[data-test="consent-${name}"]`)?.click();
  await Promise.resolve();
  await Promise.resolve();
}

describe("the step", () => {
  test("is not there before something is sent, nor where nothing is asked or all is agreed", async () => {
    await asking();
    expect(step()).toBeNull();
    const form = memoryForm({ consent: CONSENT });
    const { session } = await page({ boot: { form, present: { consented: 3 } } });
    drawStrip(document.body, session);
    stage.chat.sendChatMessage("hello");
    await Promise.resolve();
    expect([step(), named("messagestatus")]).toMatchObject([null, [{ status: "queued" }]]);
  });

  test("shows the text as text, a link that opens outside, and takes the focus without agreeing", async () => {
    await asking();
    stage.chat.sendChatMessage("hello");
    await Promise.resolve();
    expect(step()?.querySelector(".desk-consent__text")?.textContent).toBe("We keep <b>this</b>.");
    const link = step()?.querySelector("a");
    expect([link?.href, link?.target]).toEqual(["https://example.test/terms", "_blank"]);
    expect(document.activeElement).toBe(step());
  });

  test("has no link where the address is none", async () => {
    await asking();
    const consent = { ...CONSENT, url: "javascript:alert(1)" };
    stage.desk.push({ type: "form", form: memoryForm({ consent }) });
    stage.chat.sendChatMessage("hello");
    await Promise.resolve();
    expect([step() !== null, step()?.querySelector("a")]).toEqual([true, null]);
  });

  test("gives the focus back, and Escape is not now", async () => {
    await asking();
    const field = document.body.appendChild(document.createElement("input"));
    field.focus();
    stage.chat.sendChatMessage("hello");
    await Promise.resolve();
    step()?.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    expect([step(), document.activeElement]).toEqual([null, field]);
  });
});

describe("sendChatMessage", () => {
  test("waits, and is sent by itself after Agree, as the message that the controller knows", async () => {
    await asking();
    const first = stage.chat.sendChatMessage("one");
    const second = stage.chat.sendChatMessage("two");
    expect([first.status, second.status]).toEqual(["queued", "queued"]);
    await Promise.resolve();
    await press("agree");
    const again = stage.desk.calls.filter(([verb]) => verb === "resend").map(([, uid]) => uid);
    expect([again, step()]).toEqual([[first.uid, second.uid], null]);
    expect(wishes()).toEqual([{ type: "consent", version: 3 }]);
    expect(stage.chat.getState()).toBe("chat");
    stage.desk.push({ type: "status", change: memoryChange(first.uid, { seq: 1, message_id: "m-1" }) });
    expect(named("messagestatus").at(-1)).toMatchObject({ uid: first.uid, seq: 1, status: "sent" });
    expect(named("error")).toEqual([]);
    expect(stage.chat.hasHistory()).toBe(false);
  });

  test("not now: the words are given back, with a sentence, and the next try asks again", async () => {
    await asking();
    const { uid } = stage.chat.sendChatMessage("one");
    await Promise.resolve();
    await press("decline");
    expect(named("messagestatus").at(-1)).toEqual({
      uid,
      message_id: null,
      seq: null,
      status: "failed",
      code: "consent",
    });
    expect(named("error")).toMatchObject([{ code: "consent" }]);
    expect(step()).toBeNull();
    expect(stage.desk.calls.at(-1)).toEqual(["discard", uid]);
    stage.chat.sendChatMessage("two");
    await Promise.resolve();
    expect(step()).not.toBeNull();
  });

  test("C1: what waits for consent is on the disk, and the strip does not call it lost", async () => {
    await asking();
    stage.chat.sendChatMessage("one");
    await Promise.resolve();
    expect(stage.desk.calls.filter(([verb]) => verb === "send")).toHaveLength(1);
    expect([step() !== null, document.querySelector('[data-test="resend"]')]).toEqual([true, null]);
  });

  test("agreed on another device: what waits is sent", async () => {
    await asking();
    stage.chat.sendChatMessage("one");
    await Promise.resolve();
    stage.desk.lacksConsent = false;
    stands({ consented: 3 });
    await Promise.resolve();
    expect([step(), stage.chat.getState()]).toEqual([null, "chat"]);
  });

  test("what the desk refuses for want of consent is sent again after Agree, under its old name", async () => {
    await asking();
    stage.desk.lacksConsent = false;
    const { uid } = stage.chat.sendChatMessage("one");
    await Promise.resolve();
    stage.desk.push({ type: "status", change: memoryChange(uid, { status: "failed", code: "consent" }) });
    await press("agree");
    expect(stage.desk.calls.at(-1)).toEqual(["resend", uid]);
  });

  test("a refused one of an earlier run is asked about after a restart", async () => {
    const failed = {
      uid: "u",
      key: "u",
      sender: "visitor",
      mine: true,
      status: "failed",
      code: "consent",
    } as const;
    await asking({ boot: { messages: [memoryLine(failed)] } });
    expect(step()).not.toBeNull();
    await press("agree");
    expect(stage.desk.calls.at(-1)).toEqual(["resend", "u"]);
  });
});

describe("other methods", () => {
  test("startChat says why not, and the chat opens after Agree", async () => {
    await asking();
    stage.chat.startChat();
    await Promise.resolve();
    expect(named("startchat")).toMatchObject([{ success: false, code: "consent" }]);
    await press("agree");
    expect(names().filter((name) => name === "startchat")).toHaveLength(1);
    expect([stage.chat.getState(), wishes().at(-1)]).toEqual(["chat", { type: "start_chat" }]);
  });

  test("setVisitorCard waits: the card is there at once, and goes out after Agree or goes back", async () => {
    await asking();
    const seen: string[] = [];
    stage.chat.setVisitorCard({ name: "Ada" }, () => seen.push(stage.chat.getVisitorCard().name));
    await Promise.resolve();
    expect([seen, named("error"), step() !== null]).toEqual([["Ada"], [], true]);
    await press("decline");
    expect(stage.chat.getVisitorCard().name).toBe("");
    stage.chat.setVisitorCard({ name: "Ada" });
    await Promise.resolve();
    await press("agree");
    expect(wishes()).toEqual([
      { type: "consent", version: 3 },
      { type: "card", name: "Ada", emails: [], phones: [] },
    ]);
    expect(stage.chat.getVisitorCard().name).toBe("Ada");
  });

  test("chatTyping tells nobody anything before", async () => {
    await asking();
    stage.chat.chatTyping("my secret");
    expect(stage.desk.calls).toEqual([]);
  });

  test("a consent that cannot be kept leaves the question", async () => {
    await asking();
    stage.chat.sendChatMessage("one");
    await Promise.resolve();
    stage.desk.problems.set("want", { code: "disk_full", message: "Full." });
    await press("agree");
    expect([named("error"), step() !== null]).toEqual([[{ code: "disk_full", message: "Full." }], true]);
  });
});
