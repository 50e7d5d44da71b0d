// sendChatByMail, sendchatbymail, and CallGear's own verbs.
import { describe, expect, test, vi } from "vitest";
import { ANNA, everyTest, named, page, stage, stands, wishes } from "./page";

everyTest();

describe("sendChatByMail", () => {
  test.each([["me@example.test"], [" me@example.test "], [{ email: "me@example.test" }]])(
    "%j: the desk is asked for a transcript",
    async (mail) => {
      await page();
      stage.chat.sendChatByMail(mail);
      expect(wishes()).toEqual([
        { type: "transcript", email: "me@example.test", zone_min: -new Date().getTimezoneOffset() },
      ]);
    },
  );

  test.each([
    [""],
    ["nobody"],
    [undefined],
    [null],
    [5],
    [["me@example.test"]],
    [{ mail: "me@example.test" }],
  ])("%j: sendchatbymail says that it is no address", async (mail) => {
    await page();
    stage.chat.sendChatByMail(mail);
    await Promise.resolve();
    expect(named("sendchatbymail")).toMatchObject([
      { success: false, code: "invalid_email", info: { title: "The conversation was not sent" } },
    ]);
    expect([wishes(), named("error")]).toEqual([[], []]);
  });

  test("a mail that is delayed is answered so, and what becomes of it later is an error's business", async () => {
    await page();
    stage.chat.sendChatByMail("me@example.test");
    stage.desk.answer("sendchatbymail", { code: "mail_delayed", message: "The desk keeps trying." });
    stage.desk.push({ type: "error", code: "mail_refused", message: "Refused for good." });
    vi.runAllTimers();
    expect(named("sendchatbymail")).toMatchObject([
      { success: true, code: "mail_delayed", info: { message: "The desk keeps trying." } },
    ]);
    expect(named("error")).toEqual([{ code: "mail_refused", message: "Refused for good." }]);
  });
});

describe("CallGear", () => {
  test("[X] §3 sendChatByMail(values, cb): cb gets {success} only, and no event is fired", async () => {
    await page();
    const seen: unknown[] = [];
    const done = (answer: unknown): void => void seen.push(answer);
    stage.target.CallGear?.sendChatByMail?.({ email: "me@example.test" }, done);
    stage.desk.answer("sendchatbymail");
    stage.target.CallGear?.sendChatByMail?.({ email: "nobody" }, done);
    await Promise.resolve();
    expect([seen, named("sendchatbymail")]).toEqual([[{ success: true }, { success: false }], []]);
  });

  test("[X] §3 addVisitorInfo(info, cb) saves the card, and visitorCard.getItem reads it", async () => {
    await page();
    const { CallGear } = stage.target;
    const seen: unknown[] = [];
    CallGear?.addVisitorInfo?.({ name: "Ada", phone: 4912345678 }, (answer: unknown) => seen.push(answer));
    await Promise.resolve();
    expect(seen).toEqual([{ success: true }]);
    const items = ["name", "emails", "phones"].map((key) => CallGear?.visitorCard?.getItem(key));
    expect(items).toEqual(["Ada", [], ["4912345678"]]);
  });

  test("[X] §3 addOfflineRequest(req, cb) leaves a message", async () => {
    await page();
    const seen: unknown[] = [];
    const done = (answer: unknown): void => void seen.push(answer);
    stage.target.CallGear?.addOfflineRequest?.({ email: "me@example.test", message: "Call me" }, done);
    stage.desk.answer("sendofflinerequest");
    stage.target.CallGear?.addOfflineRequest?.({ message: "" }, done);
    await Promise.resolve();
    expect(seen).toEqual([{ success: true }, { success: false }]);
  });

  test("[X] §3 getOperatorStatus() follows who is there; getSessionId() names the run", async () => {
    await page({ boot: { present: { operator: ANNA } } });
    const { CallGear } = stage.target;
    expect(CallGear?.getOperatorStatus?.()).toBe("online");
    stands({ online: false });
    expect(CallGear?.getOperatorStatus?.()).toBe("offline");
    expect(CallGear?.getSessionId?.()).toBe(CallGear?.getSessionId?.());
  });
});
