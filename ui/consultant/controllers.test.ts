// §2 and §9 of the consultant API: view controllers, and those that fail.
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Controllers } from "./controllers";
import { WidgetsOptions } from "./options";

const INPUT = { settings: {}, templates: {} };

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
  controllers.run(INPUT);
  controllers.run(INPUT);
  expect(fn.mock.calls).toEqual([[INPUT.settings, INPUT.templates]]);
  expect(failed).toEqual([]);
});

test("one that is registered later runs at once", () => {
  const fn = vi.fn();
  controllers.register("consultant", () => undefined);
  controllers.run(INPUT);
  controllers.register("sitephone", fn);
  expect(fn).toHaveBeenCalledOnce();
});

test("a second registration of the same name replaces nothing and is reported", () => {
  const [one, two] = [vi.fn(), vi.fn()];
  controllers.register("consultant", one);
  controllers.register("consultant", two);
  controllers.run(INPUT);
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
  expect(() => controllers.run(INPUT)).not.toThrow();
  expect(other).toHaveBeenCalledOnce();
  expect(failed).toEqual(["consultant"]);
  expect(console.error).toHaveBeenCalledOnce();
});

test("a script that registers no consultant is told of as well", () => {
  controllers.register("sitephone", () => undefined);
  controllers.run(INPUT);
  expect(failed).toEqual(["consultant"]);
});

test("a start that took long is reported", () => {
  let now = 0;
  vi.spyOn(performance, "now").mockImplementation(() => now);
  controllers.register("consultant", () => {
    now += 3000;
  });
  controllers.run(INPUT);
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
  expect(options.before({ settings: { own: 1 }, templates: {} })).toEqual({
    settings: { own: 1, more: 1 },
    templates: { extra: "<b></b>" },
  });
  const ui = {};
  options.after(ui);
  expect(after).toHaveBeenCalledExactlyOnceWith(ui);
});

test("applyWidgetsOptions: a hook that throws or answers nonsense changes nothing", () => {
  const options = new WidgetsOptions();
  for (const beforeViewControllerRun of [() => null, () => ({ settings: 7, tpls: [] }), "no function"]) {
    options.apply({ VC: { desktop: { beforeViewControllerRun } } });
    expect(options.before(INPUT)).toEqual(INPUT);
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
  expect(options.before(INPUT)).toEqual(INPUT);
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
