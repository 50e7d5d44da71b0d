// §1 and §2 of the consultant API, promise by promise: names, boot and view controllers. What needs a real window
// (scripts, styles and pictures of a pack, sound, links) is in tests/tests/windows; what a pack's files become, in
// ui/visitor/pack and crates/pack.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { MemoryVisitor, memoryBoot } from "../../backend/memory";
import type { MemoryBoot } from "../../backend/memory";
import { ANNA, everyTest, lines, page, stage, stands } from "../chat/page";
import type { PackWindow } from "../global";
import { WidgetsOptions } from "../options";
import { bootRuntime, type LoadedPack } from "../runtime";

everyTest();

/** Boots a page for which `target` is prepared already, and starts it with a pack. */
async function start(
  target: PackWindow,
  pack: Partial<LoadedPack> = {},
  boot: MemoryBoot = {},
): Promise<void> {
  const runtime = await bootRuntime(new MemoryVisitor(memoryBoot(boot)), target, new WidgetsOptions());
  runtime.start({ settings: {}, templates: {}, ...pack });
}

describe("names", () => {
  test("[X] §1 window.CallGear === window.Comagic", async () => {
    const target: PackWindow = {};
    await start(target);
    expect(target.CallGear).toBeDefined();
    expect(target.CallGear).toBe(target.Comagic);
  });

  test("[X] §1 CallGearWidget === ComagicWidget, the base of what createWidget makes", async () => {
    const target: PackWindow = {};
    await start(target);
    expect(target.CallGearWidget).toBe(target.ComagicWidget);
    const base = target.ComagicWidget as NonNullable<typeof target.ComagicWidget>;
    expect(target.Comagic?.UI.createWidget("consultant_chat", {})).toBeInstanceOf(base);
  });

  test("[X] §1 __cs.push([name, ...args]) is usable before the runtime has loaded, and after", async () => {
    const [early, late] = [vi.fn(), vi.fn()];
    const target: PackWindow = { __cs: [["registerViewController", "consultant", early]] };
    await start(target);
    target.__cs?.push(["registerViewController", "sitephone", late]);
    expect([early.mock.calls.length, late.mock.calls.length]).toEqual([1, 1]);
  });
});

describe("the window that packs run in", () => {
  const csp = (directive: string): string[] => {
    const config = JSON.parse(
      readFileSync(resolve(import.meta.dirname, "../../../tauri.conf.json"), "utf8"),
    ) as {
      app: { security: { csp: string } };
    };
    const rules = config.app.security.csp.split(";").map((rule) => rule.trim().split(" "));
    return rules.find(([name]) => name === directive)?.slice(1) ?? [];
  };

  test("[X] §1 inline style attributes and el.style work", () => {
    expect(csp("style-src")).toContain("'unsafe-inline'");
  });

  test("[X] §1 innerHTML works: no Trusted Types", () => {
    expect([csp("require-trusted-types-for"), csp("trusted-types")]).toEqual([[], []]);
  });

  test("[X] §1 data: images, a pack's own and C.IMAGES.OPERATOR load", async () => {
    await page();
    const { IMAGES } = stage.target.CallGear?.UI.C as { IMAGES: { OPERATOR: string } };
    expect(csp("img-src")).toEqual(expect.arrayContaining(["data:", "pack:"]));
    expect(IMAGES.OPERATOR).toMatch(/^data:image/);
  });

  test("[X] §1 a pack's sounds and fonts load, and no eval is to be had", () => {
    expect([csp("media-src"), csp("font-src")].every((sources) => sources.includes("pack:"))).toBe(true);
    expect(csp("script-src")).not.toContain("'unsafe-eval'");
  });
});

describe("applyWidgetsOptions", () => {
  test.each(["consultant", "VC"])(
    "[X] §2 %s.desktop.beforeViewControllerRun(settings, tpls) gives the settings and templates that fn gets",
    async (name) => {
      const fn = vi.fn();
      const before = vi.fn((settings: object, tpls: object) => ({
        settings: { ...settings, more: 1 },
        tpls: { ...tpls, extra: "<b></b>" },
      }));
      const options = { [name]: { desktop: { js: "a.js", beforeViewControllerRun: before } } };
      const target = {
        __cs: [
          ["applyWidgetsOptions", options],
          ["registerViewController", "consultant", fn],
        ],
      };
      await start(target, { settings: { own: 1 }, templates: { label: "<i></i>" } });
      expect(before.mock.calls[0]).toMatchObject([{ own: 1 }, { label: "<i></i>" }]);
      expect(fn.mock.calls).toMatchObject([
        [
          { own: 1, more: 1 },
          { label: "<i></i>", extra: "<b></b>" },
        ],
      ]);
    },
  );

  test("[X] §2 what beforeViewControllerRun gives counts: both names of the chat's template, and the required fields", async () => {
    const tpl = "<p></p>";
    const fields = [{ name: "phone", is_required: true }];
    const before = (): object => ({ settings: { chat: { fields } }, tpls: { chat: tpl } });
    const seen: unknown[] = [];
    const target: PackWindow = {
      __cs: [
        ["applyWidgetsOptions", { consultant: { desktop: { beforeViewControllerRun: before } } }],
        [
          "registerViewController",
          "consultant",
          (settings: object, tpls: Record<string, string>): void => {
            const chat = target.CallGear?.UI.createWidget("consultant_chat", { settings, tpl: "chat" });
            seen.push(tpls["chat"], tpls["consultant_chat"]);
            seen.push((chat as unknown as { getRequiredInfo(): string[] }).getRequiredInfo());
          },
        ],
      ],
    };
    await start(target);
    expect(seen).toEqual([tpl, tpl, ["phone"]]);
  });

  test("[X] §2 afterViewControllerRun(UI) runs after fn, with the UI", async () => {
    const ran: unknown[] = [];
    const after = (ui: unknown): void => void ran.push(ui);
    const target: PackWindow = {
      __cs: [
        ["applyWidgetsOptions", { consultant: { desktop: { afterViewControllerRun: after } } }],
        ["registerViewController", "consultant", (): void => void ran.push("fn")],
      ],
    };
    await start(target);
    expect(ran).toEqual(["fn", target.CallGear?.UI]);
  });

  test.each([
    ["desktop", ["mobile"], "mobile"],
    ["mobile", ["desktop", "tablet"], "desktop"],
    ["tablet", ["desktop", "tablet", "mobile"], "tablet"],
  ] as const)("[X] §1 %s where a pack has %j: the form is the one for %s", (wanted, has, device) => {
    const options = new WidgetsOptions();
    options.wanted = wanted;
    options.apply({ consultant: Object.fromEntries(has.map((one) => [one, { js: `${one}.js` }])) });
    expect([options.device, options.entries.map(({ given }) => given["js"])]).toEqual([
      device,
      [`${device}.js`],
    ]);
  });
});

describe("registerViewController(name, fn)", () => {
  test("[X] §2 fn runs once, with settings and templates, and not before these are there", async () => {
    const fn = vi.fn();
    const target: PackWindow = { __cs: [["registerViewController", "consultant", fn]] };
    const runtime = await bootRuntime(new MemoryVisitor(), target);
    expect(fn).not.toHaveBeenCalled();
    runtime.start({ settings: { own: 1 }, templates: { label: "<i></i>" } });
    stands({ online: false });
    expect(fn.mock.calls).toMatchObject([[{ own: 1 }, { label: "<i></i>" }]]);
    expect(fn).toHaveBeenCalledOnce();
  });

  test.each([
    "consultant",
    "sitephone",
    "call_generator",
    "offline_message_generator",
    "personal_form",
  ] as const)("[X] §2 %s loads and renders", async (name) => {
    const controller = (): void => {
      const made = stage.target.CallGear?.UI.createWidget(name, { tpl: `<p class="${name}"></p>` });
      made?.render();
      made?.show();
    };
    await page(
      name === "consultant" ? { inController: controller } : { controllers: { [name]: controller } },
    );
    if (name !== "consultant" && name !== "sitephone") stands({ state: "lead", lead: name });
    expect(document.querySelectorAll(`.${name}`)).toHaveLength(1);
    expect(stage.target.CallGear?.UI.getWidget(name)?.isVisible()).toBe(true);
  });
});

describe("boot", () => {
  test("[X] §2 the mirror is complete before fn runs", async () => {
    let seen: unknown[] = [];
    await page({
      boot: { present: { state: "chat", online: false, operator: ANNA }, unread: 2, messages: lines(1, 2) },
      inController: () => {
        const { chat } = stage;
        seen = [chat.getState(), chat.isChatAvailable(), chat.getUnreadCounter(), chat.hasHistory()];
        seen.push(chat.getOperatorVcard()?.name);
      },
    });
    expect(seen).toEqual(["chat", false, 2, true, "Anna"]);
  });

  test("[X] §2 no event is delivered before fn has returned, whatever is told meanwhile", async () => {
    let told = -1;
    await page({
      boot: { messages: lines(1, 2) },
      inController: () => {
        stands({ online: false });
        stage.desk.push({ type: "message", message: lines(3, 3)[0] as never, unread: 1 });
        told = stage.events.length;
      },
    });
    expect(told).toBe(0);
    expect(stage.events.map(([event]) => event)).toEqual([
      "showhistory",
      "chatavailabilitychange",
      "sendmessage",
    ]);
  });

  test("[X] §2 what handlers use may be assigned last", async () => {
    const heard: unknown[] = [];
    await page({
      boot: { messages: lines(1, 1) },
      inController: () => {
        // eslint-disable-next-line prefer-const -- as controllers do it
        let pub: (wish: string) => void;
        stage.chat.on("showhistory", () => pub("rack"));
        pub = (wish) => void heard.push(wish);
      },
    });
    expect(heard).toEqual(["rack"]);
  });
});
