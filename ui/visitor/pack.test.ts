// §1 and §2 of the consultant API: a company's form in the page, from its files to what its controllers are run with.
import { beforeEach, describe, expect, test, vi } from "vitest";
import { BASE } from "./pack/fixtures";
import {
  files,
  runtime,
  ran,
  removeStyle,
  queue,
  register,
  script,
  open,
  stopped,
  notice,
  reported,
  ups,
  kit,
  runInStage,
} from "./pack/stage";

runInStage();

describe("[X] folders as companies have them, by their index.html", () => {
  test("each controller runs with the settings.json and the templates of its own folder, the chat's first", async () => {
    await open(kit());
    expect(ran.map(([name, { of }, tpls]) => [name, of, Object.keys(tpls)])).toEqual([
      ["consultant", "consultant-desktop", ["consultant"]],
      ["sitephone", "sitephone-desktop", ["sitephone"]],
    ]);
    expect(ran[1]?.[2]["sitephone"]?.({ a: 1 })).toBe('<p>sitephone-desktop {"a":1}</p>');
    expect([removeStyle.mock.calls.length, ups(), notice()]).toEqual([1, 1, undefined]);
  });

  test("a lead form's controller runs at each showing, with its own", async () => {
    await open(kit());
    for (let turn = 0; turn < 2; turn += 1) runtime.controllers.show("call_generator");
    expect(ran.slice(2).map(([name, { of }]) => [name, of])).toEqual([
      ["call_generator", "call_generator-desktop"],
      ["call_generator", "call_generator-desktop"],
    ]);
  });

  test("a device that is missing falls back to the one that is there, and getDeviceType() says which one runs", async () => {
    await open(kit(), { device: "mobile" });
    expect(ran.map(([, { of }]) => of)).toEqual(["consultant-mobile", "sitephone-desktop"]);
    expect(runtime.callGear.getDeviceType()).toBe("mobile");
    expect(files.asked.filter((one) => one.includes("consultant-desktop/consultant"))).toEqual([]);
  });

  test("hooks run round each controller, and may give other settings and templates", async () => {
    const given = kit();
    const after = vi.fn();
    files.scripts.set("consultant-desktop/consultant.js", () => {
      register("consultant");
      queue().push([
        "applyWidgetsOptions",
        {
          consultant: {
            desktop: {
              beforeViewControllerRun: (settings: object, tpls: object) => ({
                settings: { ...settings, hooked: true },
                tpls: { ...tpls, extra: "<b></b>" },
              }),
              afterViewControllerRun: () => void after(ran.map(([name]) => name)),
            },
          },
        },
      ]);
    });
    await open(given);
    expect(ran.map(([, { hooked }, tpls]) => [hooked, "extra" in tpls])).toEqual([
      [true, true],
      [undefined, false],
    ]);
    expect(after).toHaveBeenCalledExactlyOnceWith(["consultant"]);
  });
});

describe("[D] a pack.json", () => {
  const options = {
    VC: { desktop: { js: ["parts.js", "form.js"], tpls: { consultant_chat: "chat.html" } } },
  };

  beforeEach(() => {
    files.scripts.set("parts.js", () => undefined);
    script("form.js", "consultant", "sitephone", "own");
    files.templates.set("chat.html", {
      template: (data, isTrusted) => String(isTrusted((data as { title: string }).title)),
    });
  });

  test("a VC entry's scripts register several controllers: each gets the entry's settings, with the site's over them", async () => {
    await open({ options, settings: { "": { chat: { title: "Pack" } } } }, { form: { title: "Site" } });
    expect(ran.map(([name, { chat }]) => [name, (chat as { title: string }).title])).toEqual([
      ["consultant", "Site"],
      ["sitephone", "Site"],
      ["own", "Site"],
    ]);
    expect(ran[0]?.[2]["chat"]).toBe(ran[0]?.[2]["consultant_chat"]);
  });

  test("scripts run one after the other, each file once", async () => {
    const order: string[] = [];
    for (const name of ["parts.js", "form.js"]) {
      const run = files.scripts.get(name);
      files.scripts.set(name, () => {
        order.push(name);
        run?.();
      });
    }
    const shared = { ...options, sitephone: { desktop: { js: ["parts.js"] } } };
    await open({ options: shared });
    expect(order).toEqual(["parts.js", "form.js"]);
  });

  test("texts that it marks as HTML are trusted: those of the pack's own settings, not the site's", async () => {
    await open({ options, trusted: ["chat.title"], settings: { "": { chat: { title: "<b>Pack</b>" } } } });
    const tpl = ran[0]?.[2]["consultant_chat"];
    expect(["<b>Pack</b>", "<b>Site</b>"].map((title) => tpl?.({ title }))).toEqual(["true", "false"]);
  });

  test("a template that throws throws into whoever calls it, and is told of", async () => {
    const thrown = new TypeError("no title");
    files.templates.set("chat.html", {
      template: () => {
        throw Object.assign(thrown, { stack: `${BASE}chat.html?template:2:5` });
      },
    });
    let caught: unknown;
    files.scripts.set("form.js", () =>
      register("consultant", (_, __, tpls) => {
        try {
          tpls["chat"]?.({});
        } catch (problem) {
          caught = problem;
        }
      }),
    );
    await open({ options });
    expect(caught).toBe(thrown);
    expect(reported()).toMatchObject([{ kind: "template", path: "chat.html", line: 2 }]);
  });

  test("the sitephone's own settings are not the site's", async () => {
    script("phone/phone.js", "sitephone");
    script("form.js", "consultant");
    const both = { ...options, sitephone: { desktop: { js: "phone/phone.js" } } };
    await open({ options: both, settings: { phone: { title: "Call us" } } }, { form: { title: "Site" } });
    expect(ran.map(([name, { title }]) => [name, title])).toEqual([
      ["consultant", undefined],
      ["sitephone", "Call us"],
    ]);
  });
});

describe("[D] a pack without a chat stands beside the page's own form", () => {
  const options = {
    sitephone: { desktop: { js: "phone.js" } },
    call_generator: { desktop: { js: "call.js" } },
  };

  test("its controllers replace those of the same name; the chat is there with the default form's settings", async () => {
    script("phone.js", "sitephone");
    script("call.js", "call_generator");
    await open({ options, settings: { "": { own: "company" } } });
    runtime.controllers.show("call_generator");
    expect(ran.map(([name, { own }]) => [name, own])).toEqual([
      ["consultant", "default"],
      ["sitephone", "company"],
      ["call_generator", "company"],
    ]);
    expect([removeStyle.mock.calls.length, stopped(), notice()]).toEqual([0, undefined, undefined]);
    // Its label hangs at the lower edge, where the chat's field would be.
    expect(document.body.classList).toContain("desk-beside");
    expect(console.error).not.toHaveBeenCalled();
  });

  test("a controller that it promised and has not stays the default form's own", async () => {
    script("phone.js", "sitephone");
    script("call.js");
    await open({ options, settings: { "": { own: "company" } } });
    runtime.controllers.show("call_generator");
    expect(ran.map(([name, { own }]) => [name, own])).toEqual([
      ["consultant", "default"],
      ["sitephone", "company"],
      ["call_generator", "default"],
    ]);
  });

  test("what is wrong with it is a notice, and the chat is there", async () => {
    script("call.js", "call_generator");
    await open({ options });
    expect(ran.map(([name]) => name)).toEqual(["consultant"]);
    expect(reported()).toEqual([
      { kind: "missing", path: "phone.js" },
      { kind: "no_controller", name: "sitephone" },
    ]);
    expect([stopped(), notice()]).toEqual([undefined, expect.stringContaining("phone.js")]);
  });

  test("of the same thing, the one that says where is told, whenever it comes", async () => {
    script("call.js", "call_generator");
    script("phone.js", "sitephone");
    await open({ options });
    expect(notice()).toBeUndefined();
    const refused = (sourceFile: string, lineNumber: number): void => {
      const blockedURI = "https://elsewhere.example";
      const fields = { blockedURI, sourceFile, lineNumber, columnNumber: 1, effectiveDirective: "img-src" };
      document.dispatchEvent(Object.assign(new Event("securitypolicyviolation"), fields));
    };
    refused("", 0);
    await vi.waitFor(() => expect(notice()).toContain("elsewhere.example"));
    expect(notice()).not.toContain("phone.js");
    refused(`${BASE}phone.js`, 7);
    await vi.waitFor(() => expect(notice()).toContain("phone.js"));
    refused("", 0);
    expect(notice()).toContain("phone.js");
  });
});

describe("[X] a controller that registers itself after its script has run", () => {
  const later = (name: string, ms: number): void => void setTimeout(() => register(name), ms);

  test("the chat's is waited for, and runs with its own", async () => {
    files.scripts.set("form.js", () => later("consultant", 10));
    await open({
      options: { consultant: { desktop: { js: "form.js" } } },
      settings: { "": { own: "late" } },
    });
    expect(ran.map(([name, { own }]) => [name, own])).toEqual([["consultant", "late"]]);
    expect([stopped(), notice(), reported()]).toEqual([undefined, undefined, []]);
  });

  test("the chat waits for no other; what never comes is said", async () => {
    script("form.js", "consultant");
    files.scripts.set("phone/phone.js", () => later("sitephone", 20));
    script("lead.js");
    const options = {
      consultant: { desktop: { js: "form.js" } },
      sitephone: { desktop: { js: "phone/phone.js" } },
      call_generator: { desktop: { js: "lead.js" } },
    };
    await open({ options, settings: { phone: { own: "phone" } } });
    expect(ran.map(([name]) => name)).toEqual(["consultant"]);
    await vi.waitFor(() => expect(reported()).toEqual([{ kind: "no_controller", name: "call_generator" }]));
    expect(ran.slice(1).map(([name, { own }]) => [name, own])).toEqual([["sitephone", "phone"]]);
  });
});

describe("[X] scripts that wait for the moments of a page, as they did in a page of their own", () => {
  const options = { consultant: { desktop: { js: "form.js" } } };

  test.each<[string, (then: () => void) => void]>([
    ["DOMContentLoaded", (then) => document.addEventListener("DOMContentLoaded", then)],
    ["DOMContentLoaded of the window", (then) => window.addEventListener("DOMContentLoaded", then)],
    ["load", (then) => window.addEventListener("load", { handleEvent: then })],
    ["onload", (then) => void (window.onload = then)],
  ])("%s has come once their scripts have run", async (_, wait) => {
    files.scripts.set("form.js", () => wait(() => register("consultant")));
    await open({ options, settings: { "": { own: "waiting" } } });
    expect(ran.map(([name, { own }]) => [name, own])).toEqual([["consultant", "waiting"]]);
    expect([stopped(), window.onload]).toEqual([undefined, null]);
  });

  test("a page that names its files then: its paths start from itself", async () => {
    files.scripts.set("shop/index.html?script=0", () =>
      document.addEventListener("DOMContentLoaded", () => queue().push(["applyWidgetsOptions", options])),
    );
    script("shop/form.js", "consultant");
    await open({ pages: ["shop/index.html?script=0"] });
    expect(files.asked).toContain("script shop/form.js");
    expect(ran).toHaveLength(1);
  });

  test("what the page itself listens to later is its own business", async () => {
    script("form.js", "consultant");
    await open({ options });
    const later = vi.fn();
    window.addEventListener("load", later);
    window.dispatchEvent(new Event("load"));
    window.removeEventListener("load", later);
    expect(later).toHaveBeenCalledOnce();
  });
});
