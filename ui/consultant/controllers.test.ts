// §2 and §9 of the consultant API: view controllers, and those that fail.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Controllers, type Runner } from "./controllers";
import { WidgetsOptions } from "./options";

const INPUT = { settings: {}, templates: {} };
const runner: Runner = (_, run) => run(INPUT);

let controllers: Controllers;
let failed: string[];

beforeEach(() => {
  vi.spyOn(console, "error").mockImplementation(() => undefined);
  controllers = new Controllers();
  failed = [];
  controllers.onFailure((name) => void failed.push(name));
});

afterEach(() => {
  vi.restoreAllMocks();
});

test("fn runs once, with the settings and the templates, and not before these are there", () => {
  const fn = vi.fn();
  controllers.register("consultant", fn);
  expect(fn).not.toHaveBeenCalled();
  controllers.run(runner);
  controllers.run(runner);
  expect(fn.mock.calls).toEqual([[INPUT.settings, INPUT.templates]]);
  expect(failed).toEqual([]);
});

test("they run in order: consultant, sitephone, then the others as they were registered", () => {
  const ran: string[] = [];
  for (const name of ["own", "sitephone", "personal_form", "other", "consultant"])
    controllers.register(name, () => void ran.push(name));
  controllers.run(runner);
  expect(ran).toEqual(["consultant", "sitephone", "own", "other"]);
});

test("each is run with its own settings and templates, a lead form's anew at each showing", () => {
  const fn = vi.fn();
  for (const name of ["consultant", "sitephone", "call_generator"])
    controllers.register(name, (settings: object) => void fn(name, settings));
  controllers.run((name, run) => run({ settings: { of: name }, templates: {} }));
  expect([controllers.show("call_generator"), controllers.show("call_generator")]).toEqual([true, true]);
  expect(fn.mock.calls).toEqual(
    ["consultant", "sitephone", "call_generator", "call_generator"].map((of) => [of, { of }]),
  );
});

test("one that is registered later runs at once", () => {
  const fn = vi.fn();
  controllers.register("consultant", () => undefined);
  controllers.run(runner);
  controllers.register("sitephone", fn);
  expect(fn).toHaveBeenCalledOnce();
});

test("a second registration of the same name replaces nothing and is reported", () => {
  const [one, two] = [vi.fn(), vi.fn()];
  controllers.register("consultant", one);
  controllers.register("consultant", two);
  controllers.run(runner);
  expect([one, two].map((fn) => fn.mock.calls.length)).toEqual([1, 0]);
  expect(console.error).toHaveBeenCalledOnce();
});

test.each([
  [null, vi.fn()],
  [7, vi.fn()],
  ["consultant", null],
  ["consultant", "code"],
])("registerViewController(%j, %j) is refused out loud", (name, fn) => {
  controllers.register(name, fn);
  expect(console.error).toHaveBeenCalledOnce();
});

test("one that throws is reported, stops no other, and whoever watches is told", () => {
  const other = vi.fn();
  controllers.register("consultant", () => {
    throw new Error("a mistake");
  });
  controllers.register("sitephone", other);
  expect(() => controllers.run(runner)).not.toThrow();
  expect(other).toHaveBeenCalledOnce();
  expect(failed).toEqual(["consultant"]);
  expect(console.error).toHaveBeenCalledOnce();
});

test("a script that registers no consultant is told of as well", () => {
  controllers.register("sitephone", () => undefined);
  controllers.run(runner);
  expect(failed).toEqual(["consultant"]);
});

test("a start that took long is reported", () => {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  controllers.register("consultant", () => {
    now += 3000;
  });
  controllers.run(runner);
  expect(vi.mocked(console.error).mock.calls[0]?.[1]).toBe("its start took 3000 ms");
  expect(failed).toEqual([]);
});

test("applyWidgetsOptions: beforeViewControllerRun gives settings and templates, afterViewControllerRun the UI", () => {
  const options = new WidgetsOptions();
  const after = vi.fn();
  options.apply({ VC: { desktop: { js: "a.js" } } });
  options.apply({
    VC: {
      desktop: {
        beforeViewControllerRun: (settings: object, tpls: object) => ({
          settings: { ...settings, more: 1 },
          tpls: { ...tpls, extra: "<b></b>" },
        }),
        afterViewControllerRun: after,
      },
    },
  });
  expect(options.before("consultant", { settings: { own: 1 }, templates: {} })).toEqual({
    settings: { own: 1, more: 1 },
    templates: { extra: "<b></b>" },
  });
  const ui = {};
  options.after("consultant", ui);
  expect(after).toHaveBeenCalledExactlyOnceWith(ui);
});

test("applyWidgetsOptions: a hook that throws or answers nonsense changes nothing", () => {
  const options = new WidgetsOptions();
  for (const beforeViewControllerRun of [() => null, () => ({ settings: 7, tpls: [] }), "no function"]) {
    options.apply({ VC: { desktop: { beforeViewControllerRun } } });
    expect(options.before("consultant", INPUT)).toEqual(INPUT);
  }
  options.apply({
    VC: {
      desktop: {
        beforeViewControllerRun() {
          throw new Error("a mistake");
        },
      },
    },
  });
  expect(options.before("consultant", INPUT)).toEqual(INPUT);
});

test("applyWidgetsOptions: VC stands for a controller's name, and a controller's own hooks come before VC's", () => {
  const options = new WidgetsOptions();
  const named = (by: string) => ({ desktop: { beforeViewControllerRun: () => ({ settings: { by } }) } });
  options.apply({ VC: named("VC"), sitephone: named("sitephone") });
  const by = (name: string): object => options.before(name, INPUT).settings;
  expect([by("consultant"), by("sitephone"), by("call_generator")]).toEqual(
    ["VC", "sitephone", "VC"].map((by) => ({ by })),
  );
});

test("applyWidgetsOptions: a device that is missing falls back to the one that is there, controller by controller", () => {
  const options = new WidgetsOptions();
  options.wanted = "mobile";
  options.apply({
    consultant: { desktop: { js: "c-desktop.js" }, mobile: { js: "c-mobile.js" } },
    sitephone: { desktop: { js: "s-desktop.js" }, tablet: { js: "s-tablet.js" } },
    call_generator: { tablet: { js: "g-tablet.js" } },
  });
  expect(options.entries.map(({ given }) => given["js"])).toEqual([
    "c-mobile.js",
    "s-desktop.js",
    "g-tablet.js",
  ]);
  expect(options.device).toBe("mobile");
});

test("applyWidgetsOptions: of two pages the first one counts for a controller and a device", () => {
  const options = new WidgetsOptions();
  const after = vi.fn();
  const say = (base: string, desktop: object): void => {
    options.base = base;
    options.apply({ consultant: { desktop } });
  };
  say("p/a/index.html?script=0", { js: "a.js" });
  say("p/a/index.html?script=1", { css: "a.css" });
  say("p/b/index.html?script=0", { js: "b.js" });
  say("p/a/a.js", { afterViewControllerRun: after });
  expect(options.entries).toEqual([
    {
      name: "consultant",
      base: "p/a/index.html?script=1",
      given: { js: "a.js", css: "a.css", afterViewControllerRun: after },
    },
  ]);
});

test.each([
  [{ desktop: {}, mobile: {} }, "desktop"],
  [{ tablet: {}, mobile: {} }, "tablet"],
  [{ mobile: {} }, "mobile"],
  [{}, "desktop"],
  [null, "desktop"],
])("applyWidgetsOptions: with %j the form is the one for %s", (VC, device) => {
  const options = new WidgetsOptions();
  options.apply({ VC });
  expect(options.device).toBe(device);
});
