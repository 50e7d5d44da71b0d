import { describe, expect, it } from "vitest";
import { aRow, ANNA, JULIA } from "./operator-fixtures";
import { initials, neighbour, numbers, sections, shortId, tint, unreadOf, urgency } from "./operator-list";

const rows = [
  aRow("gone", { status: "gone", connected: false, since: 5 }),
  aRow("site-old", { since: 10 }),
  aRow("site-new", { since: 20 }),
  aRow("hers", { status: "in_chat", operator: JULIA, since: 1, unread: 7, name: "Zoë" }),
  aRow("mine-late", { status: "in_chat", operator: ANNA, since: 9, last_date: 1, unread: 1 }),
  aRow("mine-early", { status: "in_chat", operator: ANNA, since: 4, last_date: 0 }),
  aRow("wait-late", { status: "waiting", since: 8, unread: 2, last_text: "Is anybody there?" }),
  aRow("wait-early", { status: "waiting", since: 2 }),
];

const order = (filter = "") =>
  sections(rows, ANNA, filter).map(({ section, rows: part }) => [
    section,
    ...part.map(({ visitor }) => visitor),
  ]);

describe("the list of visitors", () => {
  it("has who waits first, the longest wait at the top, then mine, others', on site, gone", () => {
    expect(order()).toEqual([
      ["waiting", "wait-early", "wait-late"],
      ["mine", "mine-early", "mine-late"],
      ["others", "hers"],
      ["on_site", "site-new", "site-old"],
      ["gone", "gone"],
    ]);
  });

  it("leaves conversations in their places while words come in", () => {
    const busy = rows.map((row) =>
      row.visitor === "mine-late" ? { ...row, last_date: 99, unread: 9 } : row,
    );
    const mine = sections(busy, ANNA, "").find(({ section }) => section === "mine");
    expect(mine?.rows.map(({ visitor }) => visitor)).toEqual(["mine-early", "mine-late"]);
  });

  it("finds by name, words, operator and id, whatever the case", () => {
    expect(order(" ZOË")).toEqual([["others", "hers"]]);
    expect(order("anybody")).toEqual([["waiting", "wait-late"]]);
    expect(order("julia")).toEqual([["others", "hers"]]);
    expect(order("site-o")).toEqual([["on_site", "site-old"]]);
    expect(order("nobody at all")).toEqual([]);
  });

  it("counts who waits, the longest wait and mine", () => {
    expect(numbers(rows, ANNA)).toEqual({ waiting: 2, longestSince: 2, mine: 2 });
    expect(numbers([], ANNA)).toEqual({ waiting: 0, longestSince: null, mine: 0 });
    expect(numbers(rows, null).mine).toBe(0);
  });

  it("counts unread messages, but not those in other operators' chats", () => {
    expect(unreadOf(rows, ANNA)).toBe(3);
  });

  it("lets a waiting time grow from calm over warn to bad", () => {
    expect([0, 59_999, 60_000, 179_999, 180_000].map((waited) => urgency(1_000, 1_000 + waited))).toEqual([
      "calm",
      "calm",
      "warn",
      "warn",
      "bad",
    ]);
    expect(urgency(5_000, 1_000)).toBe("calm");
  });

  it("moves by arrow keys and stops at the ends", () => {
    const ids = ["a", "b", "c"];
    expect([neighbour(ids, "a", 1), neighbour(ids, "c", 1), neighbour(ids, "a", -1)]).toEqual([
      "b",
      "c",
      "a",
    ]);
    expect([neighbour(ids, null, 1), neighbour(ids, "left", -1), neighbour([], null, 1)]).toEqual([
      "a",
      "c",
      null,
    ]);
  });

  it("makes initials of any script and short ids of any id", () => {
    expect(["maria lindgren", "Bob", " Анна  де Вебер ", "🎄 Ёлка", ""].map(initials)).toEqual([
      "ML",
      "B",
      "АВ",
      "🎄Ё",
      "",
    ]);
    expect(shortId("AB-12F09d")).toBe("ab12");
  });

  it("gives a visitor the same tint every day", () => {
    expect(tint("ab12")).toBe(tint("ab12"));
    for (let index = 0; index < 100; index += 1) expect(tint(`visitor-${String(index)}`)).toBeLessThan(6);
  });
});
