// The default form: the operator's mark.
import { describe, expect, test, vi } from "vitest";
import { memoryForm } from "../backend/memory";
import {
  ANNA,
  click,
  desk,
  key,
  open,
  own,
  part,
  runInPage,
  seen,
  settle,
  stands,
  theirs,
  wishes,
  words,
} from "./form-fixtures";

runInPage();

const RATEABLE = { chat_id: "c", mark: null };
const talk = [own(1, "hello"), theirs(2, "hello!")];
const marks = (): string[] =>
  [...document.querySelectorAll('[data-test^="mark-"]')].map(
    (mark) => mark.getAttribute("aria-checked") ?? "",
  );

describe("ratingchange", () => {
  test("offers five stars when the chat has ended, and not while it is open", async () => {
    await open({ messages: talk, present: { state: "chat", operator: ANNA } });
    stands({ rating: RATEABLE });
    expect(seen("rating")).toBeNull();
    stands({ state: "available", operator: null });
    expect(words("rating")).toContain("How was this conversation?");
    expect(words("rating")).toContain("Anna");
    expect(marks()).toEqual(["false", "false", "false", "false", "false"]);
    expect(part("marks").getAttribute("role")).toBe("radiogroup");
  });

  test("setrating: a star gives the mark, and thanks; another changes it, Take back clears it", async () => {
    await open({ messages: talk, present: { rating: RATEABLE } });
    await click("mark-4");
    expect(wishes()).toEqual([{ type: "rate", mark: 4 }]);
    expect(words("rating-words")).toBe("Good · Thank you for your rating");
    expect(marks()).toEqual(["false", "false", "false", "true", "false"]);
    await click("mark-2");
    await click("rating-clear");
    expect(wishes().slice(1)).toEqual([
      { type: "rate", mark: 2 },
      { type: "rate", mark: null },
    ]);
    expect([marks().includes("true"), part("rating-clear").hidden]).toEqual([false, true]);
  });

  test("arrows move through the marks, and the one where they rest is given", async () => {
    vi.useFakeTimers();
    await open({ messages: talk, present: { rating: RATEABLE } });
    part("mark-1").focus();
    key("ArrowRight");
    key("ArrowRight");
    key("ArrowLeft");
    expect([document.activeElement, wishes()]).toEqual([part("mark-2"), []]);
    vi.advanceTimersByTime(500);
    expect(wishes()).toEqual([{ type: "rate", mark: 2 }]);
    expect(part("mark-2").tabIndex).toBe(0);
    expect(part("mark-1").tabIndex).toBe(-1);
  });

  test("what the desk does not take goes back, and it is said", async () => {
    await open({ messages: talk, present: { rating: { chat_id: "c", mark: 3 } } });
    await click("menu");
    await click("menu-rate");
    await click("mark-5");
    desk.answer("setrating", { success: false, code: "gone", message: "This chat cannot be rated." });
    await settle();
    expect([marks()[2], words("notice")]).toEqual(["true", "This chat cannot be rated."]);
  });

  test("a mark that was given is not asked for again, but can be changed from the menu", async () => {
    await open({ messages: talk, present: { rating: { chat_id: "c", mark: 5 } } });
    expect(seen("rating")).toBeNull();
    await click("menu");
    expect(words("menu-rate")).toBe("Change your rating");
    await click("menu-rate");
    expect(document.activeElement).toBe(part("mark-5"));
  });

  test("who asks for it from the menu gets it also where another way is offered, which comes back after it", async () => {
    await open({ messages: talk, present: { state: "chat", operator: ANNA, rating: RATEABLE } });
    stands({ retention: "sitephone" });
    expect([seen("rating"), seen("retention")]).toEqual([null, expect.anything()]);
    await click("menu");
    await click("menu-rate");
    expect([seen("retention"), document.activeElement]).toEqual([null, part("mark-1")]);
    await click("rating-close");
    expect([seen("rating"), seen("retention")]).toEqual([null, expect.anything()]);
  });

  test("who closes it is not asked again about this chat, not after a restart either", async () => {
    await open({ messages: talk, present: { rating: RATEABLE } });
    await click("rating-close");
    expect(seen("rating")).toBeNull();
    await open({ messages: talk, present: { rating: RATEABLE } });
    expect(seen("rating")).toBeNull();
    await click("menu");
    expect(words("menu-rate")).toBe("Rate the conversation");
  });

  test("another chat ends what was asked of the last one", async () => {
    await open({ messages: talk, present: { rating: RATEABLE } });
    stands({ state: "chat", rating: null });
    expect(seen("rating")).toBeNull();
    await click("menu");
    expect(seen("menu-rate")).toBeNull();
  });

  test("a site that lets nobody be rated shows no stars", async () => {
    await open({ messages: talk, form: memoryForm({ rating: false }), present: { rating: RATEABLE } });
    expect(seen("rating")).toBeNull();
  });

  test("thumbs, where the settings say so", async () => {
    await open({ messages: talk, present: { rating: RATEABLE } }, [], { rating_style: "thumbs" });
    expect(marks()).toHaveLength(2);
    await click("mark-1");
    expect(wishes()).toEqual([{ type: "rate", mark: 1 }]);
    expect(words("rating-words")).toBe("Bad · Thank you for your rating");
  });
});
