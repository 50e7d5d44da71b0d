// The bookshop's consultant: each habit of old controllers that the consultant API promises to carry.
import { describe, expect, test } from "vitest";
import { memoryForm, memoryInvite, memoryLine } from "../../backend/memory";
import { ANNA, own, theirs } from "../form-fixtures";
import {
  callGear,
  click,
  comes,
  desk,
  fill,
  isSeen,
  open,
  part,
  parts,
  played,
  press,
  runPacks,
  sentTexts,
  settle,
  stands,
  wishes,
} from "./fixtures";

runPacks();

const texts = (): string[] =>
  parts("message").map((row) => row.querySelector(".hb-msg__text")?.textContent ?? "");
const shown = (): string[] =>
  ["label-chat", "label-phone", "chat", "groups", "offline", "sitephone"].filter(isSeen);
const groups = [
  { id: 1, name: "Novels" },
  { id: 2, name: "Maps" },
];

async function write(text: string): Promise<void> {
  fill("creator", text);
  await press("creator", "Enter", 13);
}

describe("rulesReducer over createObserver", () => {
  test("decides what is visible: the labels, or the chat alone", async () => {
    await open("classic");
    expect(shown()).toEqual(["label-chat", "label-phone"]);
    await click("label-chat");
    expect(shown()).toEqual(["chat"]);
    await click("close");
    expect(shown()).toEqual(["label-chat", "label-phone"]);
  });

  test("is one page-wide board: the telephone's form and the chat give way to each other", async () => {
    await open("classic");
    await click("label-phone");
    expect(shown()).toEqual(["sitephone"]);
    await stands({ state: "chat", operator: ANNA });
    expect(shown()).toEqual(["chat"]);
    callGear.openSitePhonePanel();
    expect(shown()).toEqual(["sitephone"]);
  });

  test("show(true) publishes and answers false, also where the widget is visible", async () => {
    await open("classic");
    callGear.openChatWindow();
    expect(shown()).toEqual(["chat"]);
    callGear.openChatWindow();
    expect(shown()).toEqual(["chat"]);
    callGear.UI.show("consultant_offline_message");
    expect(shown()).toEqual(["offline"]);
  });

  test("follows chatavailabilitychange: the label offers the offline form", async () => {
    await open("classic");
    await stands({ online: false });
    expect(part("label-offline").closest(".hb-label")?.classList).toContain("hb-js-label--offline");
    await click("label-offline");
    expect(shown()).toEqual(["offline"]);
    await stands({ online: true });
    expect(shown()).toEqual(["offline"]);
  });

  test("a chat that goes on after a restart is shown at once", async () => {
    await open("classic", { present: { state: "chat", operator: ANNA }, messages: [own(1, "hello")] });
    expect([shown(), part("title").textContent]).toEqual([["chat"], "Anna"]);
  });
});

describe("rack", () => {
  test("attachEl: both controllers' labels stand in the one that the first has drawn", async () => {
    await open("classic");
    const racks = document.querySelectorAll(".hb-rack");
    expect(racks).toHaveLength(1);
    expect(
      [...(racks[0]?.querySelectorAll("[data-test]") ?? [])].map((el) => el.getAttribute("data-test")),
    ).toEqual(["label-chat", "counter", "label-offline", "label-phone"]);
  });

  test("a class name in Cyrillic letters is a class name", async () => {
    await open("classic");
    expect(document.querySelector(".hb-label__btn--чат")).toBe(part("label-chat"));
  });
});

describe("label", () => {
  test("its counter has risen when a message comes, and is empty once the chat was opened", async () => {
    await open("classic");
    await comes(theirs(1, "Are you there?"), 1);
    expect(part("counter").innerHTML).toBe("1");
    await stands({ state: "chat", operator: ANNA });
    expect(part("counter").innerHTML).toBe("");
    expect(desk.calls.some(([verb]) => verb === "read")).toBe(true);
  });
});

describe("contenteditable composer", () => {
  test("the first message opens the chat; Enter sends, and the composer is empty", async () => {
    await open("classic");
    await click("label-chat");
    await write("  Is the atlas there? ");
    expect(sentTexts()).toEqual([["Is the atlas there?", null]]);
    expect([texts(), part("creator").textContent]).toEqual([["Is the atlas there?"], ""]);
    expect(wishes()).toEqual([]);
  });

  test("Shift+Enter sends nothing, and neither does what is empty", async () => {
    await open("classic");
    await click("label-chat");
    fill("creator", "one line");
    const event = new KeyboardEvent("keydown", {
      keyCode: 13,
      shiftKey: true,
      bubbles: true,
      cancelable: true,
    });
    expect(part("creator").dispatchEvent(event)).toBe(true);
    fill("creator", "   ");
    await press("creator", "Enter", 13);
    await click("send");
    expect(sentTexts()).toEqual([]);
  });

  test("c-max: a full composer takes no more letters, but can be edited, and what is pasted is cut", async () => {
    await open("classic");
    await click("label-chat");
    const most = Number(part("creator").getAttribute("c-max"));
    fill("creator", "w".repeat(most));
    expect(await press("creator", "x", 88)).toBe(false);
    expect(await press("creator", "Backspace", 8)).toBe(true);
    fill("creator", "w".repeat(most - 3));
    const paste = Object.assign(new Event("paste", { bubbles: true, cancelable: true }), {
      clipboardData: { getData: () => "<b>12345" },
    });
    part("creator").dispatchEvent(paste);
    expect(part("creator").textContent).toBe(`${"w".repeat(most - 3)}<b>`);
  });

  test("what was emptied is empty, without the browser's own line break: its words for an empty field come back", async () => {
    await open("classic");
    await click("label-chat");
    part("creator").innerHTML = "<br>";
    await press("creator", "Backspace", 8);
    expect(part("creator").innerHTML).toBe("");
  });

  test("the operator sees what is being typed, and nothing once it was sent", async () => {
    await open("classic");
    await click("label-chat");
    fill("creator", "Is the");
    await press("creator", "e", 69);
    await settle(400);
    await write("Is the atlas there?");
    await settle(400);
    const typed = desk.calls.filter(([verb]) => verb === "typing").map(([, text]) => text);
    expect([typed[0], typed.at(-1)]).toEqual(["Is the", ""]);
  });
});

describe("messages", () => {
  test("each sender has a template of its own; strangers' words stay words", async () => {
    await open("classic", { present: { state: "chat", operator: ANNA } });
    await write("<i>mine</i>");
    await comes(theirs(1, "<b>theirs</b>"));
    await comes(memoryLine({ seq: 2, kind: "joined", sender: "system", operator: ANNA, message_id: "m-2" }));
    expect(parts("message").map((row) => row.dataset["sender"])).toEqual(["visitor", "operator", "system"]);
    expect(texts().slice(0, 2)).toEqual(["<i>mine</i>", "<b>theirs</b>"]);
    expect(document.querySelector(".hb-log :is(i, b)")).toBeNull();
  });

  test("a file's message has a template of its own as well", async () => {
    await open("classic");
    for (const sender of ["operator", "visitor"]) {
      const settings = {
        date: 5,
        fx_link: "https://example.com/a",
        fx_name: "a.pdf",
        fx_size_info: "2 MB",
        operator_info: { name: "Anna", avatar: "" },
      };
      const widget = callGear.UI.createWidget("file", {
        settings,
        tpl: `consultant_chat_${sender}_file_message`,
      });
      expect(widget.getEl() ?? (widget.render(), widget.getEl())?.textContent).toContain("a.pdf");
    }
  });

  test("the last of an author's messages is marked, in what comes and in what came", async () => {
    await open("classic", {
      messages: [theirs(8, "a"), theirs(9, "b")],
      archive: [theirs(1, "0")],
      more: true,
    });
    const marks = (): boolean[] =>
      parts("message").map((row) => row.classList.contains("hb-js-last-message"));
    expect(marks()).toEqual([false, true]);
    await click("label-chat");
    expect([texts(), marks()]).toEqual([
      ["0", "a", "b"],
      [false, false, true],
    ]);
  });

  test("history: scrolled to the top, each line goes before the first, one by one", async () => {
    const lines = Array.from({ length: 45 }, (_, at) => theirs(at + 1, `line ${String(at + 1)}`));
    await open("classic", { messages: lines.slice(40), archive: lines.slice(0, 40), more: true });
    const log = part("log");
    for (const page of [25, 45]) {
      log.scrollTop = 0;
      log.dispatchEvent(new Event("scroll"));
      expect(texts()).toHaveLength(page);
    }
    log.dispatchEvent(new Event("scroll"));
    expect(texts()).toEqual(lines.map((line) => line.text));
  });

  test("chattyping is shown for 5 s, and ends with the words", async () => {
    await open("classic", { present: { state: "chat", operator: ANNA } });
    const types = (): boolean => part("typing").classList.contains("hb-js-is-typing");
    desk.push({ type: "typing", typing: true });
    expect(types()).toBe(true);
    desk.push({ type: "typing", typing: false });
    await settle(4900);
    expect(types()).toBe(true);
    await settle(200);
    expect(types()).toBe(false);
    desk.push({ type: "typing", typing: true });
    await comes(theirs(1, "here"));
    expect(types()).toBe(false);
  });

  test("sound: an operator's words ring, the button's choice is kept in the storage", async () => {
    await open("classic", { present: { state: "chat", operator: ANNA } });
    await comes(theirs(1, "one"));
    await click("sound");
    await comes(theirs(2, "two"));
    expect([played.count, callGear.storage.getItem("hb_sound_off")]).toEqual([1, true]);
    await open("classic", { present: { state: "chat", operator: ANNA } });
    expect(part("sound").classList).toContain("hb-js-sound-off");
    await click("sound");
    await comes(theirs(3, "three"));
    expect(played.count).toBe(2);
  });
});

describe("group selector", () => {
  test("comes first, has an array of refs, and the first message goes to the group", async () => {
    await open("classic", { form: memoryForm({ groups, group_title: "Which shelf?" }) });
    await click("label-chat");
    expect([shown(), part("title").textContent]).toEqual([["chat", "groups"], "Which shelf?"]);
    part("groups").querySelectorAll("button")[1]?.click();
    await settle();
    expect([shown(), part("title").textContent]).toEqual([["chat"], "Harbour Books"]);
    await write("A map of the coast, please");
    expect(sentTexts()).toEqual([["A map of the coast, please", 2]]);
  });
});

describe("vcard step", () => {
  const form = memoryForm({
    fields: [
      { name: "name", title: "", is_required: true },
      { name: "email", title: "", is_required: false },
      { name: "phone", title: "", is_required: true },
    ],
  });

  test("getRequiredInfo: what lacks is asked before the first message, which goes out after it", async () => {
    await open("classic", { form });
    await click("label-chat");
    await write("Hello");
    expect([sentTexts(), part("creator").getAttribute("contenteditable")]).toEqual([[], "false"]);
    expect([parts("card-name").length, parts("card-email").length, parts("card-phone").length]).toEqual([
      1, 0, 1,
    ]);
    await click("card-submit");
    expect(part("card-name").classList).toContain("comagic-js-field--not-valid");
    fill("card-name", "Maria");
    fill("card-phone", "+1 555 010 4477");
    await click("card-submit");
    expect(wishes()).toMatchObject([{ type: "card", name: "Maria", phones: ["15550104477"] }]);
    expect(sentTexts()).toEqual([["Hello", null]]);
    expect(part("creator").getAttribute("contenteditable")).toBe("true");
  });

  test("a second Enter asks nothing twice", async () => {
    await open("classic", { form });
    await click("label-chat");
    await write("Hello");
    await press("creator", "Enter", 13);
    await click("send");
    expect(parts("bot-vcard")).toHaveLength(1);
  });
});

describe("invitation", () => {
  const invite = memoryInvite("May I help?", { operator: ANNA });

  test("opens the chat and shows the words once", async () => {
    await open("classic");
    await stands({ state: "invite", invite });
    expect([shown(), texts(), played.count]).toEqual([["chat"], ["May I help?"], 1]);
  });

  test("a message and inviteAccept after it make one chat", async () => {
    await open("classic");
    await stands({ state: "invite", invite });
    await write("Yes, please");
    expect(sentTexts()).toEqual([["Yes, please", null]]);
    expect(wishes()).toEqual([{ type: "invite_accept" }]);
    expect(shown()).toEqual(["chat"]);
  });

  test("closing the window declines", async () => {
    await open("classic");
    await stands({ state: "invite", invite });
    await click("close");
    expect(wishes()).toEqual([{ type: "invite_reject" }]);
    expect(shown()).toEqual(["label-chat", "label-phone"]);
  });
});

describe("thumbs", () => {
  test.each([
    ["thumb-up", 5],
    ["thumb-down", 1],
  ])("%s sends %i", async (thumb, mark) => {
    await open("classic", { present: { state: "chat", operator: ANNA } });
    await stands({ rating: { chat_id: "c", mark: null } });
    await click("rate");
    await click(thumb);
    expect(wishes()).toEqual([{ type: "rate", mark }]);
    expect(document.querySelector(".hb-js-show-feedback")).not.toBeNull();
    expect(isSeen("rate")).toBe(false);
  });

  test("ratingchange: the button is there when a mark can be given, and comes again for the next chat", async () => {
    await open("classic", { present: { state: "chat", operator: ANNA } });
    expect(isSeen("rate")).toBe(false);
    await stands({ rating: { chat_id: "c", mark: null } });
    expect(isSeen("rate")).toBe(true);
    await stands({ rating: { chat_id: "c", mark: 5 } });
    expect(isSeen("rate")).toBe(false);
    await stands({ rating: { chat_id: "d", mark: null } });
    expect(isSeen("rate")).toBe(true);
  });
});

describe("retention button", () => {
  test.each([
    ["sitephone", ["sitephone"]],
    ["offline_message", ["offline"]],
    ["chat", ["chat", "groups"]],
  ] as const)("%s: closes the chat, then opens the other way", async (way, forms) => {
    await open("classic", { form: memoryForm({ groups }), present: { state: "chat" } });
    await stands({ retention: way });
    expect(parts("bot-retention")).toHaveLength(1);
    await click("retention");
    expect([wishes(), shown()]).toEqual([[{ type: "close_chat" }], [...forms]]);
  });
});

describe("e-mail, print, end", () => {
  test("sendChatByMail gets the values and answers its callback", async () => {
    await open("classic", { present: { state: "chat", operator: ANNA }, messages: [own(1, "hello")] });
    await click("email");
    fill("mail-address", "maria");
    await click("mail-submit");
    expect(wishes()).toEqual([]);
    fill("mail-address", "maria@example.com");
    await click("mail-submit");
    expect(wishes()).toMatchObject([{ type: "transcript", email: "maria@example.com" }]);
    desk.answer("sendchatbymail");
    await settle();
    expect(part("bot-email").querySelector(".hb-js-show-feedback")).not.toBeNull();
  });

  test("a mail that was refused is said, and can be tried again", async () => {
    await open("classic", { present: { state: "chat", operator: ANNA }, messages: [own(1, "hello")] });
    await click("email");
    fill("mail-address", "maria@example.com");
    await click("mail-submit");
    desk.answer("sendchatbymail", { success: false, code: "rate", message: "Wait." });
    await settle();
    const card = part("bot-email").querySelector(".hb-card");
    expect([
      card?.classList.contains("hb-js-show-failure"),
      card?.classList.contains("hb-js-show-feedback"),
    ]).toEqual([true, false]);
  });

  test("the chat is printed, and ended", async () => {
    await open("classic", { present: { state: "chat", operator: ANNA }, messages: [own(1, "hello")] });
    window.print = () => document.body.setAttribute("data-printed", "");
    await click("print");
    await settle(50);
    expect(document.body.hasAttribute("data-printed")).toBe(true);
    await click("end");
    expect(wishes()).toEqual([{ type: "close_chat" }]);
  });
});

describe("words", () => {
  test("beforeViewControllerRun picks them by the page's language", async () => {
    await open("classic", { locale: "ru", present: { operator: null } });
    expect(part("label-chat").textContent).toContain("Написать в чат");
    expect(part("label-phone").textContent).toContain("Заказать звонок");
    await click("label-chat");
    expect(part("title").textContent).toBe("Книги у гавани");
  });

  test("the site's title and colour are laid over the shop's own", async () => {
    await open("classic", { form: memoryForm({ title: "Tide & Co", banner_color: "#ffd400" }) });
    await click("label-chat");
    expect(part("title").textContent).toBe("Tide & Co");
    const { style } = document.documentElement;
    expect([style.getPropertyValue("--hb-accent"), style.getPropertyValue("--hb-on-accent")]).toEqual([
      "#ffd400",
      "#000000",
    ]);
  });
});
