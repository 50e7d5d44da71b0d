// The default form, folded: a label in the corner that says who is there and counts what came.
import { describe, expect, test, vi } from "vitest";
import { memoryInvite } from "../backend/memory";
import {
  ANNA,
  callGear,
  click,
  composer,
  desk,
  key,
  open,
  part,
  played,
  press,
  runInPage,
  seen,
  settle,
  shown,
  stands,
  theirs,
  type,
  wishes,
  words,
} from "./form-fixtures";

runInPage();

const chat = { state: "chat", operator: ANNA } as const;
const hear = (seq: number, text: string, unread: number): void =>
  desk.push({ type: "message", message: theirs(seq, text), unread });
const isFolded = (): boolean => seen("folded") !== null && seen("composer") === null;
const keys = (name: string, init: KeyboardEventInit = {}): void => {
  const target = document.activeElement ?? document.body;
  target.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true, cancelable: true, ...init }));
};

describe("the folded form", () => {
  test("is a label with the company, who is there and the newest words", async () => {
    await open({ present: chat, messages: [theirs(1, "Good morning")] });
    expect(isFolded()).toBe(false);
    await click("fold");
    expect(isFolded()).toBe(true);
    expect([words("label-state"), words("label-words"), seen("label-count")]).toEqual([
      "Online · Support",
      "Good morning",
      null,
    ]);
    expect(document.activeElement).toBe(part("label"));
    const name = part("label").textContent?.replace(/\s+/g, " ").trim();
    expect(name).toBe("Open the chat. A Anna Online · Support Good morning");
    const [fold, label] = [part("fold"), part("label")];
    expect([fold, label].map((one) => one.getAttribute("aria-expanded"))).toEqual(["true", "false"]);
    expect(
      [fold, label].map((one) => document.getElementById(one.getAttribute("aria-controls") ?? "")),
    ).toEqual([document.querySelector("main"), document.querySelector("main")]);
  });

  test("says that nobody is there, and leads to the other ways", async () => {
    await open();
    await click("fold");
    stands({ online: false });
    expect(words("label-state")).toBe("We are away: leave a message");
    await click("folded-offline");
    expect([isFolded(), seen("consultant_offline_message") !== null]).toEqual([false, true]);
  });

  test.each([
    ["a click", () => void part("label").click()],
    ["Alt and an arrow", () => void keys("ArrowUp", { altKey: true })],
    ["show(true)", () => void callGear.openChatWindow()],
    ["CallGear.UI.show", () => void callGear.UI.show("consultant_chat")],
  ])("opens by %s, with what was typed and the focus where it is typed", async (_way, act) => {
    await open();
    type("half a sen");
    callGear.UI.hide("consultant_chat");
    expect(isFolded()).toBe(true);
    act();
    await settle();
    expect([isFolded(), composer().value, document.activeElement]).toEqual([false, "half a sen", composer()]);
  });

  test("folds by Alt and an arrow, and by Escape where nothing else is open", async () => {
    await open();
    keys("ArrowDown", { altKey: true });
    expect(isFolded()).toBe(true);
    await click("label");
    for (const opener of ["emoji", "menu"]) {
      await click(opener);
      key("Escape");
      expect([opener, isFolded()]).toEqual([opener, false]);
    }
    await click("menu");
    await click("menu-card");
    key("Escape");
    expect([seen("consultant_card"), isFolded()]).toEqual([null, false]);
    composer().dispatchEvent(
      new KeyboardEvent("keydown", { key: "Escape", isComposing: true, bubbles: true }),
    );
    expect(isFolded()).toBe(false);
    key("Escape");
    expect(isFolded()).toBe(true);
  });

  test("leaves Alt and an arrow to the text on a Mac", async () => {
    vi.spyOn(navigator, "platform", "get").mockReturnValue("MacIntel");
    await open();
    keys("ArrowDown", { altKey: true });
    expect(isFolded()).toBe(false);
    part("fold").focus();
    keys("ArrowDown", { altKey: true });
    expect(isFolded()).toBe(true);
  });

  test("leaves keys alone that belong to a panel of the page", async () => {
    await open();
    const panel = document.createElement("button");
    document.body.append(panel);
    panel.focus();
    key("Escape");
    keys("ArrowDown", { altKey: true });
    expect(isFolded()).toBe(false);
  });
});

describe("getUnreadCounter", () => {
  test("what comes counts up, is told aloud, rings, and is not read before it is opened", async () => {
    vi.spyOn(document, "hasFocus").mockReturnValue(true);
    await open({ present: chat });
    await click("fold");
    hear(1, "one", 1);
    hear(2, "two", 2);
    expect([words("label-count"), words("label-words")]).toEqual(["2", "two"]);
    expect(words("label-told")).toBe("New messages: 2. Anna. two");
    expect(part("label").textContent).toMatch(/two\s+2\s+New messages: 2/);
    expect([played.length, desk.calls.some(([verb]) => verb === "read")]).toEqual([2, false]);
    await click("label");
    expect(desk.calls.at(-1)).toEqual(["read", 2]);
    expect([shown(), words("label-told")]).toEqual([["operator::one", "operator::two"], ""]);
    await click("fold");
    expect(seen("label-count")).toBeNull();
  });

  test("a window that nobody looks at does not read by being unfolded", async () => {
    const focus = vi.spyOn(document, "hasFocus").mockReturnValue(false);
    await open({ present: chat });
    await click("fold");
    hear(1, "one", 1);
    await click("label");
    expect(desk.calls.some(([verb]) => verb === "read")).toBe(false);
    focus.mockReturnValue(true);
    window.dispatchEvent(new Event("focus"));
    expect(desk.calls.at(-1)).toEqual(["read", 1]);
  });

  test("threats 27: the words in the label are text", async () => {
    const evil = "<img src=x onerror=alert(1)>";
    await open({ present: chat });
    await click("fold");
    hear(1, evil, 1);
    expect([part("folded").querySelector("img"), words("label-words")]).toEqual([null, evil]);
  });
});

describe("invite", () => {
  const invite = memoryInvite("May I help?", { operator: ANNA, seq: 1 });

  test("is a bubble beside the label; accepting opens the chat", async () => {
    await open();
    await click("fold");
    stands({ state: "invite", invite });
    expect([part("folded").contains(part("invite")), words("invite")]).toEqual([
      true,
      expect.stringContaining("May I help?"),
    ]);
    await click("invite-accept");
    expect([isFolded(), wishes(), shown()]).toEqual([
      false,
      [{ type: "invite_accept" }],
      ["operator::May I help?"],
    ]);
    expect([seen("invite"), document.activeElement]).toEqual([null, composer()]);
  });

  test("declining leaves the form folded", async () => {
    await open();
    await click("fold");
    stands({ state: "invite", invite });
    await click("invite-reject");
    expect([isFolded(), seen("invite"), document.activeElement]).toEqual([true, null, part("label")]);
  });

  test("goes with the form: out of the tray, and back into it", async () => {
    await open({ present: { state: "invite", invite } });
    expect(part("tray").contains(part("invite"))).toBe(true);
    await click("fold");
    expect([part("folded").contains(part("invite")), part("tray").hidden]).toEqual([true, true]);
    await click("label");
    expect([part("tray").contains(part("invite")), part("tray").hidden]).toEqual([true, false]);
  });
});

describe("after a restart", () => {
  test("it is as the person left it", async () => {
    await open();
    await click("fold");
    await open();
    expect(isFolded()).toBe(true);
    await click("label");
    await open();
    expect(isFolded()).toBe(false);
  });

  test("a chat that is open does not hide itself", async () => {
    await open();
    await click("fold");
    await open({ present: chat });
    expect(isFolded()).toBe(false);
  });

  test("what came meanwhile is counted, and older lines are there once it is opened", async () => {
    await open();
    press("Escape");
    await click("fold");
    await open({ messages: [theirs(21, "newest")], more: true, unread: 1 }, [theirs(20, "older")]);
    expect([isFolded(), words("label-count"), words("label-words")]).toEqual([true, "1", "newest"]);
    await click("label");
    expect(shown()).toEqual(["operator::older", "operator::newest"]);
  });
});

describe("getDeviceType", () => {
  test.each(["desktop", "tablet", "mobile"] as const)(
    "%s: bigger targets where fingers are",
    async (device) => {
      await open({}, [], {}, device);
      const roots = [...document.querySelectorAll(".chat")];
      expect(roots.map((root) => root.classList.contains("chat--touch"))).toEqual(
        roots.map(() => device !== "desktop"),
      );
    },
  );
});
