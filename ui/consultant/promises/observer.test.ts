// §3 of the consultant API, promise by promise: `createObserver`.
import { beforeEach, describe, expect, test } from "vitest";
import { Board } from "../observer";
import { useBench } from "../widget-fixtures";

useBench();

let board: Board;
let heard: unknown[];

beforeEach(() => {
  board = new Board();
  heard = [];
});

const note = (state: unknown): void => void heard.push(state);

describe("createObserver(reducer)", () => {
  test("[X] §3 gives one page-wide observer: who subscribes by one hears what another publishes", () => {
    const one = board.createObserver(() => ({ a: 1 }));
    const two = board.createObserver(() => ({ b: 2 }));
    two.sub(note);
    one.pub("x");
    expect(heard).toEqual([{ a: 1, b: 2 }]);
  });

  test("[X] §3 pub runs every registered reducer with the action", () => {
    const actions: unknown[] = [];
    for (const name of ["one", "two"]) {
      board.createObserver((action: unknown) => void actions.push([name, action]));
    }
    board.createObserver(() => null).pub("rack");
    expect(actions).toEqual([
      ["one", "rack"],
      ["two", "rack"],
    ]);
  });

  test("[X] §3 pub merges the results into one plain object: a later reducer wins", () => {
    board.createObserver(() => ({ rack: true, label: false }));
    const observer = board.createObserver(() => ({ label: true, call: false }));
    observer.sub(note);
    observer.pub("rack");
    expect(heard).toEqual([{ rack: true, label: true, call: false }]);
    expect(Object.getPrototypeOf(heard[0])).toBe(Object.prototype);
  });

  test("[X] §3 the merged object's keys stand in the reducers' order", () => {
    board.createObserver(() => ({ z: 1, label: 1 }));
    const observer = board.createObserver(() => ({ a: 1, z: 2 }));
    observer.sub((state: object) => note(Object.keys(state)));
    observer.pub("rack");
    expect(heard).toEqual([["z", "label", "a"]]);
  });

  test("[X] §3 pub calls every subscriber, synchronously, in their order", () => {
    const observer = board.createObserver((action: unknown) => ({ action }));
    for (const name of ["one", "two"]) observer.sub(() => note(name));
    observer.pub("x");
    note("after");
    expect(heard).toEqual(["one", "two", "after"]);
  });

  test("[X] §3 pub may nest", () => {
    const observer = board.createObserver((action: string) => ({ action }));
    observer.sub(({ action }: { action: string }) => {
      if (action === "outer") observer.pub("inner");
      note(action);
    });
    observer.sub(({ action }: { action: string }) => note(`last ${action}`));
    observer.pub("outer");
    expect(heard).toEqual(["inner", "last inner", "outer", "last outer"]);
  });

  test("[X] §3 sub does not call back at once", () => {
    const observer = board.createObserver(() => ({}));
    observer.pub("before");
    observer.sub(note);
    expect(heard).toEqual([]);
  });

  test("[X] §1 a reducer and a subscriber that throw are logged and stop nobody", () => {
    const mistake = (): never => {
      throw new Error("a mistake");
    };
    board.createObserver(mistake);
    const observer = board.createObserver(() => ({ a: 1 }));
    observer.sub(mistake);
    observer.sub(note);
    observer.pub("x");
    expect(heard).toEqual([{ a: 1 }]);
    expect(console.error).toHaveBeenCalledTimes(2);
  });

  test("what a subscriber writes into the state reaches no other", () => {
    const observer = board.createObserver(() => ({ a: 1 }));
    observer.sub((state: Record<string, unknown>) => (state["a"] = 2));
    observer.sub(note);
    observer.pub("x");
    expect(heard).toEqual([{ a: 1 }]);
  });
});
