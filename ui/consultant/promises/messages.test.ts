// §6 of the consultant API, promise by promise: the message object.
import { describe, expect, test } from "vitest";
import { MemoryVisitor, memoryInvite, memoryLine } from "../../backend/memory";
import { memoryFile } from "../../backend/memory-files";
import { visitorTexts } from "../catalogues";
import { ANNA } from "../chat/page";
import { inviteMessage, toChatMessage, type ChatMessage } from "../message";

const TEXTS = visitorTexts("en");
const FILES = new MemoryVisitor().files;
const DATE = 12_999;

/** A message of each kind that controllers are given. */
const MESSAGES: [string, ChatMessage][] = [
  [
    "an operator's",
    toChatMessage(memoryLine({ text: "<b>hi</b>", date: DATE, operator: ANNA }), "sent", TEXTS, FILES),
  ],
  ["a nameless operator's", toChatMessage(memoryLine({ date: DATE }), "sent", TEXTS, FILES)],
  ["a visitor's", toChatMessage(memoryLine({ sender: "visitor", date: DATE }), "queued", TEXTS, FILES)],
  [
    "the system's",
    toChatMessage(memoryLine({ kind: "opened", sender: "system", date: DATE }), "sent", TEXTS, FILES),
  ],
  ["an invitation", inviteMessage(memoryInvite("May I help?", { date: DATE }), TEXTS, FILES)],
];

describe.each(MESSAGES)("%s message", (_, message) => {
  test("[X] §6 text, date (Unix seconds) and sender are always there", () => {
    expect([typeof message.text, message.date, typeof message.sender]).toEqual(["string", 12, "string"]);
  });

  test("[X] §6 sender is operator, visitor, system or bot, and its template's name can be made of it", () => {
    expect(["operator", "visitor", "system", "bot"]).toContain(message.sender);
    expect(`consultant_chat_${message.sender}_message`).toMatch(/^consultant_chat_[a-z]+_message$/);
  });

  test("[X] §6 fx_link is falsy unless it is a file", () => {
    expect(Boolean(message.fx_link)).toBe(false);
  });

  test("[X] §6 can be written into", () => {
    expect(Object.isFrozen(message)).toBe(false);
  });
});

describe("the message object", () => {
  test("[X] §6 text is raw: what was written, not HTML made of it", () => {
    expect(MESSAGES[0]?.[1].text).toBe("<b>hi</b>");
  });

  test("[X] §6 on an operator's message operator_info {name, avatar} is always an object", () => {
    const avatar = expect.stringMatching(/^data:image/) as string;
    const infos = MESSAGES.filter(([, { sender }]) => sender === "operator").map(
      ([, one]) => one.operator_info,
    );
    expect(infos).toEqual([
      { name: "Anna", avatar },
      { name: "", avatar },
      { name: "", avatar },
    ]);
  });

  test("[X] §6 fx_link is only on operator's and visitor's messages", () => {
    expect(MESSAGES.map(([name, one]) => ["fx_link" in one, name])).toEqual([
      [true, "an operator's"],
      [true, "a nameless operator's"],
      [true, "a visitor's"],
      [false, "the system's"],
      [false, "an invitation"],
    ]);
  });

  test("[X] §6 of a file, fx_link, fx_name and fx_size_info are for the screen as they are", () => {
    const file = memoryFile({ key: "m-1", name: "plan <b>.pdf", size: 25_088 });
    for (const [sender, locale, size] of [
      ["operator", "en", "24.5 KB"],
      ["visitor", "ru", "24,5 КБ"],
    ] as const) {
      const made = toChatMessage(memoryLine({ sender, file }), "sent", visitorTexts(locale), FILES);
      expect(made.fx_link).toBe("desk://localhost/file/m-1/plan%20%3Cb%3E.pdf");
      expect([made.fx_name, made.fx_size_info]).toEqual(["plan <b>.pdf", size]);
    }
  });

  test("[X] §6 invite_message is on an invitation, and on no other", () => {
    expect(MESSAGES.map(([, one]) => one.invite_message)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      "May I help?",
    ]);
  });
});
