// §3 of the consultant API, promise by promise: `CallGear.storage`.
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { localShelf, siteStorage, type Shelf } from "../storage";

beforeEach(() => {
  localStorage.clear();
  vi.spyOn(console, "error").mockImplementation(() => undefined);
});

afterEach(() => {
  vi.restoreAllMocks();
});

describe("storage", () => {
  test.each([[null], [0], [""], ["text"], [false], [[1, [2]]], [{ a: { b: null } }], ["ключ 😀"]])(
    "[X] §3 storage keeps %j over restarts",
    (value) => {
      siteStorage("a", localShelf()).setItem("k", value);
      expect(siteStorage("a", localShelf()).getItem("k")).toEqual(value);
    },
  );

  test("[X] §3 a missing key is null, and so is one set to undefined", () => {
    const storage = siteStorage("a", localShelf());
    storage.setItem("k", 1);
    storage.setItem("k", undefined);
    expect([storage.getItem("k"), storage.getItem("other"), storage.getItem("toString")]).toEqual([
      null,
      null,
      null,
    ]);
  });

  test("[X] §3 storage is per site", () => {
    siteStorage("a", localShelf()).setItem("k", 1);
    expect(siteStorage("b", localShelf()).getItem("k")).toBeNull();
  });

  test("what is given back is a copy", () => {
    const storage = siteStorage("a", localShelf());
    const value = { list: [1] };
    storage.setItem("k", value);
    (storage.getItem("k") as typeof value).list.push(2);
    value.list.push(3);
    expect(storage.getItem("k")).toEqual({ list: [1] });
  });

  test("where nothing may stay on the computer, it holds for the page and nothing is written", () => {
    const storage = siteStorage("a", null);
    storage.setItem("k", 1);
    expect([storage.getItem("k"), localStorage.length]).toEqual([1, 0]);
    storage.removeItem("k");
    expect(storage.getItem("k")).toBeNull();
  });

  test("never throws: not for a full or broken shelf, and the value holds for the page", () => {
    const broken: Shelf = {
      getItem() {
        throw new Error("broken");
      },
      setItem() {
        throw new Error("full");
      },
      removeItem() {
        throw new Error("broken");
      },
    };
    const storage = siteStorage("a", broken);
    storage.setItem("k", { a: 1 });
    expect(storage.getItem("k")).toEqual({ a: 1 });
    storage.removeItem("k");
    expect(storage.getItem("k")).toBeNull();
  });

  test("never throws: not for what is no JSON, nor for keys of any kind", () => {
    const storage = siteStorage("a", localShelf());
    const circle: Record<string, unknown> = {};
    circle["self"] = circle;
    for (const value of [circle, 1n, () => 1, Symbol("s")]) storage.setItem("k", value);
    for (const key of [null, undefined, {}, Symbol("s"), Object.create(null)]) {
      storage.setItem(key, 1);
      storage.getItem(key);
    }
    expect(storage.getItem("k")).toBeNull();
    localStorage.setItem("callgear/a/k", "{broken");
    expect(storage.getItem("k")).toBeNull();
  });

  test("its reports do not tell what was kept", () => {
    const circle: Record<string, unknown> = { secret: "secret" };
    circle["self"] = circle;
    siteStorage("a", localShelf()).setItem("k", circle);
    expect(JSON.stringify(vi.mocked(console.error).mock.calls)).not.toContain("secret");
    expect(console.error).toHaveBeenCalledOnce();
  });
});
