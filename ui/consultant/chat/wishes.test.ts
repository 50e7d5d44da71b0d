// What every method with an answer event has in common: one answer for each call, in bounded time.
import { describe, expect, test, vi } from "vitest";
import { everyTest, named, names, OFFLINE, ONLINE, page, stage, stands, wishes } from "./page";

everyTest();

const INVITED = { present: { state: "invite" } } as const;
const TALKING = { present: { state: "chat" } } as const;
const METHODS = [
  ["startchat", {}, (): void => stage.chat.startChat()],
  ["closechat", TALKING, (): void => stage.chat.closeChat()],
  ["inviteaccept", INVITED, (): void => stage.chat.inviteAccept()],
  ["invitereject", INVITED, (): void => stage.chat.inviteReject()],
  ["setrating", TALKING, (): void => stage.chat.setOperatorRating(5)],
  ["sendchatbymail", TALKING, (): void => stage.chat.sendChatByMail("me@example.test")],
] as const;

describe.each(METHODS)("%s", (event, boot, call) => {
  test("answers once when the desk has answered, and never before the running task has ended", async () => {
    await page({ boot });
    call();
    expect(named(event)).toEqual([]);
    await Promise.resolve();
    stage.desk.answer(event);
    vi.runAllTimers();
    expect(named(event)).toEqual([{ success: true }]);
  });

  test("answers a refusal with its code and a sentence", async () => {
    await page({ boot });
    call();
    stage.desk.answer(event, { success: false, code: "rate", message: "Wait." });
    expect(named(event)).toEqual([
      { success: false, code: "rate", info: { title: expect.any(String) as string, message: "Wait." } },
    ]);
    expect(named("error")).toEqual([]);
  });

  test("answers what Rust did not take, and nothing is half done", async () => {
    await page({ boot });
    stage.desk.problems.set("want", { code: "disk_full", message: "Full." });
    call();
    await Promise.resolve();
    expect(named(event)).toMatchObject([{ success: false, code: "disk_full", info: { message: "Full." } }]);
    expect(names().filter((name) => name === "statechange")).toEqual([]);
  });

  test("says in bounded time that it is kept; what is refused after that is an error", async () => {
    await page({ boot });
    call();
    vi.advanceTimersByTime(event === "sendchatbymail" ? 19_999 : 4999);
    expect(named(event)).toEqual([]);
    vi.advanceTimersByTime(1);
    expect(named(event)).toMatchObject([
      { success: true, code: "queued", info: { title: "Kept for later" } },
    ]);
    stage.desk.answer(event, { success: false, code: "stale", message: "Too late." });
    expect(named(event)).toHaveLength(1);
    expect(named("error")).toEqual([{ code: "stale", message: "Too late." }]);
  });

  test("says at once that it is kept where the line is down, and no more when the desk has answered", async () => {
    await page({ boot: { ...boot, connection: OFFLINE } });
    call();
    await Promise.resolve();
    expect(named(event)).toMatchObject([{ success: true, code: "queued" }]);
    stage.desk.push({ type: "connection", connection: ONLINE });
    stage.desk.answer(event);
    vi.runAllTimers();
    expect(named(event)).toHaveLength(1);
    expect(named("error")).toEqual([]);
  });

  test("an answer to a wish of an earlier run is told only where it is a refusal", async () => {
    await page({ boot });
    stage.desk.answer(event, { uid: "an earlier run's" });
    stage.desk.answer(event, { uid: "another", success: false, code: "stale", message: "Too late." });
    expect([named(event), named("error")]).toEqual([[], [{ code: "stale", message: "Too late." }]]);
  });
});

test("what is asked for twice is answered twice", async () => {
  await page({ boot: TALKING });
  stage.chat.setOperatorRating(1);
  stage.chat.setOperatorRating(2);
  const [first, second] = stage.desk.wishes;
  expect(first?.uid).not.toBe(second?.uid);
  for (const { uid } of stage.desk.wishes) stage.desk.answer("setrating", { uid });
  expect(named("setrating")).toEqual([{ success: true }, { success: true }]);
});

test("what a controller writes into an answer reaches nobody else", async () => {
  await page();
  stage.desk.problems.set("want", { code: "rate", message: "<b>Wait</b> & see." });
  const seen: unknown[] = [];
  for (let at = 0; at < 2; at += 1) {
    stage.chat.on("startchat", (answer: unknown) => {
      const { info } = answer as { info: { message: string } };
      seen.push(info.message);
      info.message = "changed";
    });
  }
  stage.chat.startChat();
  await Promise.resolve();
  // Safe as HTML, whatever a sentence holds.
  expect(seen).toEqual(Array(2).fill("&#60;b&#62;Wait&#60;/b&#62; &#38; see."));
});

describe("both habits of controllers", () => {
  test("startChat on show and closeChat on beforehide", async () => {
    await page({
      inController: () => {
        stage.chat.on("show", () => stage.chat.startChat());
        stage.chat.on("beforehide", () => stage.chat.closeChat());
        stage.chat.render();
      },
    });
    stage.chat.show();
    expect(stage.chat.getState()).toBe("chat");
    await Promise.resolve();
    stage.desk.answer("startchat");
    stands({ state: "chat" });
    stage.chat.hide();
    expect(stage.chat.getState()).toBe("available");
    await Promise.resolve();
    stage.desk.answer("closechat");
    stands({ state: "available" });
    vi.runAllTimers();
    expect(names()).toEqual(["statechange", "startchat", "statechange", "closechat"]);
    expect(wishes()).toEqual([{ type: "start_chat" }, { type: "close_chat" }]);
  });

  test("a chat that a first message opens: startchat with success, and no wish of its own", async () => {
    await page();
    stage.chat.sendChatMessage("hello");
    await Promise.resolve();
    stands({ state: "chat" });
    stage.desk.push({
      type: "answer",
      answer: { verb: "startchat", uid: null, success: true, code: null, message: null },
    });
    expect([named("startchat"), named("statechange"), wishes()]).toEqual([[{ success: true }], ["chat"], []]);
  });
});
