// §8 of the consultant API, promise by promise: consultant_offline_message, consultant_sitephone and sitephone.
import { describe, expect, test, vi } from "vitest";
import { memoryForm } from "../../backend/memory";
import type { Widget } from "../widget";
import { everyTest, OFFLINE, page, stage, wishes } from "../chat/page";

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
  const sending = (): Promise<[Form, unknown[]]> => form("consultant_offline_message", "sendofflinerequest");

  test("[X] §8 sendRequest({name, email, phone, message, group_id}) leaves the message, for a group", async () => {
    const [widget] = await sending();
    widget.sendRequest(REQUEST);
    expect(wishes()).toEqual([
      { type: "offline", name: "Ada", email: "a@x.test", phone: "", text: "Call me", group: 12 },
    ]);
  });

  test("[X] §8 takes what getValues() gives: digits for a phone, null for no group, and names of its own", async () => {
    const [widget] = await sending();
    widget.sendRequest({
      phone: "79123456789",
      message: "Hi",
      group_id: null,
      agreed: true,
      captcha_key: "",
    });
    expect(wishes()).toEqual([
      { type: "offline", name: "", email: "", phone: "79123456789", text: "Hi", group: null },
    ]);
  });

  test.each([[""], [" "], [null], [undefined]])(
    "[X] §8 a form whose message need not be filled in (%j): who leaves a contact is taken",
    async (message) => {
      const [widget, told] = await sending();
      widget.sendRequest({ email: "a@x.test", message });
      expect(wishes()).toMatchObject([{ email: "a@x.test", text: "—" }]);
      stage.desk.answer("sendofflinerequest");
      expect(told).toMatchObject([{ success: true }]);
    },
  );

  test("[X] §8 sendofflinerequest {success, info: {title, message}}, exactly once per call", async () => {
    const [widget, told] = await sending();
    for (let at = 0; at < 2; at += 1) {
      widget.sendRequest(REQUEST);
      await Promise.resolve();
      stage.desk.answer("sendofflinerequest");
      vi.runAllTimers();
    }
    const info = { title: "Message received", message: "Thank you. We will answer as soon as we can." };
    expect(told).toEqual([
      { success: true, info },
      { success: true, info },
    ]);
  });

  test("[X] §8 in bounded time: where the desk does not answer, it is kept, and success says so", async () => {
    const [widget, told] = await sending();
    widget.sendRequest(REQUEST);
    vi.advanceTimersByTime(5000);
    expect(told).toMatchObject([{ success: true, code: "queued", info: { title: "Kept for later" } }]);
    stage.desk.answer("sendofflinerequest");
    expect(told).toHaveLength(1);
  });

  test("[X] §8 offline too: it is kept in the outbox, and success says so", async () => {
    const [widget, told] = await sending();
    stage.desk.push({ type: "connection", connection: OFFLINE });
    widget.sendRequest({ message: "Call me" });
    await Promise.resolve();
    expect(told).toMatchObject([{ success: true, code: "queued", info: { title: "Kept for later" } }]);
    expect(wishes()).toHaveLength(1);
  });

  test("[X] §8 info holds both strings, safe as HTML", async () => {
    const [widget, told] = await sending();
    widget.sendRequest(REQUEST);
    stage.desk.answer("sendofflinerequest", { success: false, code: "rate", message: "<img src=x> & wait" });
    const place = document.createElement("p");
    const [{ info }] = told as [{ info: { title: string; message: string } }];
    place.innerHTML = info.title + info.message;
    expect([place.children.length, place.textContent]).toEqual([0, `${info.title}<img src=x> & wait`]);
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

  test("[X] §8 answers the widget that was asked, and no namesake", async () => {
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
  ])("[X] §8 %j files a call-back request", async (values, wish) => {
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

  test("[X] §8 fires once per call, also where it is refused and where the desk does not answer", async () => {
    const [widget, told] = await form(name, event);
    widget.startCall({ phone: "12345" });
    await Promise.resolve();
    stage.desk.answer("sitephonecall");
    widget.startCall({ phone: "" });
    widget.startCall({ phone: "12345" });
    await Promise.resolve();
    vi.runAllTimers();
    expect(told).toMatchObject([
      { success: true, info: { title: "Call requested" } },
      { success: false, code: "invalid_phone" },
      { success: true, code: "queued" },
    ]);
  });

  test("[X] §8 takes what the form gives besides: a day's number, a captcha that nobody had to read", async () => {
    const [widget] = await form(name, event);
    widget.startCall({
      phone: "79123456789",
      group_id: "12",
      date: "0",
      delayed_call_time: "1800000000000",
      captcha_value: "",
      captcha_key: "",
    });
    expect(wishes()).toEqual([
      { type: "callback", phone: "79123456789", name: "", group: 12, at: 1_800_000_000_000 },
    ]);
  });

  test("takes the fields' values where nothing is given", async () => {
    const field = '<div><input c-type="field" c-name="phone" value="12345"></div>';
    const [widget] = await form(name, event, field);
    widget.render();
    widget.startCall();
    expect(wishes()).toMatchObject([{ type: "callback", phone: "12345" }]);
  });
});
