// §1 and §2 of the consultant API: a company's form in the page, from its files to what its controllers are run with.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { MemoryVisitor, memoryBoot, memoryForm, memoryPresent } from "../backend/memory";
import type { PackWindow } from "../consultant/global";
import { WidgetsOptions } from "../consultant/options";
import { bootRuntime, type Runtime } from "../consultant/runtime";
import type { FlawReport } from "../generated/FlawReport";
import type { FormSettings } from "../generated/FormSettings";
import type { PackAnswer } from "../generated/PackAnswer";
import type { PackBoot } from "../generated/PackBoot";
import { askForm, openForm } from "./pack";
import { BASE, PackFiles, packBoot } from "./pack/fixtures";
import { wishDefaultForm } from "./stopped";

type Run = [name: string, settings: Record<string, unknown>, tpls: Record<string, (data: object) => string>];

let desk: MemoryVisitor;
let files: PackFiles;
let runtime: Runtime;
let ran: Run[];
let hidden: boolean;
const reload = vi.fn();
const removeStyle = vi.fn();

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  document.body.replaceChildren();
  sessionStorage.clear();
  localStorage.clear();
  Reflect.deleteProperty(window, "__cs");
  desk = new MemoryVisitor();
  files = new PackFiles();
  ran = [];
  hidden = false;
  reload.mockClear();
  removeStyle.mockClear();
  // A frame is painted at once.
  vi.stubGlobal("requestAnimationFrame", (paint: () => void) => (hidden ? 0 : setTimeout(paint)));
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const queue = (): { push(command: unknown[]): unknown } => (window as PackWindow).__cs as never;

/** A controller that notes what it is run with. */
function register(name: string, then: (...run: Run) => void = () => undefined): void {
  (window as PackWindow).CallGear?.UI.registerViewController(name, (...run: [Run[1], Run[2]]) => {
    ran.push([name, ...run]);
    then(name, ...run);
  });
}

/** An index.html whose script names a controller's files. */
function page(path: string, options: object): string {
  files.scripts.set(`${path}?script=0`, () => void queue().push(["applyWidgetsOptions", options]));
  return `${path}?script=0`;
}

function script(path: string, ...names: string[]): void {
  files.scripts.set(path, () => names.forEach((name) => register(name)));
}

interface Opening {
  device?: PackAnswer["device"];
  form?: Partial<FormSettings>;
  flaw?: PackAnswer["flaw"];
}

/** Opens a page with this pack; `null` is none. */
async function open(
  pack: Partial<PackBoot> | null,
  { device = "desktop", form, flaw = null }: Opening = {},
): Promise<void> {
  desk = new MemoryVisitor(memoryBoot(form ? { form: memoryForm(form) } : {}));
  desk.told.pack = { device, pack: pack && packBoot(pack), flaw };
  const options = new WidgetsOptions();
  const answer = askForm(desk);
  runtime = await bootRuntime(desk, window as PackWindow, options);
  await openForm({
    body: document.body,
    backend: desk,
    runtime,
    options,
    answer,
    style: { loaded: Promise.resolve(), remove: removeStyle },
    tags: files,
    loadDefault: (isStandIn) => {
      const tag = {
        src: "tauri://localhost/packs/default/joined.js",
        dataset: isStandIn ? { standIn: "" } : {},
      };
      const current = vi.spyOn(document, "currentScript", "get").mockReturnValue(tag as never);
      register("call_generator");
      register("consultant");
      current.mockRestore();
      return Promise.resolve({ settings: { own: "default", chat: { title: "Default" } }, templates: {} });
    },
    reload,
  });
}

const part = (name: string): HTMLElement | null => document.querySelector(`[data-test="${name}"]`);
const stopped = (): string | undefined => part("form-stopped-why")?.textContent;
const notice = (): string | undefined => part("pack-notice")?.querySelector("span")?.textContent;
const reported = (): FlawReport[] =>
  desk.calls.filter(([verb]) => verb === "packFlaw").map(([, report]) => report as FlawReport);
const ups = (): number => desk.calls.filter(([verb]) => verb === "packUp").length;

/** The kit's shape: a folder for each controller and device. */
function kit(): Partial<PackBoot> {
  const pages = ["consultant", "sitephone", "call_generator"].flatMap((name) =>
    (name === "sitephone" ? ["desktop"] : ["desktop", "mobile"]).map((device) => {
      const folder = `${name}-${device}`;
      script(`${folder}/${name}.js`, name);
      files.styles.add(`${folder}/${name}.css`);
      files.templates.set(`${folder}/tpls/${name}.html`, {
        template: (data) => `<p>${folder} ${JSON.stringify(data)}</p>`,
      });
      return page(`${folder}/index.html`, {
        [name]: {
          [device]: { js: `${name}.js`, css: `${name}.css`, tpls: { [name]: `tpls/${name}.html` } },
        },
      });
    }),
  );
  const settings = Object.fromEntries(pages.map((one) => [one.split("/")[0], { of: one.split("/")[0] }]));
  return { pages, settings };
}

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
    expect(console.error).not.toHaveBeenCalled();
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
});

describe("bad input: one sentence, and the default form is offered", () => {
  const options = {
    consultant: { desktop: { js: "form.js", css: "form.css", tpls: { chat: "chat.html" } } },
  };

  beforeEach(() => {
    script("form.js", "consultant");
    files.styles.add("form.css");
    files.templates.set("chat.html", { template: () => "<p></p>" });
  });

  const mean = (kind: string, ...words: string[]): void => {
    for (const word of [kind, ...words]) expect(stopped()).toContain(word);
    expect([ran, ups()]).toEqual([[], 1]);
    part("default-form")?.click();
    expect(reload).toHaveBeenCalledOnce();
  };

  test("a script that is missing", async () => {
    files.scripts.delete("form.js");
    await open({ options });
    mean("missing", "form.js");
  });

  test("a template that is missing", async () => {
    files.templates.clear();
    await open({ options });
    mean("missing", "chat.html");
  });

  test("a template that could not be compiled", async () => {
    files.templates.set("chat.html", { flaw: { code: "pack_template", message: "chat.html, line 3: no" } });
    await open({ options });
    mean("chat.html, line 3: no");
  });

  test("a template whose script could not be read", async () => {
    files.templates.set("chat.html", {});
    await open({ options });
    mean("template", "chat.html");
  });

  test("a path that leaves the pack", async () => {
    await open({ options: { consultant: { desktop: { js: ["../x.js", "form.js"] } } } });
    mean("../x.js");
  });

  test("a script that throws while it loads, with its line", async () => {
    files.scripts.set("form.js", () => {
      throw new Error("no shop today");
    });
    await open({ options });
    mean("script", "form.js", "no shop today", '"line":7');
  });

  test("a page script that throws names its index.html", async () => {
    files.scripts.set("sub/index.html?script=0", () => {
      throw new Error("no options");
    });
    await open({ pages: ["sub/index.html?script=0"] });
    mean("script", '"sub/index.html"', "no options");
  });

  test("a mapping that names nothing", async () => {
    await open({ options: {} });
    mean("no_controller", "consultant");
  });

  test("a chat's script that registers something else", async () => {
    script("form.js", "other");
    await open({ options });
    mean("no_controller", "consultant");
  });

  test("a controller that throws, with the place in its script", async () => {
    files.scripts.set("form.js", () =>
      register("consultant", () => {
        throw Object.assign(new Error("late"), {
          stack: `x@tauri://localhost/a.js:1:1\n@${BASE}form.js:5:9`,
        });
      }),
    );
    await open({ options });
    expect(reported()).toEqual([
      { kind: "script", path: "form.js", line: 5, column: 9, message: "Error: late" },
    ]);
    expect([stopped(), ups()]).toEqual([expect.stringContaining("form.js"), 1]);
  });

  test("a script that breaks the page's own ground", async () => {
    files.scripts.set("form.js", () => {
      register("consultant");
      vi.spyOn(runtime, "settled").mockImplementation(() => {
        throw new Error("nothing is left of it");
      });
    });
    await open({ options });
    mean("The chat form could not be loaded.");
  });

  test("a pack that cannot be read at all", async () => {
    await open(null, { flaw: { code: "pack_json", message: "settings.json, line 2" } });
    mean("settings.json, line 2");
  });

  test("[X] a style that is missing is only missing: a notice, and the form runs", async () => {
    files.styles.clear();
    await open({ options });
    expect([ran.length, stopped(), notice()]).toEqual([1, undefined, expect.stringContaining("form.css")]);
    expect(console.error).toHaveBeenCalledWith(expect.stringContaining("form.css"));
    part("default-form")?.click();
    expect(reload).toHaveBeenCalledOnce();
  });
});

describe("the default form", () => {
  test("without a pack it runs as ever, and the app is told that it is up", async () => {
    await open(null, { device: "mobile" });
    expect(ran.map(([name, { own }]) => [name, own])).toEqual([["consultant", "default"]]);
    expect([files.asked, ups(), notice(), runtime.callGear.getDeviceType()]).toEqual([
      [],
      1,
      undefined,
      "desktop",
    ]);
  });

  test("an app that cannot say which form to run runs it, too", async () => {
    vi.spyOn(MemoryVisitor.prototype, "pack").mockRejectedValue({ code: "no_answer", message: "" });
    await open(kit());
    expect(ran.map(([name]) => name)).toEqual(["consultant"]);
  });

  test("where the person asked for it there is a quiet way back to the company's", async () => {
    wishDefaultForm("d1");
    await open(kit());
    expect(ran.map(([, { own }]) => own)).toEqual(["default"]);
    part("company-form")?.click();
    expect(reload).toHaveBeenCalledOnce();
    document.body.replaceChildren();
    ran = [];
    await open(kit());
    expect(ran.map(([, { of }]) => of)).toEqual(["consultant-desktop", "sitephone-desktop"]);
  });

  test("after a form that hung, the sentence stands above it", async () => {
    await open(null, { flaw: { code: "pack_hangs", message: "It did not answer for 10 seconds." } });
    expect([ran.length, notice(), stopped(), part("company-form")]).toEqual([
      1,
      "It did not answer for 10 seconds.",
      undefined,
      null,
    ]);
  });

  test("a window that nobody sees paints no frame, and is up all the same", async () => {
    hidden = true;
    await open(null);
    expect(ups()).toBe(1);
  });
});

describe("the site's form is another one now", () => {
  const change = (): void => desk.push({ type: "pack" });

  test("the page begins anew when nobody is busy", async () => {
    await open(kit());
    change();
    expect(reload).toHaveBeenCalledOnce();
  });

  test("not while a chat goes on, but as soon as it is over", async () => {
    await open(kit());
    desk.push({ type: "present", present: memoryPresent({ state: "chat" }) });
    change();
    expect(reload).not.toHaveBeenCalled();
    desk.push({ type: "present", present: memoryPresent() });
    await vi.waitFor(() => expect(reload).toHaveBeenCalledOnce());
  });

  test("at once where the form stopped", async () => {
    await open({ options: {} });
    change();
    expect(reload).toHaveBeenCalledOnce();
  });
});
