import { describe, expect, it } from "vitest";
import { aLine, ANNA, JULIA, ownLine } from "./operator-fixtures";
import { logItems, type WordsItem } from "./operator-log";

const NOON = new Date(2025, 4, 12, 12, 0, 0).getTime();
const MINUTE = 60_000;
const none = { delivered: 0, read: 0 };
const at = (seq: number, offset: number) => aLine(seq, { date: NOON + offset });
const words = (items: ReturnType<typeof logItems>) =>
  items.filter((item): item is WordsItem => item.type === "words");

describe("the log", () => {
  it("puts a separator before each day's first line", () => {
    const items = logItems([at(1, -24 * 60 * MINUTE), at(2, 0), at(3, 1)], none, ANNA);
    expect(items.map(({ type }) => type)).toEqual(["day", "words", "day", "words", "words"]);
  });

  it("groups by author and minute", () => {
    const items = words(
      logItems(
        [
          at(1, 0),
          at(2, 10_000),
          at(3, MINUTE),
          aLine(4, { date: NOON + MINUTE + 1, sender: "operator", operator: JULIA }),
          ownLine("w1", 5, { date: NOON + MINUTE + 2 }),
        ],
        none,
        ANNA,
      ),
    );
    expect(items.map(({ first, last }) => [first, last])).toEqual([
      [true, false],
      [false, true],
      [true, true],
      [true, true],
      [true, true],
    ]);
    expect(items.map(({ side }) => side)).toEqual(["visitor", "visitor", "visitor", "colleague", "own"]);
  });

  it("a system line parts a group and is no bubble", () => {
    const joined = aLine(2, { kind: "joined", sender: "system", operator: ANNA, date: NOON });
    const items = logItems([at(1, 0), joined, at(3, 1)], none, ANNA);
    expect(items.map(({ type }) => type)).toEqual(["day", "words", "system", "words"]);
    expect(words(items).map(({ first, last }) => first && last)).toEqual([true, true]);
  });

  it("what the operator wrote on another device is the operator's own", () => {
    const [item] = words(
      logItems([aLine(1, { sender: "operator", operator: ANNA })], { delivered: 1, read: 0 }, ANNA),
    );
    expect(item).toMatchObject({ side: "own", status: "delivered" });
  });

  it("draws a status at a group's end and where the next line has another, never on the visitor's words", () => {
    const mine = [1, 2, 3].map((seq) => ownLine(`w${String(seq)}`, seq, { date: NOON + seq }));
    const items = words(logItems([...mine, at(4, 5)], { delivered: 2, read: 1 }, ANNA));
    expect(items.map(({ status, statusShown }) => [status, statusShown])).toEqual([
      ["read", true],
      ["delivered", true],
      ["sent", true],
      [null, false],
    ]);
    const even = words(logItems(mine, { delivered: 3, read: 3 }, ANNA));
    expect(even.map(({ statusShown }) => statusShown)).toEqual([false, false, true]);
  });
});
