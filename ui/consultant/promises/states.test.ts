// §7 and §8 of the consultant API, promise by promise: retention, and how chats end. What the desk does while a chat waits (timed messages, the
// time-out, an operator's answer that ends it) is checked at the desk.
import { describe, expect, test } from "vitest";
import { memoryLine } from "../../backend/memory";
import { everyTest, named, page, stage, stands } from "../chat/page";

everyTest();

const WAYS = [
  ["chat", "openChatWindow", "consultant_chat"],
  ["sitephone", "openSitePhonePanel", "sitephone"],
  ["offline_message", "openSiteRequestPanel", "consultant_offline_message"],
] as const;

/** A pack whose forms note that they were opened from outside, and whose retention button does as the habit is. */
async function waiting(): Promise<{ opened: string[]; press: () => void }> {
  const opened: string[] = [];
  let press = (): void => undefined;
  await page({
    boot: { present: { state: "chat" } },
    inController: () => {
      const { CallGear } = stage.target;
      const show = (name: string) => (isApi: unknown) => void opened.push(`${name} ${String(isApi)}`);
      (stage.chat as unknown as Record<string, unknown>)["show"] = show("consultant_chat");
      for (const name of ["sitephone", "consultant_offline_message"]) {
        CallGear?.UI.createWidget(name, { template: "<div></div>", show: show(name) });
      }
      stage.chat.on("showchatretentionaction", (action: unknown) => {
        const { alternate_communication_way: way } = action as { alternate_communication_way: string };
        const verb = WAYS.find(([name]) => name === way)?.[1];
        press = () => stage.chat.closeChat(() => verb && CallGear?.[verb]());
      });
    },
  });
  return { opened, press: () => press() };
}

describe("retention", () => {
  test("[X] §7 the site's timed messages come as the system's, one after the other", async () => {
    await page({ boot: { present: { state: "chat" } } });
    for (const [at, text] of ["One moment.", "Still busy."].entries()) {
      const message = memoryLine({ seq: at + 1, sender: "system", text });
      stage.desk.push({ type: "message", message, unread: 0 });
    }
    expect(named("sendmessage")).toMatchObject([
      { sender: "system", text: "One moment." },
      { sender: "system", text: "Still busy." },
    ]);
  });

  test.each(WAYS)("[X] §7 then showchatretentionaction %s, once", async (way) => {
    await page({ boot: { present: { state: "chat" } } });
    stands({ retention: way });
    stands({ online: false });
    expect(named("showchatretentionaction")).toEqual([{ alternate_communication_way: way }]);
  });

  test.each(WAYS)("[X] §7 the button for %s closes the chat, then %s opens %s", async (way, _, name) => {
    const { opened, press } = await waiting();
    stands({ retention: way });
    press();
    expect([stage.chat.getState(), opened]).toEqual(["available", []]);
    await Promise.resolve();
    expect(opened).toEqual([`${name} true`]);
  });

  test("[X] §7 an operator's answer stops it: the next wait offers a way anew", async () => {
    await page({ boot: { present: { state: "chat" } } });
    stands({ retention: "chat" });
    stands({ retention: null });
    expect(named("showchatretentionaction")).toHaveLength(1);
    stands({ retention: "chat" });
    expect(named("showchatretentionaction")).toHaveLength(2);
  });
});

describe("the end of a chat", () => {
  test.each([
    "closed_by_operator",
    "closed_by_visitor",
    "closed_by_timeout",
    "invite_rejected",
    "visitor_disconnected",
    "visitor_banned",
  ])(
    "[X] §8 %s: the state goes back, a System message says so, and closechat does not fire",
    async (reason) => {
      await page({ boot: { present: { state: "chat" } } });
      stands({ state: "available" });
      const message = memoryLine({ kind: "closed", sender: "system", seq: 4, reason });
      stage.desk.push({ type: "message", message, unread: 0 });
      expect([named("statechange"), named("closechat")]).toEqual([["available"], []]);
      expect(named("sendmessage")).toMatchObject([
        { sender: "system", source: "System", text: expect.stringMatching(/.{5}/) as string },
      ]);
    },
  );
});
