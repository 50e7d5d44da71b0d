// getVisitorCard, setVisitorCard and getRequiredInfo.
import { describe, expect, test } from "vitest";
import { memoryForm } from "../../backend/memory";
import { everyTest, named, page, stage, stands, wishes } from "./page";

everyTest();

const FIELDS = [
  { name: "name", title: "", is_required: true },
  { name: "email", title: "", is_required: true },
  { name: "phone", title: "", is_required: false },
] as const;
const FORM = memoryForm({ fields: [...FIELDS] });

describe("getVisitorCard", () => {
  test("follows what is said on another device, or by an operator", async () => {
    await page();
    stands({ card: { name: "Ada", emails: [], phones: [] } });
    expect(stage.chat.getVisitorCard().name).toBe("Ada");
  });
});

describe("setVisitorCard", () => {
  test("a new address goes in front, a known one too, and the sixth falls off", async () => {
    const emails = ["1@x.test", "2@x.test", "3@x.test", "4@x.test", "5@x.test"];
    await page({ boot: { present: { card: { name: "Ada", emails, phones: [] } } } });
    stage.chat.setVisitorCard({ email: "6@x.test" });
    stage.chat.setVisitorCard({ email: "2@X.test" });
    expect(stage.chat.getVisitorCard().email).toEqual([
      "2@X.test",
      "6@x.test",
      "1@x.test",
      "3@x.test",
      "4@x.test",
    ]);
  });

  test("absent and empty keys change nothing, and the callback runs", async () => {
    await page({ boot: { present: { card: { name: "Ada", emails: [], phones: [] } } } });
    let count = 0;
    for (const card of [{}, { name: "", email: null, phone: undefined }, { email: ["", " "] }]) {
      stage.chat.setVisitorCard(card, () => (count += 1));
    }
    await Promise.resolve();
    expect([count, wishes(), named("error"), stage.chat.getVisitorCard().name]).toEqual([3, [], [], "Ada"]);
  });

  test.each([
    ["nothing", undefined, "invalid"],
    ["a text", "Ada", "invalid"],
    ["a name that is none", { name: {} }, "invalid"],
    ["a list of nonsense", { phone: [{}] }, "invalid"],
    ["an address that is none", { name: "Eve", email: "nobody" }, "invalid_email"],
    ["a number that is none", { phone: "ring me" }, "invalid_phone"],
  ])("%s: error with a sentence, nothing is saved, and the callback runs", async (_, card, code) => {
    await page();
    let isCalled = false;
    stage.chat.setVisitorCard(card, () => (isCalled = true));
    await Promise.resolve();
    expect(named("error")).toEqual([{ code, message: expect.stringMatching(/.{10}/) as string }]);
    expect([isCalled, wishes(), stage.chat.getVisitorCard().name]).toEqual([true, [], ""]);
  });

  test("what the desk refuses goes back, and is an error", async () => {
    await page();
    stage.chat.setVisitorCard({ name: "Ada" });
    await Promise.resolve();
    stage.desk.answer("setcard", { success: false, code: "rate", message: "Wait." });
    expect(named("error")).toEqual([{ code: "rate", message: "Wait." }]);
    expect(stage.chat.getVisitorCard().name).toBe("");
  });

  test("a callback that throws or is none harms nobody", async () => {
    await page();
    stage.chat.setVisitorCard({ name: "Ada" }, () => {
      throw new Error("a controller's mistake");
    });
    stage.chat.setVisitorCard({ name: "Eve" }, "no function");
    await Promise.resolve();
    expect(stage.chat.getVisitorCard().name).toBe("Eve");
  });
});

describe("getRequiredInfo", () => {
  test("names the required fields that the card lacks", async () => {
    await page({ boot: { form: FORM } });
    stands({ card: { name: "Ada", emails: [], phones: [] } });
    expect(stage.chat.getRequiredInfo()).toEqual(["email"]);
  });

  test("goes by the pack's own fields where the site says nothing of them", async () => {
    const fields = [
      { name: "phone", title: "Phone", is_required: true },
      { name: "company", title: "Company", is_required: true },
    ];
    await page({ boot: { form: null }, settings: { chat: { fields } } });
    expect(stage.chat.getRequiredInfo()).toEqual(["phone"]);
  });

  test("asks for nothing where nothing is required", async () => {
    await page();
    expect(stage.chat.getRequiredInfo()).toEqual([]);
  });
});
