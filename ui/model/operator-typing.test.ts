import { describe, expect, it } from "vitest";
import { OperatorTyping } from "./operator-typing";

describe("the operator's typing", () => {
  it("is said at the start, then at most every three seconds", () => {
    const typing = new OperatorTyping();
    expect([0, 1_000, 2_999, 3_000, 3_001].map((now) => typing.changed("text", now))).toEqual([
      true,
      null,
      null,
      true,
      null,
    ]);
  });

  it("is over once: when the text is gone, when nothing was typed for six seconds, when it was sent", () => {
    const typing = new OperatorTyping();
    expect(typing.over()).toBeNull();
    typing.changed("a", 0);
    expect([typing.changed(" ", 10), typing.changed("", 20)]).toEqual([false, null]);
    expect(typing.changed("b", 30)).toBe(true);
    expect([typing.tick(6_029), typing.tick(6_030), typing.tick(9_000)]).toEqual([null, false, null]);
  });
});
