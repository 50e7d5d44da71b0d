// §8: consultant_offline_message, consultant_sitephone and sitephone.
import { describe, expect, test, vi } from "vitest";
import { memoryForm } from "../../backend/memory";
import type { Widget } from "../widget";
import { everyTest, OFFLINE, page, stage, wishes } from "./page";

everyTest();

const GROUPS = [
  { id: 1, name: "Sales" },
  { id: 12, name: "Care" },
];

interface Form extends Widget {
  sendRequest(request?: unknown): void;
  startCall(values?: unknown): void;
}

/** A form of this name, and what its event has told. */
async function form(name: string, event: string, template = "<div></div>"): Promise<[Form, unknown[]]> {
  await page({ boot: { form: memoryForm({ groups: GROUPS }) } });
  const widget = stage.target.CallGear?.UI.createWidget(name, { template }) as Form;
  const told: unknown[] = [];
  widget.on(event, (answer: unknown) => void told.push(answer));
  return [widget, told];
}

const REQUEST = { name: "Ada", email: "a@x.test", phone: "", message: "Call me", group_id: "12" };

describe("sendRequest", () => {
  test("leaves the message, for a group, and is answered with words", async () => {
    const [widget, told] = await form("consultant_offline_message", "sendofflinerequest");
    widget.sendRequest(REQUEST);
    expect(wishes()).toEqual([
      { type: "offline", name: "Ada", email: "a@x.test", phone: "", text: "Call me", group: 12 },
    ]);
    stage.desk.answer("sendofflinerequest");
    vi.runAllTimers();
    expect(told).toEqual([
      {
        success: true,
        info: { title: "Message received", message: "Thank you. We will answer as soon as we can." },
      },
    ]);
  });

  test("offline it is kept, and success says so", async () => {
    const [widget, told] = await form("consultant_offline_message", "sendofflinerequest");
    stage.desk.push({ type: "connection", connection: OFFLINE });
    widget.sendRequest({ message: "Call me" });
    await Promise.resolve();
    expect(told).toMatchObject([{ success: true, code: "queued", info: { title: "Kept for later" } }]);
  });

  test.each([
    ["nothing", undefined, "invalid"],
    ["a text", "Call me", "invalid"],
    ["neither words nor a contact", { name: "Ada", message: " " }, "empty"],
    ["words that are none", { ...REQUEST, message: {} }, "invalid"],
    ["8,001 characters", { ...REQUEST, message: "x".repeat(8001) }, "too_large"],
    ["an address that is none", { ...REQUEST, email: "nobody" }, "invalid_email"],
    ["a name that is none", { ...REQUEST, name: [] }, "invalid"],
    ["an unknown group", { ...REQUEST, group_id: 2 }, "unknown_group"],
  ])("%s: refused once, with a sentence", async (_, request, code) => {
    const [widget, told] = await form("consultant_offline_message", "sendofflinerequest");
    widget.sendRequest(request);
    await Promise.resolve();
    vi.runAllTimers();
    expect(told).toEqual([
      {
        success: false,
        code,
        info: { title: "The message was not sent", message: expect.stringMatching(/.{10}/) as string },
      },
    ]);
    expect(wishes()).toEqual([]);
  });

  test("answers the widget that was asked, and no namesake", async () => {
    const [first, told] = await form("consultant_offline_message", "sendofflinerequest");
    const second = stage.target.CallGear?.UI.createWidget("consultant_offline_message", {}) as Form;
    second.sendRequest(REQUEST);
    stage.desk.answer("sendofflinerequest");
    expect([told, first.isVisible()]).toEqual([[], false]);
  });
});

describe.each([
  ["consultant_sitephone", "sitephonecall"],
  ["sitephone", "callcomplete"],
])("startCall of %s", (name, event) => {
  test.each([
    [{ phone: "+49 30 1234" }, { phone: "+49 30 1234", name: "", group: null, at: null }],
    ["12345", { phone: "12345", name: "", group: null, at: null }],
    [
      { phone: 12345, name: "Ada", group_id: 1 },
      { phone: "12345", name: "Ada", group: 1, at: null },
    ],
    [
      { phone: "12345", group_id: "", delayed_call_time: "" },
      { phone: "12345", name: "", group: null, at: null },
    ],
    [
      { phone: "12345", delayed_call_time: 1_800_000_000 },
      { phone: "12345", name: "", group: null, at: 1_800_000_000_000 },
    ],
    [
      { phone: "12345", delayed_call_time: "1800000000000" },
      { phone: "12345", name: "", group: null, at: 1_800_000_000_000 },
    ],
    [
      { phone: "12345", delayed_call_time: "2027-01-15T08:00:00Z" },
      { phone: "12345", name: "", group: null, at: 1_800_000_000_000 },
    ],
    [
      { phone: "12345", delayed_call_time: new Date(5) },
      { phone: "12345", name: "", group: null, at: 5 },
    ],
  ])("%j files a call-back", async (values, wish) => {
    const [widget, told] = await form(name, event);
    widget.startCall(values);
    expect(wishes()).toEqual([{ type: "callback", ...wish }]);
    stage.desk.answer("sitephonecall");
    expect(told).toMatchObject([{ success: true, info: { title: "Call requested" } }]);
  });

  test.each([
    [{}, "invalid_phone"],
    [{ phone: {} }, "invalid_phone"],
    [{ phone: "ring me" }, "invalid_phone"],
    [{ phone: "12345", delayed_call_time: "tomorrow" }, "invalid_time"],
    [{ phone: "12345", delayed_call_time: {} }, "invalid_time"],
    [{ phone: "12345", group_id: "sales" }, "unknown_group"],
    [{ phone: "12345", name: {} }, "invalid"],
  ])("%j is refused once, with a code and a sentence", async (values, code) => {
    const [widget, told] = await form(name, event);
    widget.startCall(values);
    await Promise.resolve();
    expect(told).toMatchObject([{ success: false, code }]);
    expect(wishes()).toEqual([]);
  });

  test("takes the fields' values where nothing is given", async () => {
    const field = '<div><input c-type="field" c-name="phone" value="12345"></div>';
    const [widget] = await form(name, event, field);
    widget.render();
    widget.startCall();
    expect(wishes()).toMatchObject([{ type: "callback", phone: "12345" }]);
  });
});
