import { describe, expect, it } from "vitest";
import type { SiteSettings } from "../generated/SiteSettings";
import { aSite } from "./operator-fixtures";
import { contrastOf, faultsOf } from "./operator-faults";
import { asksAgain, fieldOf, movedSeats, outgoing, partOf, rebased } from "./operator-settings";

const plain = (version = 1): SiteSettings => aSite(version).settings;
const consent = (text: string, version = 1) => ({ version, text, url: "" });

/** The faults of settings that `change` spoils. */
function faults(change: (settings: SiteSettings) => void): [string, string][] {
  const settings = plain();
  change(settings);
  return [...faultsOf(settings)];
}

describe("settings that somebody else has changed, too", () => {
  it("keep one's own changes, and take all else from them", () => {
    const [base, mine, theirs] = [plain(1), plain(1), plain(2)];
    mine.form.title = "Mine";
    mine.times.idle_s = 60;
    theirs.form.title = "Theirs";
    theirs.form.rating = false;
    theirs.times.gone_s = 7;
    const merged = rebased(base, mine, theirs);
    expect(merged.version).toBe(2);
    expect(merged.form).toMatchObject({ title: "Mine", rating: false });
    expect(merged.times).toEqual({ invite_s: 300, idle_s: 60, gone_s: 7 });
  });

  it("are theirs where nothing was changed, and mine where they changed nothing", () => {
    const other = plain(2);
    other.mail = { host: "h", port: 1, security: "tls", login: "", ca_file: "", from: "", from_name: "" };
    expect(rebased(plain(), plain(), other)).toEqual(other);
    expect(rebased(plain(), { ...other, version: 1 }, plain(2))).toEqual(other);
  });
});

describe("the consent", () => {
  it("asks again when its words or its address change, and not otherwise", () => {
    expect(asksAgain(consent("a"), consent("a", 9))).toBe(false);
    expect(asksAgain(consent("a"), consent("b"))).toBe(true);
    expect(asksAgain(consent("a"), { ...consent("a"), url: "https://example.test" })).toBe(true);
    expect([asksAgain(null, consent("a")), asksAgain(consent("a"), null)]).toEqual([true, false]);
  });

  it("gets a version that no earlier one had, also after it was switched off", () => {
    const send = (base: SiteSettings, text: string) =>
      outgoing(base, { ...base, form: { ...base.form, consent: consent(text, base.form.consent?.version) } })
        .form.consent?.version;
    const base = plain(14);
    expect(send(base, "new")).toBe(15);
    base.form.consent = consent("old", 40);
    expect([send(base, "old"), send(base, "new")]).toEqual([40, 41]);
  });
});

describe("problems", () => {
  it("name the field in brackets at their end, and nothing else is one", () => {
    const message =
      "The desk cannot take these settings. Please check the field that is named. (form.groups)";
    expect(fieldOf({ code: "settings_invalid", message })).toBe("form.groups");
    expect(fieldOf({ code: "mail_server", message: "No. (550)" })).toBeNull();
    expect(fieldOf({ code: "settings_invalid", message: "No (really). Not at all" })).toBeNull();
  });

  it.each([
    ["form.title", "form"],
    ["form.groups", "groups"],
    ["form.groups.2", "groups"],
    ["form.group_title", "groups"],
    ["form.offline_fields", "form"],
    ["form.retention", "waiting"],
    ["form.consent", "consent"],
    ["rules", "rules"],
    ["rules.0.text", "rules"],
    ["times.idle_s", "times"],
    ["mail.ca_file", "mail"],
    ["something.new", "form"],
  ])("of %s stand in the part %s", (field, part) => {
    expect(partOf(field)).toBe(part);
  });
});

describe("faults", () => {
  it("are none in settings as a desk begins with", () => {
    expect(faults(() => undefined)).toEqual([]);
  });

  it("threats 27: names are one line of at most 200 characters, colours are colours, addresses are https", () => {
    expect(
      faults(({ form }) => {
        form.title = "x".repeat(201);
        form.group_title = "two\nlines";
        form.banner_color = "red; background: url(https://example.test)";
        form.consent = { version: 1, text: " ", url: "javascript:alert(1)" };
      }),
    ).toEqual([
      ["form.title", "name_long"],
      ["form.group_title", "name_long"],
      ["form.banner_color", "color"],
      ["form.consent.text", "missing"],
      ["form.consent.url", "url"],
    ]);
  });

  it("name the very row", () => {
    expect(
      faults(({ form, rules }) => {
        form.groups = ["Sales", " ", "sales"].map((name, id) => ({ id, name }));
        form.retention.messages = [{ after_s: 1.5, text: "" }];
        const rule = { name: "", enabled: true, visits: -1, online: null, every_h: 0 };
        rules.push({ ...rule, after_s: Number.NaN, action: { invite: { text: "x".repeat(8_001) } } });
      }),
    ).toEqual([
      ["form.groups.1", "missing"],
      ["form.groups.2", "twice"],
      ["form.retention.messages.0.text", "missing"],
      ["form.retention.messages.0.after_s", "number"],
      ["rules.0.after_s", "number"],
      ["rules.0.visits", "number"],
      ["rules.0.text", "long"],
    ]);
  });

  it("threats 24: a mail server has a name, a port and a sender's address", () => {
    const mail = { security: "tls", login: "", ca_file: "x".repeat(1_001), from_name: "" } as const;
    expect(
      faults((settings) => {
        settings.mail = { ...mail, host: "a b", port: 0, from: "desk@example.test\r\nBcc: x@example.test" };
      }),
    ).toEqual([
      ["mail.host", "host"],
      ["mail.port", "port"],
      ["mail.from", "email"],
      ["mail.ca_file", "long"],
    ]);
  });
});

describe("the rest", () => {
  it("knows how well white words are read", () => {
    expect(contrastOf("#000000")).toBeCloseTo(21);
    expect(contrastOf("#FFFFFF")).toBeCloseTo(1);
    expect([contrastOf("red"), contrastOf("")]).toEqual([null, null]);
  });

  it("knows whose groups are others, in whatever order they stand", () => {
    expect(movedSeats({ a: [1, 2], b: [], c: [3] }, { a: [2, 1], b: [1], c: [] })).toEqual(["b", "c"]);
  });
});
