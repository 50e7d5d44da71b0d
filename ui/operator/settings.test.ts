import { describe, expect, it, vi } from "vitest";
import type { OperatorBackend } from "../backend/backend";
import type { SiteSettings } from "../generated/SiteSettings";
import type { Workplace } from "../model/operator-workplace";
import { PARTS } from "../model/operator-settings";
import { all, choose, click, nameless, one, settle, show, usePage, write } from "./test-page";

usePage();

const state = () => one("settings-state").textContent.trim();
const saved = (workplace: Workplace) => workplace.state.site?.settings;
const tick = (name: string, at = 0) => {
  all(name)[at]?.click();
};

async function open(
  part: string,
  query = "scene=busy",
  change?: (backend: OperatorBackend) => OperatorBackend,
): Promise<Workplace> {
  const workplace = await show(query, change);
  await click("view-settings");
  await click(`part-${part}`);
  return workplace;
}

/** Lets what the desk answers later come. */
async function save(): Promise<void> {
  await click("settings-save");
  await settle(5);
}

const refusing =
  (code: string, message: string) =>
  (backend: OperatorBackend): OperatorBackend => ({
    ...backend,
    saveSite: async () => Promise.reject(Object.assign(new Error(message), { code })),
  });

describe("settings: the form", () => {
  it("saves what was changed, once, and says so", async () => {
    const workplace = await open("form");
    const [name] = all<HTMLButtonElement>("settings-save");
    expect(name?.disabled).toBe(true);
    write("Southwind", "form.title");
    tick("fields-phone-ask");
    await settle();
    tick("fields-phone-required");
    tick("form.rating");
    await settle();
    expect(state()).toBe("Changes not saved yet");
    await save();
    expect(state()).toBe("Saved");
    expect(saved(workplace)?.form).toMatchObject({ title: "Southwind", rating: false });
    expect(saved(workplace)?.form.fields.map((field) => [field.name, field.is_required])).toEqual([
      ["name", true],
      ["email", false],
      ["phone", true],
    ]);
  });

  it("warns of a colour on which white words are hard to read", async () => {
    await open("form");
    expect(one("contrast").textContent).toContain("hard to read");
    write("#1f4b43", "form.banner_color");
    expect(all("contrast")).toEqual([]);
    write("blue", "form.banner_color");
    await save();
    expect(document.getElementById("form.banner_color-note")?.textContent).toContain("#RRGGBB");
    expect(document.activeElement?.id).toBe("form.banner_color");
  });
});

describe("settings: changes that are not saved", () => {
  it("are there when one comes back, and the rail says so", async () => {
    await open("form");
    write("Southwind", "form.title");
    await click("view-visitors");
    expect(one("view-settings").getAttribute("aria-label")).toBe("Settings of the site, changes not saved");
    await click("view-settings");
    expect(one<HTMLInputElement>("form.title").value).toBe("Southwind");
    await click("settings-discard");
    expect(one<HTMLInputElement>("form.title").value).toBe("Northwind Lamps");
    expect(one("view-settings").getAttribute("aria-label")).toBe("Settings of the site");
  });

  it("are spoken of before somebody signs out", async () => {
    await open("form");
    write("Southwind", "form.title");
    await click("sign-out");
    expect(document.querySelector("dialog")?.textContent).toContain("not saved and would be lost");
  });

  it("stay where saving needs a connection", async () => {
    await open("form", "scene=offline");
    write("Southwind", "form.title");
    expect(state()).toContain("needs a connection");
    expect(one<HTMLButtonElement>("settings-save").disabled).toBe(true);
  });

  it("stay where the desk refuses them, at the field that it names", async () => {
    const message = "Please check the field that is named. (form.groups)";
    await open("form", "scene=busy", refusing("settings_invalid", message));
    write("Southwind", "form.title");
    await save();
    expect(one("part-groups").getAttribute("aria-current")).toBe("page");
    expect(one("part-problem").textContent).toBe(message);
    await click("part-form");
    expect(one<HTMLInputElement>("form.title").value).toBe("Southwind");
  });

  it("stay where the desk cannot save", async () => {
    await open("form", "scene=busy", refusing("desk_storage", "The desk cannot save anything."));
    write("Southwind", "form.title");
    await save();
    expect(state()).toBe("The desk cannot save anything.");
    expect(one<HTMLButtonElement>("settings-save").disabled).toBe(false);
  });
});

describe("settings: somebody else saved meanwhile", () => {
  const other = (workplace: Workplace, tell: (settings: SiteSettings) => void) => {
    const site = structuredClone(workplace.state.site);
    if (!site) throw new Error("there is no site");
    site.settings.version += 1;
    tell(site.settings);
    return site;
  };

  async function both(): Promise<Workplace> {
    let tell: Parameters<OperatorBackend["boot"]>[0] = () => undefined;
    const workplace = await open("form", "scene=busy", (backend) => ({
      ...backend,
      boot: async (listener) => {
        tell = listener;
        return backend.boot(listener);
      },
    }));
    write("Mine", "form.title");
    const site = other(workplace, ({ form }) => {
      form.title = "Theirs";
      form.group_title = "Theirs, too";
    });
    tell({ type: "site", site });
    await settle();
    return workplace;
  }

  it("is said, and nothing is saved until one has chosen", async () => {
    await both();
    expect(one("settings-stale").textContent).toContain("Somebody else has changed the settings");
    expect(one<HTMLButtonElement>("settings-save").disabled).toBe(true);
    expect(one<HTMLInputElement>("form.title").value).toBe("Mine");
  });

  it("their words can be taken", async () => {
    await both();
    await click("stale-take");
    expect(one<HTMLInputElement>("form.title").value).toBe("Theirs");
    expect(all("settings-stale")).toEqual([]);
    expect(state()).toBe("");
  });

  it("one's own can be kept on top of theirs", async () => {
    await both();
    await click("stale-keep");
    expect(one<HTMLInputElement>("form.title").value).toBe("Mine");
    expect(state()).toContain("stand on theirs");
    await click("part-groups");
    expect(one<HTMLInputElement>("form.group_title").value).toBe("Theirs, too");
  });

  it("the desk's own refusal says the same", async () => {
    await open("form", "scene=busy", refusing("settings_stale", "Somebody else."));
    write("Mine", "form.title");
    await save();
    expect(all("settings-stale")).toHaveLength(1);
  });

  it("is nothing to somebody who has changed nothing", async () => {
    const workplace = await open("form");
    const site = other(workplace, ({ form }) => (form.title = "Theirs"));
    await workplace.site.saveSite({ ...site.settings, version: site.settings.version - 1 });
    await settle();
    expect(one<HTMLInputElement>("form.title").value).toBe("Theirs");
    expect(all("settings-stale")).toEqual([]);
  });
});

describe("settings: groups", () => {
  it("are added, renamed, ordered and removed", async () => {
    const workplace = await open("groups");
    await click("add-group");
    expect(document.activeElement?.id).toBe("form.groups.3");
    write("Press", "form.groups.3");
    expect(document.body.textContent).toContain("Save first");
    tick("up", 3);
    tick("remove", 0);
    await settle();
    write("Orders", "form.groups.0");
    await save();
    const names = saved(workplace)?.form.groups.map(({ id, name }) => [id, name]);
    expect(names?.map(([, name]) => name)).toEqual(["Orders", "Press", expect.stringContaining("Русский")]);
    expect(names?.[1]?.[0]).toBe(6);
    expect(all("seat-6")).toHaveLength(3);
  });

  it("without a name, or with one twice, are not sent", async () => {
    await open("groups");
    await click("add-group");
    write("support", "form.groups.1");
    await save();
    expect(document.getElementById("form.groups.1-note")?.textContent).toContain(
      "another group of this name",
    );
    expect(document.getElementById("form.groups.3-note")?.textContent).toContain("Something must stand here");
    expect(state()).toBe("2 fields need another look");
  });

  it("say who works where; nobody works nowhere", async () => {
    const workplace = await open("groups");
    const seats = () => workplace.state.site?.operators.map(({ groups }) => groups);
    expect(seats()).toEqual([[], [2, 5], [1]]);
    tick("seat-2", 0);
    tick("seat-1", 2);
    await settle();
    expect(all<HTMLInputElement>("seat-all").map(({ checked }) => checked)).toEqual([false, false, true]);
    await save();
    expect(seats()).toEqual([[2], [2, 5], []]);
    expect(state()).toBe("Saved");
  });

  it("are none where none were made", async () => {
    await open("groups", "scene=empty");
    expect(document.body.textContent).toContain("every chat rings for everybody");
    expect(all("seat-all")).toEqual([]);
  });
});

describe("settings: rules, waiting, times", () => {
  it("leadsubmit, invite: a rule is added, changed, ordered and switched off", async () => {
    const workplace = await open("rules");
    await click("add-rule");
    write("Late at night", "rules.2.name");
    choose("personal_form", "rules.2.action");
    choose("no", "rules.2.online");
    write("2", "rules.2.after_s");
    write("3", "rules.2.visits");
    write("12", "rules.2.every_h");
    tick("rule-enabled", 0);
    await settle();
    tick("up", 2);
    await settle();
    await save();
    expect(saved(workplace)?.rules.map(({ name, enabled }) => [name, enabled])).toEqual([
      ["Somebody looks for a while", false],
      ["Late at night", true],
      ["Nobody is there", false],
    ]);
    expect(saved(workplace)?.rules[1]).toMatchObject({
      after_s: 120,
      visits: 3,
      every_h: 12,
      online: false,
      action: { lead: { form: "personal_form" } },
    });
  });

  it("a rule that is closed opens where something is wrong in it", async () => {
    await open("rules");
    await click("rule");
    write("", "rules.0.text");
    await click("rule");
    expect(all("rules.0.text")).toEqual([]);
    await save();
    expect(document.activeElement?.id).toBe("rules.0.text");
  });

  it("showchatretentionaction: messages have their seconds, and the other way its own", async () => {
    const workplace = await open("waiting");
    await click("add-message");
    write("Still looking.", "form.retention.messages.2.text");
    choose("hours", "form.retention.messages.2.after_s-unit");
    write("1", "form.retention.messages.2.after_s");
    choose("sitephone", "form.retention.way");
    await save();
    const retention = saved(workplace)?.form.retention;
    expect(retention?.messages.at(-1)).toEqual({ after_s: 3_600, text: "Still looking." });
    expect(retention).toMatchObject({ way: "sitephone", way_after_s: 240 });
  });

  it("times are whole numbers, and 0 is never", async () => {
    const workplace = await open("times");
    write("0", "times.idle_s");
    expect(document.body.textContent).toContain("never");
    write("", "times.gone_s");
    await save();
    expect(document.getElementById("times.gone_s-note")?.textContent).toContain("A whole number");
    write("10", "times.gone_s");
    await save();
    expect(saved(workplace)?.times).toEqual({ invite_s: 300, idle_s: 0, gone_s: 600 });
  });
});

describe("settings: consent and mail", () => {
  it("consent: new words are a new version, and the page says that everybody is asked again", async () => {
    const workplace = await open("consent");
    expect(document.body.textContent).toContain("Version 3");
    write("We keep it for two years.", "form.consent.text");
    expect(document.body.textContent).toContain("everybody is asked again");
    await save();
    expect(saved(workplace)?.form.consent).toMatchObject({ version: 15, text: "We keep it for two years." });
    tick("consent.on");
    await settle();
    await save();
    expect(saved(workplace)?.form.consent).toBeNull();
  });

  it("sendchatbymail: the password is never shown and stays as it was unless it is written", async () => {
    const saveSite = vi.fn<OperatorBackend["saveSite"]>(async () => Promise.resolve());
    await open("mail", "scene=busy", (backend) => ({ ...backend, saveSite }));
    const password = one<HTMLInputElement>("mail.password");
    expect([password.type, password.value, password.placeholder]).toEqual(["password", "", "unchanged"]);
    choose("tls", "mail.security");
    await save();
    expect(saveSite.mock.lastCall?.[0].mail).toMatchObject({ security: "tls", port: 465 });
    expect(saveSite.mock.lastCall?.[0].mail).not.toHaveProperty("password");
    write("secret", "mail.password");
    await save();
    expect(saveSite.mock.lastCall?.[0].mail?.password).toBe("secret");
    expect(one<HTMLInputElement>("mail.password").value).toBe("");
  });

  it("sendchatbymail: a test mail says what came of it, and waits until the settings are saved", async () => {
    await open("mail");
    const note = () => one("mail-test-note").textContent.trim();
    write("nobody", "mail-test-to");
    await click("mail-test");
    expect(note()).toContain("not an e-mail address");
    write("nobody@example.test", "mail-test-to");
    await click("mail-test");
    await vi.waitFor(() => expect(note()).toContain("550"), 3_000);
    write("ann@example.test", "mail-test-to");
    await click("mail-test");
    await vi.waitFor(() => expect(note()).toContain("took the mail for ann@example.test"), 3_000);
    write("other.example", "mail.host");
    expect(one<HTMLButtonElement>("mail-test").disabled).toBe(true);
  });

  it("a mail server that is switched on wants a name and a sender", async () => {
    await open("mail", "scene=empty");
    tick("mail.on");
    await settle();
    await save();
    expect(state()).toBe("2 fields need another look");
    expect(document.activeElement?.id).toBe("mail.host");
  });
});

describe("settings: everybody", () => {
  it("who may not change them sees them and is told why", async () => {
    await open("groups", "scene=colleague");
    expect(one("read-only").textContent).toContain("Only those who look after this desk");
    expect(document.querySelector("fieldset")?.disabled).toBe(true);
    expect(all("settings-save")).toEqual([]);
    expect(one<HTMLInputElement>("form.groups.0").value).toBe("Support");
  });

  it.each(["en", "ru"])("every part has its words and names its controls, in %s", async (lang) => {
    await open("form", `scene=busy&lang=${lang}`);
    for (const part of PARTS) {
      await click(`part-${part}`);
      if (part === "rules") tick("rule");
      await settle();
      expect(nameless(), part).toEqual([]);
      expect(one("settings").textContent, part).not.toMatch(/\{\w+\}|undefined/u);
    }
  });

  it("threats 27: what a colleague wrote is text and nothing else", async () => {
    const workplace = await open("groups");
    write("<img src=x onerror=alert(1)>", "form.groups.0");
    await save();
    expect(saved(workplace)?.form.groups[0]?.name).toBe("<img src=x onerror=alert(1)>");
    expect(document.querySelector("img")).toBeNull();
  });
});
