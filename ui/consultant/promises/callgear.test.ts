// §3 of the consultant API, promise by promise: `CallGear` and `CallGear.UI`.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { makeCallGear } from "../callgear";
import { Controllers } from "../controllers";
import type { CallGear, SessionVerbs } from "../global";
import { WidgetsOptions } from "../options";
import { Registry } from "../registry";
import { siteStorage } from "../storage";
import { visitorTexts } from "../catalogues";
import { publicUi } from "../ui";
import { Widget } from "../widget";

let registry: Registry;
let options: WidgetsOptions;

function callGear(verbs: Partial<SessionVerbs> = {}, locale: "en" | "ru" = "en"): CallGear {
  return makeCallGear({
    ui: publicUi(registry, new Controllers(), visitorTexts(locale), () => ["jpg", "pdf"]),
    registry,
    options,
    storage: siteStorage("s", null),
    visitorId: "v-1",
    verbs: verbs as SessionVerbs,
  });
}

/** A widget that notes how it was shown. */
function shown(name: string, more: object = {}): unknown[] {
  const calls: unknown[] = [];
  registry.create(name, { show: (isApi: unknown) => void calls.push(isApi), ...more });
  return calls;
}

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  registry = new Registry();
  options = new WidgetsOptions();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

describe("on, un", () => {
  test("[X] §3 on and un: ui:actionend is heard until it is taken away, and a handler that throws stops no other", () => {
    vi.useFakeTimers();
    const one = callGear();
    const [gone, heard] = [vi.fn(), vi.fn()];
    one.on("ui:actionend", () => {
      throw new Error("a mistake");
    });
    one.on("ui:actionend", gone);
    one.on("ui:actionend", heard);
    one.un("ui:actionend", gone);
    one.UI.Mobile.unform();
    vi.runAllTimers();
    expect([gone.mock.calls.length, heard.mock.calls.length]).toEqual([0, 1]);
  });
});

describe("opening from outside", () => {
  test("[X] §3 openChatWindow acts through the widget's show(true)", () => {
    const calls = shown("consultant_chat", { isChatAvailable: () => true });
    callGear().openChatWindow();
    expect(calls).toEqual([true]);
  });

  test("[X] §3 openChatWindow opens the offline form when no operator is online", () => {
    const chat = shown("consultant_chat", { isChatAvailable: () => false });
    const offline = shown("consultant_offline_message");
    callGear().openChatWindow();
    expect([chat, offline]).toEqual([[], [true]]);
  });

  test("openChatWindow opens the chat where there is no offline form", () => {
    const chat = shown("consultant_chat", { isChatAvailable: () => false });
    callGear().openChatWindow();
    expect(chat).toEqual([true]);
  });

  test("[X] §3 openSiteRequestPanel and openSitePhonePanel act through show(true)", () => {
    const [offline, phone] = [shown("consultant_offline_message"), shown("consultant_sitephone")];
    const one = callGear();
    one.openSiteRequestPanel();
    one.openSitePhonePanel();
    expect([offline, phone]).toEqual([[true], [true]]);
    const real = shown("sitephone");
    one.openSitePhonePanel();
    expect([real, phone]).toEqual([[true], [true]]);
  });

  test.each(["openChatWindow", "openSiteRequestPanel", "openSitePhonePanel"] as const)(
    "[X] §3 %s never throws; that there is no such form is said on the console",
    (verb) => {
      expect(() => callGear()[verb]()).not.toThrow();
      expect(console.error).toHaveBeenCalledOnce();
    },
  );
});

describe("what belongs to the page", () => {
  test("[X] §3 setProperty, getProperty, hasProperty, deleteProperty", () => {
    const one = callGear();
    one.setProperty("a", 0);
    expect([one.hasProperty("a"), one.getProperty("a"), one.hasProperty("toString")]).toEqual([
      true,
      0,
      false,
    ]);
    one.deleteProperty("a");
    expect([one.hasProperty("a"), one.getProperty("a")]).toEqual([false, undefined]);
  });

  test("[X] §3 trackEvent(category, action, name?, value?) keeps nothing and never throws", () => {
    expect(callGear().trackEvent("c", "a", Symbol("n"), 1n)).toBeUndefined();
  });

  test("[X] §3 Captcha.get_captcha(cb) and getCaptcha(cb, opts) answer with an object, and nothing is to be read", () => {
    const one = callGear();
    const [a, b, c] = [vi.fn(), vi.fn(), vi.fn()];
    one.Captcha.get_captcha(a);
    one.Captcha.getCaptcha(b, { bg: "#fff" });
    one.getCaptcha(c, { bg: "#fff" });
    for (const done of [a, b, c]) {
      expect(done.mock.calls).toEqual([
        [{ success: true, key: "", url: expect.stringMatching(/^data:image/) as unknown }],
      ]);
    }
    expect(() => one.getCaptcha(null)).not.toThrow();
    one.getCaptcha(() => {
      throw new Error("a mistake");
    });
  });

  test("[X] §3 getDeviceType() is the device whose form runs, getVisitorId() the visitor's", () => {
    const one = callGear();
    expect([one.getDeviceType(), one.getVisitorId()]).toEqual(["desktop", "v-1"]);
    options.apply({ VC: { mobile: {} } });
    expect(one.getDeviceType()).toBe("mobile");
  });
});

describe("what the session supplies", () => {
  test("[X] §3 visitorCard.getItem gives the name, and always arrays of e-mails and phones, which are copies", () => {
    const card = { name: "Ann", emails: ["a@a.org"], phones: [] };
    const { visitorCard } = callGear({ visitorCard: () => card });
    expect(["name", "emails", "phones", "other"].map((key) => visitorCard?.getItem(key))).toEqual([
      "Ann",
      ["a@a.org"],
      [],
      null,
    ]);
    (visitorCard?.getItem("emails") as string[]).push("b@b.org");
    expect(card.emails).toEqual(["a@a.org"]);
    const broken = callGear({
      visitorCard() {
        throw new Error("a mistake");
      },
    });
    expect(broken.visitorCard?.getItem("phones")).toEqual([]);
  });

  test.each(["sendChatByMail", "addVisitorInfo", "addOfflineRequest"] as const)(
    "[X] §3 %s(values, cb): the callback always gets an object {success}, once, and never with info",
    (verb) => {
      const done = vi.fn();
      const values = { email: "a@a.org" };
      const ask = vi.fn((_what: unknown, answer: (success: boolean) => void) => {
        answer(true);
        answer(false);
      });
      callGear({ [verb]: ask })[verb]?.(values, done);
      expect(ask.mock.calls[0]?.[0]).toBe(values);
      expect(done.mock.calls).toEqual([[{ success: true }]]);
      const refused = vi.fn();
      const throwing = (): never => {
        throw new Error("a mistake");
      };
      callGear({ [verb]: throwing })[verb]?.(values, refused);
      expect(refused.mock.calls).toEqual([[{ success: false }]]);
      expect(() => callGear({ [verb]: ask })[verb]?.(values)).not.toThrow();
    },
  );

  test("[X] §3 getOperatorStatus() and getSessionId()", () => {
    const one = callGear({ getOperatorStatus: () => "online", getSessionId: () => "s-1" });
    expect([one.getOperatorStatus?.(), one.getSessionId?.()]).toEqual(["online", "s-1"]);
  });
});

describe("CallGear.UI", () => {
  const NAMES =
    `OPERATOR_TYPING_TEXT EDITOR_FIELD_TEXT PLACEHOLDERS.name PLACEHOLDERS.phone PLACEHOLDERS.email
    PLACEHOLDERS.date PLACEHOLDERS.time PLACEHOLDERS.captcha PHONE_MASK_FORMAT VCARD_TEXT START_CHAT_TEXT
    WELCOME_CHAT_TEXT RATING_TEXT RATING_FEEDBACK_TEXT SEND_OFFLINE_MESSAGE_TEXT CALL_SITEPHONE_TEXT
    DATE_CHANGE_TITLE_TEXT DATE_NOW_TITLE_TEXT IMAGES.OPERATOR MESSAGES_SETTINGS.email.sender
    MESSAGES_SETTINGS.email.name MESSAGES_SETTINGS.email.text MESSAGES_SETTINGS.email.feedbackText
    MESSAGES_SETTINGS.email.buttonText RETENTION_BUTTONS_SETTINGS.chat.sender RETENTION_BUTTONS_SETTINGS.chat.text
    RETENTION_BUTTONS_SETTINGS.chat.buttonText RETENTION_BUTTONS_SETTINGS.sitephone.sender
    RETENTION_BUTTONS_SETTINGS.sitephone.text RETENTION_BUTTONS_SETTINGS.sitephone.buttonText
    RETENTION_BUTTONS_SETTINGS.offline_message.sender RETENTION_BUTTONS_SETTINGS.offline_message.text
    RETENTION_BUTTONS_SETTINGS.offline_message.buttonText`.split(/\s+/);

  const at = (constants: unknown, path: string): unknown =>
    path.split(".").reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], constants);

  test.each(NAMES)("[X] §3 C.%s is a text that follows the locale", (path) => {
    const texts = (["en", "ru"] as const).map((locale) => at(callGear({}, locale).UI.C, path));
    for (const text of texts) expect(text).toEqual(expect.stringMatching(/./));
    const isWords = /(TEXT|text|buttonText|feedbackText)$|^PLACEHOLDERS/.test(path);
    if (isWords) expect(texts[0]).not.toBe(texts[1]);
  });

  test("[X] §3 C is not frozen: what a controller writes into it stays", () => {
    const { C } = callGear().UI;
    C["VCARD_TEXT"] = "Own words";
    const { email } = C["MESSAGES_SETTINGS"] as Record<string, Record<string, unknown>>;
    Object.assign(email ?? {}, { sender: "operator", v_position: "top" });
    expect([C["VCARD_TEXT"], at(C, "MESSAGES_SETTINGS.email.sender")]).toEqual(["Own words", "operator"]);
  });

  test("[X] §3 C.MESSAGES_SETTINGS.email.is_required", () => {
    expect(at(callGear().UI.C, "MESSAGES_SETTINGS.email.is_required")).toBe(true);
  });

  test("[X] §3 C.SUPPORTED_FILE_TYPES is what an input's accept takes; getValidFileFormatExtensions() are bare", () => {
    const { C, getValidFileFormatExtensions } = callGear().UI;
    expect(String(C["SUPPORTED_FILE_TYPES"])).toMatch(/^\.jpg,\.[a-z,.]+$/);
    expect(getValidFileFormatExtensions()).toContain("jpg");
    getValidFileFormatExtensions().pop();
    expect(String(C["SUPPORTED_FILE_TYPES"])).toBe(
      getValidFileFormatExtensions()
        .map((type) => `.${type}`)
        .join(","),
    );
  });

  test("[X] §3 isIE is false", () => {
    expect(callGear().UI.isIE).toBe(false);
  });

  test("[X] §3 UI.show(...names) calls show(true), UI.hide(...names) hides; names without a widget are passed over", () => {
    const calls = shown("a");
    const hide = vi.fn();
    registry.create("b", { hide });
    const { UI } = callGear();
    UI.show("a", "nobody", null);
    UI.hide("b", "nobody");
    expect([calls, hide.mock.calls]).toEqual([[true], [[]]]);
  });

  test("createEl takes a template's name, any HTML, and nothing", () => {
    registry.addTemplates({ row: ((data: { n: number }) => `<i>${String(data.n)}</i>`) as never });
    const { UI } = callGear();
    expect(UI.createEl("row", { n: 5 }).outerHTML).toBe("<i>5</i>");
    expect(UI.createEl("text<b>x</b><i></i>").outerHTML).toBe("<b>x</b>");
    expect(UI.createEl(undefined, null)).toBeInstanceOf(Element);
  });

  test("[X] §3 UI.getWidget(name) goes over all controllers", () => {
    const { UI } = callGear();
    const widget = UI.createWidget("x", null);
    expect(widget).toBeInstanceOf(Widget);
    expect([UI.getWidget("x"), UI.getWidget("y"), UI.getWidget(null)]).toEqual([
      widget,
      undefined,
      undefined,
    ]);
  });

  test.each([
    ["+79123456789", "+7 (912) 345-67-89"],
    ["8 912 345 67 89", "+7 (912) 345-67-89"],
    [12025550123, "+1 (202) 555-0123"],
    ["+49 30 1234567", "+49301234567"],
    ["ext. 12", "ext. 12"],
    ["12345", "12345"],
    [null, ""],
  ])("[X] §3 formatPhoneNumber(%j) is %s", (given, text) => {
    expect(callGear().UI.formatPhoneNumber(given)).toBe(text);
  });

  test("[X] §3 toTimeString(date) is H:MM, of a message's Unix seconds too", () => {
    const { toTimeString } = callGear().UI;
    const date = new Date(2026, 1, 3, 9, 5);
    expect([toTimeString(date), toTimeString(date.getTime() / 1000), toTimeString("no date")]).toEqual([
      "9:05",
      "9:05",
      "",
    ]);
  });

  test("[X] §3 toDateString(date)", () => {
    const { toDateString } = callGear().UI;
    expect([toDateString(new Date(2026, 1, 3)), toDateString(undefined)]).toEqual(["03.02.2026", ""]);
  });

  test.each([
    ["#1F4B43", "#ffffff"],
    ["#fff", "#000000"],
    ["43A400", "000000"],
    [" 222 ", "ffffff"],
    ["none", "#000000"],
    [null, "#000000"],
  ])("[X] §3 getContrastColor(%j) is %s, with # where it was given with one", (hex, color) => {
    expect(callGear().UI.getContrastColor(hex)).toBe(color);
  });
});
